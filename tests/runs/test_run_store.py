"""The store's contract, method by method, on every database it runs on."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime, timedelta

import pytest

from core.errors import RunNotFound
from core.experiment import Experiment
from core.experiment.presets import PRESETS
from core.records import EpochRecord, Status
from core.runs import RunStore
from core.runs import store as store_module

HOSTILE = ["", "unknown", "../x", "'; drop table runs; --", "x" * 10_000, "a\0b", "%", "é", "a\n"]


@pytest.fixture(params=["sqlite"])
def store(request, tmp_path) -> Iterator[RunStore]:
    """An empty store; another database is another parameter."""
    urls = {"sqlite": f"sqlite:///{tmp_path / 'home' / 'runs.sqlite3'}"}
    opened = RunStore(urls[request.param])
    yield opened
    opened.close()


@pytest.fixture
def clock(monkeypatch) -> Callable[[float], None]:
    """The store's clock stands still until it is told to go on by some seconds."""
    moment = [datetime(2026, 1, 1, 12)]

    def go_on(seconds: float) -> None:
        moment[0] += timedelta(seconds=seconds)

    monkeypatch.setattr(store_module, "now", lambda: moment[0])
    return go_on


def epoch(number: int, **metrics: float) -> EpochRecord:
    return EpochRecord(number, metrics or {"loss": 1 / (number + 1)}, 0.5, 0.001)


def running(store: RunStore) -> str:
    run_id = store.create(Experiment()).id
    store.claim(run_id)
    return run_id


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
    run_id = running(store)
    store.settle(run_id, Status.FINISHED)
    run = store.get(run_id)
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


@pytest.mark.parametrize("run_id", HOSTILE)
def test_epoch_of_an_unknown_run_is_refused(store, run_id):
    with pytest.raises(RunNotFound):
        store.add_epoch(run_id, epoch(0))


@pytest.mark.parametrize("run_id", HOSTILE)
def test_asking_about_an_unknown_run_changes_nothing(store, run_id):
    run = store.create(Experiment())
    assert not store.claim(run_id)
    assert not store.cancel(run_id)
    assert not store.request_stop(run_id)
    assert not store.settle(run_id, Status.FAILED)
    assert not store.stop_requested(run_id)
    assert store.epochs(run_id) == ()
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
    run_id = running(store)
    records = [epoch(number, loss=0.1 * number, val_accuracy=0.5) for number in range(3)]
    for record in (records[1], records[0], records[2]):
        store.add_epoch(run_id, record)
    assert store.epochs(run_id) == tuple(records)
    assert store.get(run_id).epochs_done == 3


@pytest.mark.parametrize(("after", "left"), [(-1, [0, 1, 2]), (0, [1, 2]), (2, []), (99, [])])
def test_epochs_after_one_are_those_above_it(store, after, left):
    run_id = running(store)
    for number in range(3):
        store.add_epoch(run_id, epoch(number))
    assert [record.epoch for record in store.epochs(run_id, after)] == left


def test_epochs_of_runs_are_kept_apart(store):
    one, two = running(store), running(store)
    store.add_epoch(one, epoch(0, loss=1.0))
    store.add_epoch(two, epoch(0, loss=2.0))
    assert store.epochs(one) == (epoch(0, loss=1.0),)


def test_epoch_that_is_already_there_is_left_as_it_is(store):
    run_id = running(store)
    store.add_epoch(run_id, epoch(0, loss=1.0))
    store.add_epoch(run_id, epoch(1))
    store.add_epoch(run_id, epoch(0, loss=9.0))
    assert store.epochs(run_id) == (epoch(0, loss=1.0), epoch(1))
    assert store.get(run_id).epochs_done == 2


def test_nan_and_infinities_survive_in_epochs(store):
    run_id = running(store)
    store.add_epoch(run_id, epoch(0, loss=math.nan, val_loss=math.inf, mae=-math.inf, mse=0.1))
    [found] = store.epochs(run_id)
    assert math.isnan(found.metrics["loss"])
    assert {**found.metrics, "loss": 0} == {
        "loss": 0,
        "val_loss": math.inf,
        "mae": -math.inf,
        "mse": 0.1,
    }


def test_nan_and_infinities_survive_in_the_evaluation(store):
    run_id = running(store)
    store.settle(run_id, Status.FINISHED, evaluation={"loss": math.inf, "mae": math.nan})
    evaluation = store.get(run_id).evaluation
    assert evaluation["loss"] == math.inf
    assert math.isnan(evaluation["mae"])


@pytest.mark.parametrize("value", [1 / 3, 5e-324, 1.7976931348623157e308, 2.2943675518035889e-07])
def test_numbers_keep_every_bit(store, value):
    run_id = running(store)
    record = EpochRecord(0, {"loss": value}, duration_s=value, learning_rate=value)
    store.add_epoch(run_id, record)
    assert store.epochs(run_id) == (record,)


def test_run_goes_from_queued_to_running_to_finished(store):
    run_id = store.create(Experiment()).id
    assert store.claim(run_id)
    assert store.get(run_id).status is Status.RUNNING
    assert store.settle(run_id, Status.FINISHED, "Because.", {"loss": 0.5})
    run = store.get(run_id)
    assert (run.status, run.reason, run.evaluation) == (Status.FINISHED, "Because.", {"loss": 0.5})


def test_run_starts_only_once(store):
    run_id = store.create(Experiment()).id
    assert [store.claim(run_id) for _ in range(3)] == [True, False, False]


@pytest.mark.parametrize("first", [Status.FINISHED, Status.STOPPED, Status.FAILED])
@pytest.mark.parametrize("second", [Status.FINISHED, Status.STOPPED, Status.FAILED])
def test_first_to_settle_wins(store, first, second):
    run_id = running(store)
    assert store.settle(run_id, first, "first", {"loss": 1})
    settled = store.get(run_id)
    assert not store.settle(run_id, second, "second", {"loss": 2})
    assert store.get(run_id) == settled


@pytest.mark.parametrize("status", [Status.FINISHED, Status.STOPPED, Status.FAILED])
def test_settled_run_never_leaves_its_status(store, status):
    run_id = running(store)
    store.settle(run_id, status)
    assert not store.claim(run_id)
    assert not store.cancel(run_id)
    assert not store.request_stop(run_id)
    assert store.get(run_id).status is status


def test_queued_run_can_be_settled(store):
    run_id = store.create(Experiment()).id
    assert store.settle(run_id, Status.FAILED, "No workers.")
    assert store.get(run_id).reason == "No workers."


def test_cancel_stops_a_queued_run_and_says_so(store):
    run_id = store.create(Experiment()).id
    assert store.cancel(run_id)
    run = store.get(run_id)
    assert run.status is Status.STOPPED
    assert run.reason == "Stopped in the queue."
    assert run.finished_at is not None
    assert not store.claim(run_id)


def test_cancel_leaves_a_running_run_alone(store):
    run_id = running(store)
    assert not store.cancel(run_id)
    assert store.get(run_id).status is Status.RUNNING


def test_stop_is_asked_of_an_active_run(store):
    run_id = running(store)
    assert not store.stop_requested(run_id)
    assert store.request_stop(run_id)
    assert store.request_stop(run_id)
    assert store.stop_requested(run_id)
    assert store.get(run_id).status is Status.RUNNING


def test_stop_asked_of_one_run_is_not_asked_of_another(store):
    one, two = running(store), running(store)
    store.request_stop(one)
    assert not store.stop_requested(two)


def test_run_nobody_looks_after_is_abandoned(store, clock):
    queued, at_work = store.create(Experiment()).id, running(store)
    over = running(store)
    store.settle(over, Status.FINISHED)
    assert store.adopt(30) == ()
    clock(31)
    assert set(store.adopt(30)) == {queued, at_work}


def test_beat_keeps_a_run_from_being_abandoned(store, clock):
    kept, left = running(store), running(store)
    clock(20)
    store.beat({kept})
    clock(20)
    assert store.adopt(30) == (left,)


def test_epoch_keeps_a_run_from_being_abandoned(store, clock):
    run_id = running(store)
    clock(20)
    store.add_epoch(run_id, epoch(0))
    clock(20)
    assert store.adopt(30) == ()


def test_start_keeps_a_run_from_being_abandoned(store, clock):
    run_id = store.create(Experiment()).id
    clock(20)
    store.claim(run_id)
    clock(20)
    assert store.adopt(30) == ()


def test_beat_of_nothing_keeps_nothing(store, clock):
    run_id = running(store)
    clock(31)
    store.beat(())
    assert store.adopt(30) == (run_id,)


def test_count_is_by_status(store):
    for _ in range(3):
        running(store)
    store.create(Experiment())
    assert [store.count(status) for status in Status] == [1, 3, 0, 0, 0]


def test_another_store_on_the_same_database_sees_everything(store, tmp_path):
    run_id = running(store)
    store.add_epoch(run_id, epoch(0))
    other = RunStore(f"sqlite:///{tmp_path / 'home' / 'runs.sqlite3'}")
    assert other.get(run_id) == store.get(run_id)
    assert other.epochs(run_id) == (epoch(0),)
    other.close()


def test_store_can_be_used_again_after_close(store):
    run = store.create(Experiment())
    store.close()
    assert store.get(run.id) == run
