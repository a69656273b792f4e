"""Runs on a real cluster of one worker: they end as they should, whatever happens to them."""

from __future__ import annotations

import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest
from distributed import Event

from core.errors import WorkersUnavailable
from core.experiment import Experiment
from core.jobs import BOUNDARY, PREDICTIONS, Inbox, Jobs, Mailroom, cluster
from core.jobs import jobs as jobs_module
from core.records import LAST_WEIGHTS, RunRecord, Status, pushed_epochs
from core.runs import Artifacts, RunStore
from core.settings import Settings

# Patience with a busy computer; how fast things are is measured by the benchmarks.
START_S = 300
RUN_S = 300


def experiment(**parts) -> Experiment:
    """An experiment of `parts` on the digits, if they do not say otherwise."""
    return Experiment.model_validate({"data": {"dataset": "digits"}, **parts})


@dataclass
class Site:
    """A running cluster and what belongs to it."""

    settings: Settings
    store: RunStore
    jobs: Jobs
    inbox: Inbox
    artifacts: Artifacts

    def submit(self, store: RunStore | None = None, **parts) -> str:
        """Start a run of `parts` on the digits, if they do not say otherwise."""
        run = (store or self.store).create(experiment(**parts))
        self.inbox.watch(run.id)
        self.jobs.submit(run.id)
        return run.id

    def ended(self, run_id: str, within_s: float = RUN_S) -> RunRecord:
        """The run as it ended."""
        assert wait_for(lambda: self.store.get(run_id).status.final, within_s)
        return self.store.get(run_id)

    def long_run(self, epochs: int = 1) -> str:
        """A run of a thousand epochs that has done at least `epochs`."""
        run_id = self.submit(training={"epochs": 1000})
        assert wait_for(lambda: len(self.store.epochs(run_id)) >= epochs, RUN_S)
        return run_id


def wait_for(condition: Callable[[], bool], within_s: float) -> bool:
    """Whether `condition` came true in time."""
    deadline, pause = time.monotonic() + within_s, threading.Event()
    while not condition():
        if time.monotonic() > deadline:
            return False
        pause.wait(0.01)
    return True


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    settings = Settings(home=tmp_path_factory.mktemp("site"), data_dir=None, workers=1)
    store, mailroom = RunStore(settings.database_url), Mailroom()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs_module, "BEAT_S", 0.2)
        jobs = Jobs(store, settings, mailroom)
        assert jobs.wait_until_ready(START_S)
        yield Site(settings, store, jobs, mailroom.open(), Artifacts(settings.artifacts_url))
        jobs.close()
        store.close()


@pytest.fixture(autouse=True)
def nothing_goes_on(site) -> Iterator[None]:
    """The next test finds a free worker, however this one ended."""
    yield
    for run in site.store.recent():
        if not run.status.final:
            site.jobs.stop(run.id)
            site.ended(run.id)


def assert_plain(reason: str) -> None:
    """Nothing of a traceback, and something to do."""
    assert "Traceback" not in reason
    assert 'File "' not in reason
    assert "\n" not in reason
    assert reason.endswith("Press Train to run it again.")


def test_cluster_that_has_started_is_ready(site):
    assert site.jobs.state == "ready"
    assert len(site.jobs.worker_pids()) == 1
    assert os.getpid() not in site.jobs.worker_pids()


def test_run_finishes_with_every_epoch_in_the_store(site):
    run = site.ended(site.submit(training={"epochs": 3}))
    assert (run.status, run.reason, run.epochs_done) == (Status.FINISHED, "", 3)
    assert run.created_at <= run.started_at <= run.finished_at
    records = site.store.epochs(run.id)
    assert [record.epoch for record in records] == [0, 1, 2]
    assert {"loss", "val_loss", "accuracy", "val_macro_f1"} <= set(records[0].metrics)
    assert records[2].metrics["loss"] < records[0].metrics["loss"]


def test_finished_run_has_its_test_results_and_predictions(site):
    run = site.ended(site.submit(training={"epochs": 2}))
    group = site.artifacts.load(run.id, PREDICTIONS)
    assert group["true"].shape == (360,)
    assert group["outputs"].shape == (360, 10)
    right = (group["outputs"].argmax(axis=1) == group["true"]).mean()
    assert run.evaluation["accuracy"] == pytest.approx(right, abs=1e-6)
    assert not site.artifacts.has(run.id, BOUNDARY)


def test_run_on_points_leaves_its_decision_grid(site):
    run = site.ended(site.submit(data={"dataset": "gaussians"}, training={"epochs": 1}))
    grid = site.artifacts.load(run.id, BOUNDARY)
    assert grid["outputs"].shape == (len(grid["y"]), len(grid["x"]), 3)
    assert np.isfinite(grid["outputs"]).all()


def test_every_epoch_reaches_the_inbox_as_it_is_in_the_store(site):
    state: dict = {}
    run = site.ended(site.submit(training={"epochs": 3}))

    def all_there() -> bool:
        site.inbox.empty_into(state)
        return len(pushed_epochs(state, run.id)) == 3

    assert wait_for(all_there, RUN_S)
    assert pushed_epochs(state, run.id) == site.store.epochs(run.id)


def test_stop_ends_a_running_run_and_keeps_its_epochs(site):
    run_id = site.long_run(epochs=2)
    before = len(site.store.epochs(run_id))
    site.jobs.stop(run_id)
    run = site.ended(run_id)
    records = site.store.epochs(run_id)
    assert run.status is Status.STOPPED
    assert before <= len(records) < 1000
    assert [record.epoch for record in records] == list(range(len(records)))


def test_stopped_run_is_tested(site):
    run_id = site.long_run()
    site.jobs.stop(run_id)
    run = site.ended(run_id)
    assert run.evaluation["accuracy"] > 0
    assert site.artifacts.has(run_id, PREDICTIONS)


def test_stop_of_a_queued_run_takes_it_from_the_queue(site):
    first = site.long_run()
    waiting = site.submit(training={"epochs": 1})
    assert site.store.get(waiting).status is Status.QUEUED
    site.jobs.stop(waiting)
    run = site.store.get(waiting)
    assert (run.status, run.reason) == (Status.STOPPED, "Stopped before it began.")
    site.jobs.stop(first)
    site.ended(first)
    last = site.submit(training={"epochs": 1})
    assert site.ended(last).status is Status.FINISHED
    assert site.store.get(waiting) == run
    assert site.store.epochs(waiting) == ()


def test_stop_of_a_run_that_is_over_changes_nothing(site):
    run = site.ended(site.submit(training={"epochs": 1}))
    site.jobs.stop(run.id)
    assert site.store.get(run.id) == run


def test_runs_of_two_stores_callers_both_end(site):
    stores = [RunStore(site.settings.database_url) for _ in range(2)]
    ids: list[str] = []
    callers = [
        threading.Thread(
            target=lambda store=store: ids.append(site.submit(store, training={"epochs": 1}))
        )
        for store in stores
    ]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(timeout=RUN_S)
    assert [site.ended(run_id).status for run_id in ids] == [Status.FINISHED] * 2
    assert [stores[0].get(run_id).epochs_done for run_id in ids] == [1, 1]
    for store in stores:
        store.close()


def test_diverging_run_fails_with_the_reason_and_its_epochs(site):
    run = site.ended(
        site.submit(
            data={"dataset": "plane"},
            model={"kind": "mlp", "hidden_layers": 0},
            training={"optimizer": "sgd", "learning_rate": 100, "epochs": 50},
        )
    )
    assert run.status is Status.FAILED
    assert "training diverged" in run.reason
    assert 1 <= len(site.store.epochs(run.id)) < 50


def test_unexpected_error_fails_the_run_with_a_reason_in_one_line(site, monkeypatch):
    no_url = site.jobs._places._replace(artifacts_url=3)
    monkeypatch.setattr(site.jobs, "_places", no_url)
    run = site.ended(site.submit(training={"epochs": 1}))
    assert run.status is Status.FAILED
    assert "Training ended with an unexpected error (TypeError). " in run.reason
    assert_plain(run.reason)


def test_run_of_a_process_that_went_away_is_trained_to_its_end(site):
    run_id = site.store.create(experiment(training={"epochs": 2})).id
    with sqlite3.connect(site.settings.home / "runs.sqlite3") as connection:
        # As if the process that sent it had been shut down a minute ago.
        connection.execute(
            "UPDATE runs SET heartbeat_at = datetime('now', '-60 seconds') WHERE id = ?", [run_id]
        )
    connection.close()
    assert site.ended(run_id).status is Status.FINISHED


def test_run_of_a_killed_worker_goes_on_to_the_same_bits(site):
    settings = {"training": {"epochs": 60, "optimizer": "adam"}, "data": {"dataset": "digits"}}
    expected = site.ended(site.submit(**settings))
    run_id = site.submit(**settings)
    assert wait_for(lambda: len(site.store.epochs(run_id)) >= 2, RUN_S)
    [pid] = site.jobs.worker_pids()
    os.kill(pid, signal.SIGKILL)
    run = site.ended(run_id, within_s=START_S)
    assert run.status is Status.FINISHED
    assert run.evaluation == expected.evaluation
    assert metrics(site, run_id) == metrics(site, expected.id)
    assert pid not in site.jobs.worker_pids()


def metrics(site, run_id: str) -> list:
    return [(record.epoch, record.metrics) for record in site.store.epochs(run_id)]


def test_worker_that_dies_again_and_again_in_one_epoch_fails_its_run(site, monkeypatch):
    monkeypatch.setattr(jobs_module, "LOSSES", 0)
    run_id = site.long_run()
    [pid] = site.jobs.worker_pids()
    os.kill(pid, signal.SIGKILL)
    run = site.ended(run_id, within_s=START_S)
    assert run.status is Status.FAILED
    assert "ended without warning" in run.reason
    assert len(site.store.epochs(run_id)) >= 1


def test_worker_that_dies_as_it_tests_again_is_told(site, monkeypatch):
    def die(*_):
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(jobs_module, "evaluate_job", die)
    with pytest.raises(WorkersUnavailable, match=r"went away\. Try again"):
        site.jobs.evaluate("run", LAST_WEIGHTS, "somebody", START_S)


@pytest.mark.parametrize("error", cluster.AWAY)
def test_scheduler_that_goes_away_as_a_run_is_tested_again_is_told(site, monkeypatch, error):
    def go_away(timeout_s):
        raise error

    task = SimpleNamespace(exception=go_away)
    monkeypatch.setattr(site.jobs._client.result(), "submit", lambda *_, **__: task)
    with pytest.raises(WorkersUnavailable, match=r"went away\. Try again"):
        site.jobs.evaluate("run", LAST_WEIGHTS, "somebody", START_S)


def test_pause_lays_a_run_down_and_resume_ends_it_to_the_same_bits(site):
    settings = {"training": {"epochs": 200}, "data": {"dataset": "digits"}}
    expected = site.ended(site.submit(**settings))
    run_id = site.submit(**settings)
    assert wait_for(lambda: len(site.store.epochs(run_id)) >= 2, RUN_S)
    assert site.jobs.pause(run_id)
    assert wait_for(lambda: site.store.get(run_id).status is Status.PAUSED, RUN_S)
    assert len(site.store.epochs(run_id)) < 200
    assert site.jobs.resume(run_id)
    run = site.ended(run_id)
    assert run.status is Status.FINISHED
    assert run.evaluation == expected.evaluation
    assert metrics(site, run_id) == metrics(site, expected.id)


def test_end_of_an_earlier_task_does_not_disturb_a_run(site):
    # As of a run that was resumed by another worker before the first was done tidying up.
    run_id = site.long_run()
    site.jobs._ended(run_id, SimpleNamespace(key=f"run-{run_id}-earlier", status="finished"))
    assert site.store.get(run_id).status is Status.RUNNING
    assert run_id in site.jobs._tasks
    site.jobs.stop(run_id)
    assert site.ended(run_id).status is Status.STOPPED


def test_step_trains_one_epoch_of_a_paused_run(site):
    run_id = site.long_run()
    site.jobs.pause(run_id)
    assert wait_for(lambda: site.store.get(run_id).status is Status.PAUSED, RUN_S)
    for _ in range(3):
        done = site.store.get(run_id).epochs_done
        assert site.jobs.resume(run_id, step=True)
        assert wait_for(lambda: site.store.get(run_id).status is Status.PAUSED, RUN_S)
        assert site.store.get(run_id).epochs_done == done + 1


def test_stop_of_a_paused_run_is_at_once_and_its_results_follow(site):
    run_id = site.long_run()
    site.jobs.pause(run_id)
    assert wait_for(lambda: site.store.get(run_id).status is Status.PAUSED, RUN_S)
    site.jobs.stop(run_id)
    assert site.store.get(run_id).status is Status.STOPPED
    assert wait_for(lambda: bool(site.store.get(run_id).evaluation), RUN_S)
    assert site.artifacts.has(run_id, PREDICTIONS)


def test_free_worker_is_not_held_by_a_paused_run(site):
    paused = site.long_run()
    site.jobs.pause(paused)
    assert site.ended(site.submit(training={"epochs": 1})).status is Status.FINISHED
    assert site.store.get(paused).status is Status.PAUSED


def test_kept_model_is_tested_again_to_the_same_numbers(site):
    run = site.ended(site.submit(training={"epochs": 1}))
    assert site.jobs.evaluate(run.id, LAST_WEIGHTS, "me", RUN_S) == run.evaluation


def test_test_that_no_worker_was_free_for_is_given_up_and_can_be_asked_for_again(site):
    run = site.ended(site.submit(training={"epochs": 1}))
    long = site.long_run()
    for _ in range(2):
        with pytest.raises(WorkersUnavailable, match="All training processes are busy"):
            site.jobs.evaluate(run.id, LAST_WEIGHTS, "me", 0.1)
    site.jobs.stop(long)
    assert site.jobs.evaluate(run.id, LAST_WEIGHTS, "me", RUN_S) == run.evaluation


def hold(name: str) -> None:
    """In a worker: say that it has begun, and stay until told to end."""
    Event(f"{name}-begun").set()
    Event(f"{name}-end").wait(RUN_S)


def test_task_has_begun_when_a_worker_is_at_work_on_it(site):
    client = site.jobs._client.result()
    end = Event("first-end", client=client)
    first = client.submit(hold, "first", pure=False)
    second = client.submit(hold, "second", pure=False)
    try:
        assert Event("first-begun", client=client).wait(RUN_S)
        assert cluster.has_begun(first)
        assert not cluster.has_begun(second)
    finally:
        second.cancel()
        end.set()
    first.result(RUN_S)
    assert not cluster.has_begun(first)
    assert not cluster.has_begun(second)


def test_worker_is_said_to_be_at_work_while_it_trains(site):
    run_id = site.long_run()
    assert wait_for(lambda: [worker.busy for worker in site.jobs.workers()] == [True], RUN_S)
    site.jobs.stop(run_id)
    site.ended(run_id)
    assert wait_for(lambda: [worker.busy for worker in site.jobs.workers()] == [False], RUN_S)
