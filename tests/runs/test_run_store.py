"""The store's contract, method by method, on every database it runs on."""

from __future__ import annotations

import math
import re
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime

import pytest

from core.errors import RunNotFound
from core.experiment import Experiment
from core.experiment.presets import PRESETS
from core.records import EpochRecord, Status
from core.runs import RunStore
from core.runs import store as store_module
from tests.runs.making import epoch, in_state, running

HOSTILE = ["", "unknown", "../x", "'; drop table runs; --", "x" * 10_000, "a\0b", "%", "é", "a\n"]
FINAL = [Status.FINISHED, Status.STOPPED, Status.FAILED]


def test_new_run_is_queued_and_empty(store):
    run = store.create(Experiment())
    assert run.status is Status.QUEUED
    assert (run.epochs_done, run.reason, run.control, dict(run.evaluation)) == (0, "", "", {})
    assert (run.started_at, run.finished_at) == (None, None)
    assert store.epochs(run.id) == ()


@pytest.mark.parametrize("name", PRESETS)
def test_experiment_comes_back_as_it_was(store, name):
    run = store.create(PRESETS[name])
    assert store.get(run.id) == run
    assert run.experiment == PRESETS[name]


def test_every_run_has_an_id_of_its_own_that_fits_a_url(store):
    ids = [store.create(Experiment()).id for _ in range(20)]
    assert len(set(ids)) == 20
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{16}", run_id) for run_id in ids)


def test_times_are_utc(store):
    before = datetime.now(UTC)
    lease = running(store)
    lease.settle(Status.FINISHED)
    run = store.get(lease.run_id)
    assert before <= run.created_at <= run.started_at <= run.finished_at <= datetime.now(UTC)


def test_records_are_frozen(store):
    with pytest.raises(FrozenInstanceError):
        store.create(Experiment()).status = Status.FINISHED


@pytest.mark.parametrize("run_id", HOSTILE)
def test_get_of_an_unknown_id_says_there_is_none(store, run_id):
    store.create(Experiment())
    with pytest.raises(RunNotFound, match="Press Train") as caught:
        store.get(run_id)
    assert len(str(caught.value)) < 250


ASKED = {
    "claim": lambda store, run_id: store.claim(run_id),
    "pause": lambda store, run_id: store.pause(run_id),
    "resume": lambda store, run_id: store.resume(run_id),
    "step": lambda store, run_id: store.resume(run_id, step=True),
    "cancel": lambda store, run_id: store.cancel(run_id),
    "request_stop": lambda store, run_id: store.request_stop(run_id),
    "restart": lambda store, run_id: store.restart(run_id, most=3),
    "fail": lambda store, run_id: store.fail(run_id, "A reason."),
    "settle": lambda store, run_id: store.settle(run_id, Status.FAILED),
    "epochs": lambda store, run_id: store.epochs(run_id),
}


@pytest.mark.parametrize("run_id", HOSTILE)
def test_asking_about_an_unknown_run_changes_nothing(store, run_id):
    run = store.create(Experiment())
    assert [name for name, ask in ASKED.items() if ask(store, run_id)] == []
    assert store.recent() == (run,)


def test_recent_runs_come_newest_first(store, clock):
    ids = []
    for _ in range(5):
        clock(1)
        ids.append(store.create(Experiment()).id)
    assert [run.id for run in store.recent()] == ids[::-1]
    assert [run.id for run in store.recent(limit=2)] == [ids[4], ids[3]]


def test_recent_passes_over_settings_that_are_no_longer_allowed(store, monkeypatch):
    kept = store.create(Experiment())
    dumped = Experiment.model_dump
    with monkeypatch.context() as patch:
        patch.setattr(Experiment, "model_dump", lambda self, mode: dumped(self) | {"seed": -1})
        patch.setattr(store_module.RunRow, "record", lambda row: row.id)
        store.create(Experiment())
    assert store.recent() == (kept,)


def test_epochs_come_back_in_order_and_as_they_were(store):
    lease = running(store)
    records = [epoch(number, loss=0.1 * number, val_accuracy=0.5) for number in range(3)]
    for record in records:
        lease.add_epoch(record)
    assert store.epochs(lease.run_id) == tuple(records)
    assert store.get(lease.run_id).epochs_done == 3


@pytest.mark.parametrize(("after", "left"), [(-1, [0, 1, 2]), (0, [1, 2]), (2, []), (99, [])])
def test_epochs_after_one_are_those_above_it(store, after, left):
    lease = running(store)
    for number in range(3):
        lease.add_epoch(epoch(number))
    assert [record.epoch for record in store.epochs(lease.run_id, after)] == left


def test_epochs_of_runs_are_kept_apart(store):
    one, two = running(store), running(store)
    one.add_epoch(epoch(0, loss=1.0))
    two.add_epoch(epoch(0, loss=2.0))
    assert store.epochs(one.run_id) == (epoch(0, loss=1.0),)


def test_nan_and_infinities_survive_in_epochs(store):
    lease = running(store)
    lease.add_epoch(epoch(0, loss=math.nan, val_loss=math.inf, mae=-math.inf, mse=0.1))
    [found] = store.epochs(lease.run_id)
    assert math.isnan(found.metrics["loss"])
    assert {**found.metrics, "loss": 0} == {
        "loss": 0,
        "val_loss": math.inf,
        "mae": -math.inf,
        "mse": 0.1,
    }


def test_nan_and_infinities_survive_in_the_evaluation(store):
    lease = running(store)
    lease.settle(Status.FINISHED, evaluation={"loss": math.inf, "mae": math.nan})
    evaluation = store.get(lease.run_id).evaluation
    assert evaluation["loss"] == math.inf
    assert math.isnan(evaluation["mae"])


@pytest.mark.parametrize("value", [1 / 3, 5e-324, 1.7976931348623157e308, 2.2943675518035889e-07])
def test_numbers_keep_every_bit(store, value):
    lease = running(store)
    record = EpochRecord(0, {"loss": value}, duration_s=value, learning_rate=value)
    lease.add_epoch(record)
    assert store.epochs(lease.run_id) == (record,)


def test_claimed_run_runs(store):
    run_id = store.create(Experiment()).id
    assert store.claim(run_id).run_id == run_id
    assert store.get(run_id).status is Status.RUNNING


def test_run_is_claimed_only_once(store):
    run_id = store.create(Experiment()).id
    assert [bool(store.claim(run_id)) for _ in range(3)] == [True, False, False]


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.QUEUED])
def test_run_that_does_not_wait_cannot_be_claimed(store, status):
    run_id = in_state(store, status)
    assert store.claim(run_id) is None
    assert store.get(run_id).status is status


def test_run_begins_once_however_often_it_is_claimed(store, clock):
    lease = running(store)
    begun = store.get(lease.run_id).started_at
    clock(10)
    lease.put_back()
    store.claim(lease.run_id)
    assert store.get(lease.run_id).started_at == begun


@pytest.mark.parametrize("first", FINAL)
@pytest.mark.parametrize("second", FINAL)
def test_first_to_settle_wins(store, first, second):
    run_id = running(store).run_id
    assert store.settle(run_id, first, "first", {"loss": 1})
    settled = store.get(run_id)
    assert not store.settle(run_id, second, "second", {"loss": 2})
    assert store.get(run_id) == settled


@pytest.mark.parametrize("status", FINAL)
def test_settled_run_never_changes(store, status):
    run_id = in_state(store, status)
    settled = store.get(run_id)
    assert [name for name, ask in ASKED.items() if ask(store, run_id)] == []
    assert store.get(run_id) == settled


@pytest.mark.parametrize("status", [Status.QUEUED, Status.RUNNING, Status.PAUSED])
def test_run_that_is_not_over_can_be_settled_whoever_holds_it(store, status):
    run_id = in_state(store, status)
    assert store.settle(run_id, Status.FAILED, "No workers.", {"loss": 0.5})
    run = store.get(run_id)
    assert (run.status, run.reason, run.evaluation) == (
        Status.FAILED,
        "No workers.",
        {"loss": 0.5},
    )


def test_settled_run_is_asked_nothing_any_more(store):
    run_id = running(store).run_id
    store.request_stop(run_id)
    store.settle(run_id, Status.FAILED)
    assert store.get(run_id).control == ""


def test_reason_loses_the_character_no_database_keeps(store):
    run_id = running(store).run_id
    store.settle(run_id, Status.FAILED, "be\0fore")
    assert store.get(run_id).reason == "before"


def test_count_is_by_status(store):
    for _ in range(3):
        running(store)
    store.create(Experiment())
    assert [store.count(status) for status in Status] == [1, 3, 0, 0, 0, 0]


def test_another_store_on_the_same_database_sees_everything(store, database_url):
    lease = running(store)
    lease.add_epoch(epoch(0))
    other = RunStore(database_url)
    assert other.get(lease.run_id) == store.get(lease.run_id)
    assert other.epochs(lease.run_id) == (epoch(0),)
    other.close()


def test_store_can_be_used_again_after_close(store):
    run = store.create(Experiment())
    store.close()
    assert store.get(run.id) == run
