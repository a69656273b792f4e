"""A worker killed at any moment: the run goes on, and ends with the bits of one left in peace."""

from __future__ import annotations

import io
import multiprocessing
import os
import random
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np
import pytest

from core.experiment import Experiment
from core.jobs import PREDICTIONS
from core.records import LAST_WEIGHTS, Status
from core.runs import Artifacts, RunStore

LIMIT_S = 300
# Everything that remembers or draws: dropout, augmentation, batch normalization, an optimizer with
# state, callbacks.
EXPERIMENT = Experiment.model_validate(
    {
        "data": {
            "dataset": "digits",
            "training_samples": 400,
            "augmentation": {"flip": "horizontal", "rotation": 0.1, "contrast": 0.2},
        },
        "model": {"kind": "mlp", "units": 16, "dropout": 0.3, "batch_normalization": True},
        "training": {"epochs": 60, "optimizer": "adam"},
        "callbacks": {
            "early_stopping": {"monitor": "val_loss", "patience": 40},
            "plateau": {"monitor": "val_loss", "patience": 3},
            "checkpoint": {"monitor": "val_loss", "best_only": True},
            "csv": True,
        },
    }
)
DIVERGING = Experiment.model_validate(
    {
        "data": {"dataset": "diabetes"},
        "model": {"kind": "mlp", "units": 16},
        "training": {"epochs": 60, "optimizer": "sgd", "learning_rate": 100.0},
    }
)
# What a worker calls on its way, and the call at which it is killed, before it or after it.
MOMENTS = {
    "as it claims the run": ("core.runs.store", "RunStore.claim", 1, "after"),
    "loading the data": ("core.data", "fetch", 1, "before"),
    "building the network": ("core.training.programs", "Programs.take", 1, "after"),
    "tracing": ("core.training.program", "Program._train", 1, "after"),
    "within the first epoch": ("core.training.program", "Program._test", 1, "before"),
    "before an epoch is committed": ("core.runs.lease", "Lease.add_epoch", 9, "before"),
    "after an epoch is committed": ("core.runs.lease", "Lease.add_epoch", 9, "after"),
    "before a checkpoint is written": ("core.runs.artifacts", "Artifacts.save", 2, "before"),
    "between a checkpoint and its record": ("core.runs.artifacts", "Artifacts.save", 2, "after"),
    "as an old checkpoint is deleted": ("core.runs.artifacts", "Artifacts.remove", 1, "before"),
    "before the test": ("core.training.train", "_tested", 1, "before"),
    "between test and results": ("core.jobs.work", "keep_results", 1, "before"),
    "between results and files": ("core.jobs.work", "keep_results", 1, "after"),
    "before the end is stored": ("core.runs.lease", "Lease.settle", 1, "before"),
}


@dataclass
class Place:
    """A store and artifacts, and workers of one run each that may be killed."""

    folder: Path

    def __post_init__(self) -> None:
        self.urls = f"sqlite:///{self.folder / 'runs.sqlite3'}", f"file://{self.folder / 'files'}"
        self.store, self.artifacts = RunStore(self.urls[0]), Artifacts(self.urls[1])

    def work(self, run_id: str, moment: str | None = None, within_s: float = LIMIT_S) -> int | None:
        """Run a worker; how it ended, or None if it was killed after `within_s` seconds."""
        worker = _workers().Process(target=_work, args=(run_id, *self.urls, moment))
        worker.start()
        worker.join(within_s)
        if worker.exitcode is None:
            worker.kill()
            worker.join()
            return None
        return worker.exitcode

    def outcome(self, run_id: str) -> dict[str, object]:
        """All a run leaves behind, but its times."""
        run, epochs = self.store.get(run_id), self.store.epochs(run_id)
        outputs = self.artifacts.load(run_id, PREDICTIONS)["outputs"]
        return {
            "status": run.status,
            "epochs": [(epoch.epoch, dict(epoch.metrics), epoch.learning_rate) for epoch in epochs],
            "evaluation": dict(run.evaluation),
            "outputs": outputs.tobytes(),
            "weights": _weights(self.artifacts.read_file(run_id, LAST_WEIGHTS)),
            "csv": self.artifacts.read_file(run_id, "epochs.csv"),
        }


def _workers():
    """Processes that are forked from one that has TensorFlow imported, and nothing more."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["core.training"])
    return context


def _work(run_id: str, database_url: str, artifacts_url: str, moment: str | None) -> None:
    from core.jobs import work
    from core.jobs.workplace import Places

    work._send = lambda events: None  # there is no Dask worker to send them
    if moment:
        _die_at(*MOMENTS[moment])
    work.run_job(run_id, Places(database_url, artifacts_url))


def _die_at(module: str, path: str, call: int, when: str) -> None:
    """Kill this process at a call of the function `path` in `module`."""
    owner = __import__(module, fromlist=["_"])
    *classes, name = path.split(".")
    for part in classes:
        owner = getattr(owner, part)
    original, calls = getattr(owner, name), []

    def dying(*args, **kwargs):
        calls.append(1)
        last = len(calls) == call
        if last and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(*args, **kwargs)
        if last:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, dying)


def _weights(content: bytes) -> dict[str, bytes]:
    found: dict[str, bytes] = {}

    def add(name: str, item: object) -> None:
        if isinstance(item, h5py.Dataset):
            found[name] = np.asarray(item).tobytes()

    with h5py.File(io.BytesIO(content)) as file:
        file.visititems(add)
    return found


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Place:
    return Place(tmp_path_factory.mktemp("crashes"))


@pytest.fixture(scope="module")
def undisturbed(place) -> dict[str, object]:
    run_id = place.store.create(EXPERIMENT).id
    assert place.work(run_id) == 0
    return place.outcome(run_id)


def killed_until(place: Place, run_id: str, kill: Callable[[int], int | None]) -> int:
    """Have workers killed by `kill(attempt)` until one survives; how many were killed."""
    for attempt in range(100):
        if kill(attempt) == 0:
            return attempt
        if place.store.get(run_id).status.final:
            return attempt
        place.store.restart(run_id, most=100)
    raise AssertionError("the run does not end")


@pytest.mark.parametrize("moment", MOMENTS)
def test_run_whose_worker_is_killed_ends_as_if_left_in_peace(place, undisturbed, moment):
    run_id = place.store.create(EXPERIMENT).id
    assert place.work(run_id, moment) == -signal.SIGKILL
    assert place.store.restart(run_id, most=1)
    assert place.work(run_id) == 0
    assert place.outcome(run_id) == undisturbed


@pytest.mark.parametrize("seed", range(4))
def test_run_whose_workers_are_killed_at_random_ends_as_if_left_in_peace(place, undisturbed, seed):
    moments = random.Random(seed)
    run_id = place.store.create(EXPERIMENT).id

    def kill(attempt: int) -> int | None:
        return place.work(run_id, within_s=moments.uniform(0.2, 1.5 + 0.3 * attempt))

    assert killed_until(place, run_id, kill) >= 2
    assert place.outcome(run_id) == undisturbed


def test_run_that_diverged_is_called_so_though_its_worker_is_killed(place):
    undisturbed, run_id = (place.store.create(DIVERGING).id for _ in range(2))
    assert place.work(undisturbed) == 0
    assert place.work(run_id, "between test and results") == -signal.SIGKILL
    assert place.store.get(run_id).checkpoint
    assert place.store.restart(run_id, most=1)
    assert place.work(run_id) == 0
    run, expected = place.store.get(run_id), place.store.get(undisturbed)
    assert run.status is Status.FAILED
    assert "training diverged" in run.reason
    assert (run.reason, run.evaluation) == (expected.reason, expected.evaluation)
    assert not list((place.folder / "files").rglob("checkpoint-*"))


def test_undisturbed_run_has_every_epoch_once(undisturbed):
    assert undisturbed["status"] is Status.FINISHED
    epochs = [epoch for epoch, _, _ in undisturbed["epochs"]]
    assert epochs == list(range(len(epochs)))
    assert len(epochs) > 10


def test_checkpoints_are_gone_when_a_run_has_ended(place, undisturbed):
    assert not list((place.folder / "files").rglob("checkpoint-*"))
