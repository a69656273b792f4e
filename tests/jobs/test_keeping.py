"""Where results and files are kept: waited for, left for a pause or a stop, written whole."""

from __future__ import annotations

import errno
from collections.abc import Callable
from tempfile import TemporaryDirectory

import keras
import pytest

from core import training
from core.errors import StoreUnavailable
from core.experiment import Experiment
from core.jobs import afterwards, news, patience, work
from core.jobs.afterwards import end_job
from core.jobs.commits import Commits
from core.jobs.results import PREDICTIONS, KeptFiles
from core.records import LAST_WEIGHTS, RunRecord, Status

CSV = "epochs.csv"
EXPERIMENT = Experiment.model_validate(
    {
        "data": {"dataset": "moons", "training_samples": 100},
        "training": {"epochs": 3},
        "callbacks": {"csv": True},
    }
)
AWAY = StoreUnavailable("The place is away.")
FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(work, "_send", lambda events: None)
    monkeypatch.setattr(patience, "FIRST_S", 0.001)
    monkeypatch.setattr(patience, "LONGEST_S", 0.01)


@pytest.fixture
def run(store) -> RunRecord:
    return store.create(EXPERIMENT)


@pytest.fixture
def failing(monkeypatch) -> Callable[..., list[int]]:
    """Has a function raise an error some times, and calls `then` at the second."""

    def begin(
        owner: object,
        name: str,
        error: Exception,
        times: int = 2,
        then: Callable[[], object] = lambda: None,
    ) -> list[int]:
        original, failures = getattr(owner, name), []

        def fail(*args, **kwargs):
            if len(failures) < times:
                failures.append(1)
                if len(failures) == 2:
                    then()
                raise error
            return original(*args, **kwargs)

        monkeypatch.setattr(owner, name, fail)
        return failures

    return begin


def test_stop_ends_a_run_that_waits_to_keep_its_results(
    store, places, artifacts, run, failing, monkeypatch
):
    monkeypatch.setattr(work, "STOP_PATIENCE_S", 0.0)
    failing(work, "keep_results", AWAY, 1_000, lambda: store.request_stop(run.id))
    work.run_job(run.id, places)
    found = store.get(run.id)
    assert found.status is Status.STOPPED
    assert found.reason.startswith("Stopped before its model and results could be kept.")
    assert str(AWAY) in found.reason
    assert found.evaluation
    assert not artifacts.has_file(run.id, LAST_WEIGHTS)


def test_results_of_a_stopped_run_are_kept_when_their_place_is_back_soon(
    store, places, artifacts, run, failing
):
    failing(work, "keep_results", AWAY, 4, lambda: store.request_stop(run.id))
    work.run_job(run.id, places)
    assert store.get(run.id).reason == ""
    assert artifacts.has_file(run.id, LAST_WEIGHTS)


def test_pause_lays_down_a_run_that_waits_to_keep_its_results(
    store, places, artifacts, run, failing, trained_epochs
):
    failing(work, "keep_results", AWAY, 2, lambda: store.pause(run.id))
    work.run_job(run.id, places)
    found = store.get(run.id)
    assert (found.status, found.epochs_done) == (Status.PAUSED, 3)
    store.resume(run.id)
    work.run_job(run.id, places)
    assert store.get(run.id).status is Status.FINISHED
    assert trained_epochs == [0, 1, 2]
    assert artifacts.has(run.id, PREDICTIONS)


def test_run_whose_files_find_no_room_goes_on_when_there_is(
    store, places, artifacts, run, failing, trained_epochs
):
    undisturbed = store.create(EXPERIMENT)
    work.run_job(undisturbed.id, places)
    trained_epochs.clear()
    failures = failing(keras.callbacks.CSVLogger, "on_epoch_end", FULL)
    work.run_job(run.id, places)
    found = store.get(run.id)
    assert len(failures) == 2
    assert (found.status, found.reason) == (Status.FINISHED, "")
    assert trained_epochs == [0, 1, 2]
    assert found.evaluation == store.get(undisturbed.id).evaluation
    contents = {artifacts.read_file(each, CSV) for each in (run.id, undisturbed.id)}
    assert len(contents) == 1


def test_run_that_found_room_for_some_epochs_goes_on_after_them(
    store, places, run, monkeypatch, trained_epochs
):
    write, failures = keras.callbacks.CSVLogger.on_epoch_end, []

    def fail_at_the_third(logger, epoch, logs=None):
        if epoch == 2 and len(failures) < 2:
            failures.append(1)
            raise FULL
        write(logger, epoch, logs)

    monkeypatch.setattr(keras.callbacks.CSVLogger, "on_epoch_end", fail_at_the_third)
    monkeypatch.setattr(Commits, "_due", lambda self: True)
    work.run_job(run.id, places)
    assert store.get(run.id).status is Status.FINISHED
    assert trained_epochs == [0, 1, 2]


def test_model_that_finds_no_room_is_waited_for(
    store, places, artifacts, run, failing, trained_epochs
):
    failures = failing(training, "save_model", FULL)
    work.run_job(run.id, places)
    assert len(failures) == 2
    assert store.get(run.id).status is Status.FINISHED
    assert trained_epochs == [0, 1, 2]
    assert artifacts.has_file(run.id, LAST_WEIGHTS)


def test_run_that_waits_for_room_can_be_stopped(store, places, run, failing):
    failing(keras.callbacks.CSVLogger, "on_epoch_end", FULL, 9, lambda: store.request_stop(run.id))
    work.run_job(run.id, places)
    found = store.get(run.id)
    assert found.status is Status.STOPPED
    assert "cannot write its files: No space left on device" in found.reason


def test_run_that_waits_for_room_can_be_paused(store, places, run, failing):
    failing(keras.callbacks.CSVLogger, "on_epoch_end", FULL, 9, lambda: store.pause(run.id))
    work.run_job(run.id, places)
    assert store.get(run.id).status is Status.PAUSED


def test_other_errors_of_files_are_not_waited_out(places, run, failing):
    refused = PermissionError(errno.EACCES, "Permission denied")
    failing(keras.callbacks.CSVLogger, "on_epoch_end", refused)
    with pytest.raises(PermissionError):
        work.run_job(run.id, places)


def test_files_that_find_no_room_to_be_packed_are_left_for_later(artifacts, tmp_path, monkeypatch):
    def full(*_):
        raise FULL

    monkeypatch.setattr(training, "written_by_callbacks", full)
    with pytest.raises(StoreUnavailable, match="No space left"):
        KeptFiles("run", EXPERIMENT, artifacts, tmp_path).keep()


def test_test_of_a_run_stopped_while_paused_waits_for_room(store, places, run, monkeypatch):
    store.pause(run.id)
    store.resume(run.id, step=True)
    work.run_job(run.id, places)
    store.request_stop(run.id)
    refused = [FULL, FULL]

    def folder(**kwargs):
        if refused:
            raise refused.pop()
        return TemporaryDirectory(**kwargs)

    monkeypatch.setattr(afterwards, "TemporaryDirectory", folder)
    end_job(run.id, places)
    assert store.get(run.id).evaluation


def test_files_a_late_worker_wrote_are_written_anew_at_the_end(
    store, places, artifacts, run, tmp_path, monkeypatch
):
    late = tmp_path / "late.csv"
    late.write_text("epoch,loss", encoding="utf-8")
    keep = work.keep_results

    def keep_and_be_late(run_id, *args):
        keep(run_id, *args)
        artifacts.save_file(run_id, CSV, late)

    monkeypatch.setattr(Commits, "_due", lambda self: True)  # the last state is stored already
    monkeypatch.setattr(work, "keep_results", keep_and_be_late)
    work.run_job(run.id, places)
    assert len(artifacts.read_file(run.id, CSV).splitlines()) == 4


def test_epoch_is_committed_before_it_is_told(store, places, run, monkeypatch):
    told: list[int] = []

    def send(events):
        epochs = [event["epoch"] for event in events if event["kind"] == "EpochRecord"]
        assert set(epochs) <= {epoch.epoch for epoch in store.epochs(run.id)}
        told.extend(epochs)

    monkeypatch.setattr(news, "INTERVAL_S", 0.0)  # each is sent at once
    monkeypatch.setattr(work, "_send", send)
    work.run_job(run.id, places)
    assert told == [0, 1, 2]
