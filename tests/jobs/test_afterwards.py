"""What is left of runs that were paused, once they are over."""

from __future__ import annotations

import pytest

from core.experiment import Experiment
from core.jobs import work
from core.jobs.afterwards import end_job
from core.jobs.commits import Commits
from core.jobs.results import PREDICTIONS
from core.records import RunRecord, Status

EXPERIMENT = Experiment.model_validate(
    {"data": {"dataset": "moons", "training_samples": 100}, "training": {"epochs": 3}}
)


@pytest.fixture(autouse=True)
def _no_news(monkeypatch):
    monkeypatch.setattr(work, "_send", lambda events: None)  # there is no Dask worker to send them


@pytest.fixture
def paused(store, places) -> RunRecord:
    """A run of which one epoch is trained."""
    run = store.create(EXPERIMENT)
    store.pause(run.id)
    return trained(store, places, run, one_epoch=True)


def trained(store, places, run, *, one_epoch: bool) -> RunRecord:
    store.resume(run.id, step=one_epoch)
    work.run_job(run.id, places)
    return store.get(run.id)


@pytest.fixture
def paused_within_an_epoch(store, places, monkeypatch) -> RunRecord:
    """A run that was asked to pause after its second epoch, and noticed in the third."""
    monkeypatch.setattr("core.training.callbacks.stopping.INTERVAL_S", 0.0)
    monkeypatch.setattr(Commits, "_due", lambda self: False)  # as of epochs of milliseconds
    add, run = Commits.add, store.create(EXPERIMENT)

    def add_and_pause(commits, epoch, take):
        add(commits, epoch, take)
        if epoch.epoch == 1:
            store.pause(run.id)

    monkeypatch.setattr(Commits, "add", add_and_pause)
    work.run_job(run.id, places)
    return store.get(run.id)


def test_run_goes_on_after_the_last_epoch_before_its_pause(
    paused_within_an_epoch, store, places, monkeypatch
):
    assert paused_within_an_epoch.status is Status.PAUSED
    add, trained_again = Commits.add, []
    monkeypatch.setattr(
        Commits,
        "add",
        lambda commits, epoch, take: (trained_again.append(epoch.epoch), add(commits, epoch, take)),
    )
    assert trained(store, places, paused_within_an_epoch, one_epoch=False).status is Status.FINISHED
    assert trained_again == [2]


def test_run_stopped_while_paused_is_tested_after_its_last_epoch(
    paused_within_an_epoch, store, places
):
    two = EXPERIMENT.model_copy(
        update={"training": EXPERIMENT.training.model_copy(update={"epochs": 2})}
    )
    expected = store.create(two)
    work.run_job(expected.id, places)
    store.request_stop(paused_within_an_epoch.id)
    end_job(paused_within_an_epoch.id, places)
    assert store.get(paused_within_an_epoch.id).evaluation == store.get(expected.id).evaluation


def test_paused_run_keeps_what_it_goes_on_from(paused, artifacts):
    assert (paused.status, paused.epochs_done) == (Status.PAUSED, 1)
    assert artifacts.has(paused.id, paused.checkpoint)


def test_run_stopped_while_paused_is_tested(paused, store, places, artifacts):
    store.request_stop(paused.id)
    end_job(paused.id, places)
    assert store.get(paused.id).evaluation["accuracy"] > 0
    assert artifacts.has(paused.id, PREDICTIONS)


def test_run_stopped_while_paused_leaves_no_checkpoint(paused, store, places, artifacts):
    store.request_stop(paused.id)
    end_job(paused.id, places)
    assert not artifacts.has(paused.id, paused.checkpoint)


def test_run_that_goes_on_keeps_its_checkpoint(paused, places, artifacts):
    end_job(paused.id, places)
    assert artifacts.has(paused.id, paused.checkpoint)


def test_run_that_fails_leaves_no_checkpoint(paused, store, places, artifacts, monkeypatch):
    monkeypatch.setenv("EPOCHSCOPE_MAX_EPOCHS", "1")
    assert trained(store, places, paused, one_epoch=False).status is Status.FAILED
    assert not artifacts.has(paused.id, paused.checkpoint)


def test_run_that_finishes_leaves_no_checkpoint(paused, store, places, artifacts):
    assert trained(store, places, paused, one_epoch=False).status is Status.FINISHED
    assert not artifacts.has(paused.id, paused.checkpoint)


def test_what_a_run_took_counts_its_epochs_before_a_pause(paused, store, places):
    first = store.epochs(paused.id)[0]
    finished = trained(store, places, paused, one_epoch=False)
    assert finished.measured["earlier_seconds"] == pytest.approx(first.duration_s)
