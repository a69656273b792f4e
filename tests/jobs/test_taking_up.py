"""A run that is taken up: outages are waited for, and a pause or a stop is heard meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core import data, training
from core.errors import StoreUnavailable
from core.experiment import Experiment
from core.jobs import patience, work
from core.jobs.afterwards import end_job
from core.jobs.workplace import Places
from core.records import RunRecord, Status
from core.runs import Artifacts, RunStore
from core.training.loops import compiled
from core.training.programs import Programs

EXPERIMENT = Experiment.model_validate(
    {
        "data": {"dataset": "moons", "training_samples": 100},
        "training": {"epochs": 3},
        "callbacks": {"tensorboard": True},
    }
)


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(work, "_send", lambda events: None)
    monkeypatch.setattr(patience, "FIRST_S", 0.001)
    monkeypatch.setattr("core.training.callbacks.stopping.INTERVAL_S", 0.0)


@pytest.fixture
def paused(store, places) -> RunRecord:
    """A run of which one epoch is trained."""
    run = store.create(EXPERIMENT)
    store.pause(run.id)
    store.resume(run.id, step=True)
    work.run_job(run.id, places)
    return store.get(run.id)


@pytest.fixture
def away(monkeypatch) -> Callable[..., list[int]]:
    """Has a method fail twice as if its store were away, and calls `then` as it fails again.

    With `of`, only where it is asked about that run.
    """

    def begin(
        owner: type, name: str, then: Callable[[], object] = lambda: None, of: str | None = None
    ) -> list[int]:
        original, failures = getattr(owner, name), []

        def failing(*args, **kwargs):
            if len(failures) < 2 and of in (None, args[1]):
                failures.append(1)
                if len(failures) == 2:
                    then()
                raise StoreUnavailable("The store is away.")
            return original(*args, **kwargs)

        monkeypatch.setattr(owner, name, failing)
        return failures

    return begin


def gone_on(store: RunStore, places: Places, run: RunRecord) -> RunRecord:
    store.resume(run.id)
    work.run_job(run.id, places)
    return store.get(run.id)


OUTAGES = {
    "the run": (RunStore, "get"),
    "its epochs": (RunStore, "epochs"),
    "its checkpoint": (Artifacts, "load"),
    "its files": (Artifacts, "has_file"),
}


@pytest.mark.parametrize("what", OUTAGES)
def test_run_waits_for_what_it_goes_on_from(paused, store, places, away, trained_epochs, what):
    store.resume(paused.id)
    failures = away(*OUTAGES[what])
    work.run_job(paused.id, places)
    assert len(failures) == 2
    assert store.get(paused.id).status is Status.FINISHED
    assert trained_epochs == [1, 2]


@pytest.mark.parametrize("outage", [(RunStore, "get"), (Artifacts, "load"), (Artifacts, "files")])
def test_run_waits_for_the_one_it_goes_on_from(store, places, away, trained_epochs, outage):
    first = store.create(EXPERIMENT)
    work.run_job(first.id, places)
    longer = EXPERIMENT.training.model_copy(update={"epochs": 4})
    run = store.continue_from(first.id, EXPERIMENT.model_copy(update={"training": longer}))
    trained_epochs.clear()
    away(*outage, of=first.id)
    work.run_job(run.id, places)
    found = store.get(run.id)
    assert (found.status, found.reason, trained_epochs) == (Status.FINISHED, "", [3])


@pytest.mark.parametrize("content", [b"", b"no arrays", None])
def test_run_whose_checkpoint_is_lost_begins_anew(
    paused, store, places, tmp_path, trained_epochs, content
):
    [file] = tmp_path.rglob(f"{paused.checkpoint}.npz")
    file.unlink() if content is None else file.write_bytes(content)
    assert gone_on(store, places, paused).status is Status.FINISHED
    assert trained_epochs == [0, 1, 2]


@pytest.mark.parametrize(
    "outage", [(Artifacts, "load"), (Artifacts, "save"), (Artifacts, "remove")]
)
def test_test_of_a_run_stopped_while_paused_waits(paused, store, places, artifacts, away, outage):
    store.request_stop(paused.id)
    away(*outage)
    end_job(paused.id, places)
    assert store.get(paused.id).evaluation
    assert not artifacts.has(paused.id, paused.checkpoint)


def test_run_that_waits_for_its_checkpoint_can_be_paused(
    paused, store, places, away, trained_epochs
):
    away(Artifacts, "load", lambda: store.pause(paused.id))
    found = gone_on(store, places, paused)
    assert (found.status, found.checkpoint, trained_epochs) == (
        Status.PAUSED,
        paused.checkpoint,
        [],
    )


def test_run_that_waits_for_its_checkpoint_can_be_stopped_and_is_tested(
    paused, store, places, away, trained_epochs
):
    away(Artifacts, "load", lambda: store.request_stop(paused.id))
    found = gone_on(store, places, paused)
    assert (found.status, found.reason, trained_epochs) == (Status.STOPPED, "", [])
    assert found.evaluation


def asked_at(monkeypatch, owner, name: str, ask: Callable[[], object]) -> None:
    """Have `ask` called as a function returns."""
    original = getattr(owner, name)

    def asking(*args, **kwargs):
        result = original(*args, **kwargs)
        ask()
        return result

    monkeypatch.setattr(owner, name, asking)


MOMENTS = {
    "as its data arrive": (data, "fetch"),
    "as its data are loaded": (training, "prepare"),
    "as its network is built": (Programs, "take"),
}


@pytest.fixture
def not_begun(monkeypatch) -> None:
    """No batch is trained, nor anything traced for it."""
    monkeypatch.setattr(compiled._Compiled, "train", lambda *_: pytest.fail("training began"))


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.usefixtures("not_begun")
def test_pause_is_heard_before_training(store, places, monkeypatch, moment):
    run = store.create(EXPERIMENT)
    asked_at(monkeypatch, *MOMENTS[moment], lambda: store.pause(run.id))
    work.run_job(run.id, places)
    found = store.get(run.id)
    assert (found.status, found.epochs_done) == (Status.PAUSED, 0)


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.usefixtures("not_begun")
def test_stop_is_heard_before_training(store, places, monkeypatch, moment):
    run = store.create(EXPERIMENT)
    asked_at(monkeypatch, *MOMENTS[moment], lambda: store.request_stop(run.id))
    work.run_job(run.id, places)
    assert store.get(run.id).status is Status.STOPPED


@pytest.mark.parametrize(("owner", "name"), [(data, "fetch"), (training, "prepare")])
def test_network_of_a_run_that_was_stopped_is_not_built(store, places, monkeypatch, owner, name):
    run = store.create(EXPERIMENT)
    asked_at(monkeypatch, owner, name, lambda: store.request_stop(run.id))
    monkeypatch.setattr(Programs, "take", lambda *_: pytest.fail("it was built"))
    work.run_job(run.id, places)
    assert store.get(run.id).reason == "Stopped before it began."
