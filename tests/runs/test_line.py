"""The queue's view of the runs: read without the experiments, and cheap."""

from __future__ import annotations

import time
from datetime import UTC

import pytest

from core.experiment import Experiment
from core.records import EpochRecord, Status
from core.runs import RunStore
from core.runs.line import UNKNOWN_S

EXPECTED = {"seconds": 25.0, "bytes": 1e9, "epoch_seconds": 2.0, "around_seconds": 5.0}


@pytest.fixture
def store(tmp_path):
    opened = RunStore(f"sqlite:///{tmp_path / 'runs.sqlite3'}")
    yield opened
    opened.close()


def digits(epochs: int = 10) -> Experiment:
    return Experiment.model_validate(
        {"data": {"dataset": "digits"}, "training": {"epochs": epochs}}
    )


def epoch(number: int) -> EpochRecord:
    return EpochRecord(number, {"loss": 1.0}, 2.0, 0.001)


def test_waiting_and_training_runs_with_their_owners(store):
    one = store.create(digits(), owner="a", expected=EXPECTED)
    two = store.create(digits(), owner="b")
    over = store.create(digits(), owner="b")
    lease = store.claim(one.id)
    store.claim(over.id).settle(Status.FINISHED)
    lease.add_epoch(epoch(0))
    line = store.line()
    assert [(run.id, run.owner) for run in line.waiting] == [(two.id, "b")]
    assert [(run.id, run.owner) for run in line.training] == [(one.id, "a")]
    assert line.waiting[0].created_at == two.created_at.astimezone(UTC)
    assert line.waiting[0].seconds == UNKNOWN_S
    assert line.training[0].seconds == 5 + 9 * 2  # one of ten epochs is done
    assert line.served == {"b": store.get(over.id).finished_at}


def test_waiting_runs_come_oldest_first(store):
    made = [store.create(digits()).id for _ in range(5)]
    assert [run.id for run in store.line().waiting] == made


def test_step_takes_one_epoch(store):
    run = store.create(digits(), expected=EXPECTED)
    store.pause(run.id)
    store.resume(run.id, step=True)
    assert store.line().waiting[0].seconds == 5 + 2


def test_paused_and_ended_runs_are_not_in_line(store):
    paused, stopped = store.create(digits()), store.create(digits())
    store.pause(paused.id)
    store.cancel(stopped.id)
    line = store.line()
    assert (line.waiting, line.training) == ((), ())


def test_active_counts_what_waits_or_trains(store):
    runs = [store.create(digits(), owner="me") for _ in range(4)]
    store.create(digits(), owner="you")
    store.claim(runs[0].id)
    store.pause(runs[1].id)
    store.cancel(runs[2].id)
    assert (store.active("me"), store.active("you"), store.active("nobody")) == (2, 1, 0)


def test_measured_gives_each_ended_run_once(store):
    run = store.create(digits())
    store.claim(run.id).settle(Status.FINISHED, measured={"seconds": 3.0, "epochs": 10.0})
    going = store.create(digits())
    (row,) = store.measured(())
    assert (row.id, row.finished, dict(row.measured)) == (
        run.id,
        True,
        {"seconds": 3.0, "epochs": 10.0},
    )
    assert Experiment.model_validate(row.experiment) == digits()
    assert store.measured({run.id}) == ()
    store.cancel(going.id)
    assert [row.finished for row in store.measured({run.id})] == [False]


def test_only_the_newest_ended_runs_are_given(store):
    runs = [store.create(digits()) for _ in range(5)]
    for run in runs:
        store.cancel(run.id)
    assert {row.id for row in store.measured((), limit=2)} == {run.id for run in runs[3:]}


def test_two_hundred_waiting_runs_are_read_fast(store):
    for number in range(200):
        store.create(digits(), owner=f"visitor-{number % 20}", expected=EXPECTED)
    took_s = []
    for _ in range(20):
        began = time.perf_counter()
        assert len(store.line().waiting) == 200
        took_s.append(time.perf_counter() - began)
    assert min(took_s) < 0.02  # 3 ms on a computer that does nothing else
