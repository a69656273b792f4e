"""`EPOCHSCOPE_MAX_SECONDS` holds for all the time a run trains, whatever interrupts it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from core import data
from core.experiment import Experiment
from core.jobs import work
from core.records import EpochRecord, RunRecord, Status

LIMIT_S = 60
EPOCHS = 3
EXPERIMENT = Experiment.model_validate(
    {"data": {"dataset": "moons", "training_samples": 100}, "training": {"epochs": EPOCHS}}
)


class Clock:
    """The worker's clock: it goes on only when it is told to, or by `step_s` at each look."""

    def __init__(self) -> None:
        self.now_s, self.step_s = 1000.0, 0.0

    def monotonic(self) -> float:
        self.now_s += self.step_s
        return self.now_s


@pytest.fixture(autouse=True)
def clock(monkeypatch) -> Clock:
    monkeypatch.setattr(work, "_send", lambda events: None)  # there is no Dask worker to send them
    monkeypatch.setenv("EPOCHSCOPE_MAX_SECONDS", str(LIMIT_S))
    found = Clock()
    monkeypatch.setattr(work, "time", SimpleNamespace(monotonic=found.monotonic))
    return found


@pytest.fixture
def trained(store, places) -> Callable[[str], RunRecord]:
    """Has a worker take a queued run up; what became of it."""

    def train(run_id: str) -> RunRecord:
        work.run_job(run_id, places)
        return store.get(run_id)

    return train


@pytest.fixture
def lasted(tmp_path) -> Callable[[str, float], None]:
    """Has the epochs of a run taken so many seconds each."""

    def write(run_id: str, duration_s: float) -> None:
        with sqlite3.connect(tmp_path / "runs.sqlite3") as database:
            database.execute(
                "UPDATE epochs SET duration_s = ? WHERE run_id = ?", (duration_s, run_id)
            )
        database.close()

    return write


def paused(store, trained) -> str:
    """A run that was laid down after its first epoch."""
    run = store.create(EXPERIMENT)
    store.pause(run.id)
    store.resume(run.id, step=True)
    assert trained(run.id).status is Status.PAUSED
    return run.id


def lost(store, trained) -> str:
    """A run whose worker was lost after its first epoch."""
    run = store.create(EXPERIMENT)
    store.claim(run.id).add_epoch(EpochRecord(0, {"loss": 1.0}, 0.0, 0.001))
    assert store.restart(run.id, most=3)
    return run.id


def assert_stopped_for_time(run: RunRecord) -> None:
    assert run.status is Status.STOPPED
    assert f"Stopped after {LIMIT_S} s, the most a run may take here" in run.reason


def test_worker_stops_a_run_whose_time_is_up(store, trained, clock):
    clock.step_s = LIMIT_S + 1
    assert_stopped_for_time(trained(store.create(EXPERIMENT).id))


def test_worker_lets_a_run_finish_that_keeps_to_its_time(store, trained):
    assert trained(store.create(EXPERIMENT).id).status is Status.FINISHED


def test_time_before_a_pause_counts(store, trained, lasted):
    run_id = paused(store, trained)
    lasted(run_id, LIMIT_S + 1)
    store.resume(run_id)
    run = trained(run_id)
    assert_stopped_for_time(run)
    assert run.epochs_done == 1


def test_time_before_the_last_of_several_steps_counts(store, trained, lasted):
    run_id = paused(store, trained)
    store.resume(run_id, step=True)
    assert trained(run_id).status is Status.PAUSED
    lasted(run_id, LIMIT_S / 2 + 1)
    store.resume(run_id, step=True)
    assert_stopped_for_time(trained(run_id))


def test_time_before_a_worker_was_lost_counts(store, trained, lasted):
    run_id = lost(store, trained)
    lasted(run_id, LIMIT_S + 1)
    assert_stopped_for_time(trained(run_id))


@pytest.mark.parametrize("interrupted", [paused, lost])
def test_time_left_after_an_interruption_can_be_used(store, trained, lasted, interrupted):
    run_id = interrupted(store, trained)
    lasted(run_id, LIMIT_S - 1)
    store.resume(run_id)
    assert trained(run_id).status is Status.FINISHED


def test_pause_itself_does_not_count(store, trained, clock):
    run_id = paused(store, trained)
    clock.now_s += 100 * LIMIT_S
    store.resume(run_id)
    assert trained(run_id).status is Status.FINISHED


def test_epochs_of_the_run_it_goes_on_from_do_not_count(store, trained, lasted):
    parent = trained(store.create(EXPERIMENT).id)
    lasted(parent.id, 100 * LIMIT_S)
    settings = EXPERIMENT.model_dump()
    settings["training"]["epochs"] = EPOCHS + 1
    child = store.continue_from(parent.id, Experiment.model_validate(settings))
    assert trained(child.id).status is Status.FINISHED


def test_download_does_not_count(store, trained, clock, monkeypatch):
    def fetch(_name: str, on_download) -> None:
        clock.now_s += 100 * LIMIT_S
        on_download(data.DownloadProgress("a.npz", 1, 1, 4_000_000, 8_000_000))

    monkeypatch.setattr(data, "fetch", fetch)
    assert trained(store.create(EXPERIMENT).id).status is Status.FINISHED
