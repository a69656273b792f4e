"""A lease: what its holder may write, and that a worker that was given up writes nothing."""

from __future__ import annotations

import contextlib

import pytest

from core.errors import LeaseLost
from core.experiment import Experiment
from core.records import Control, Status
from core.runs import RunStore
from tests.runs.making import claimed, epoch, overtaken, running

FINAL = [Status.FINISHED, Status.STOPPED, Status.FAILED]


def test_every_claim_has_a_higher_number(store):
    first = running(store)
    first.put_back()
    second = claimed(store, first.run_id)
    assert second.fence > first.fence


def test_epoch_that_is_already_there_is_left_as_it_is(store):
    lease = running(store)
    lease.add_epoch(epoch(0, loss=1.0))
    lease.add_epoch(epoch(1))
    lease.add_epoch(epoch(0, loss=9.0))
    assert store.epochs(lease.run_id) == (epoch(0, loss=1.0), epoch(1))
    assert store.get(lease.run_id).epochs_done == 2


def test_checkpoint_moves_on_with_an_epoch_that_is_already_there(store):
    _, lease = overtaken(store)
    lease.add_epoch(epoch(0), "epoch-0")
    lease.add_epoch(epoch(0, loss=9.0), "epoch-0-again")
    assert store.epochs(lease.run_id) == (epoch(0),)
    assert store.get(lease.run_id).checkpoint == "epoch-0-again"


def test_new_run_has_no_checkpoint(store):
    assert store.create(Experiment()).checkpoint is None


def test_epoch_brings_its_checkpoint(store):
    lease = running(store)
    lease.add_epoch(epoch(0), "epoch-0")
    assert store.get(lease.run_id).checkpoint == "epoch-0"


def test_epoch_without_a_checkpoint_keeps_the_one_before(store):
    lease = running(store)
    lease.add_epoch(epoch(0), "epoch-0")
    lease.add_epoch(epoch(1))
    assert store.get(lease.run_id).checkpoint == "epoch-0"


def test_checkpoint_of_a_refused_epoch_is_not_kept(store):
    late, lease = overtaken(store)
    lease.add_epoch(epoch(0), "ours")
    with pytest.raises(LeaseLost):
        late.add_epoch(epoch(0), "theirs")
    assert store.get(lease.run_id).checkpoint == "ours"


def test_lease_goes_on_where_the_one_before_was_lost(store):
    late = running(store)
    late.add_epoch(epoch(0), "epoch-0")
    store.restart(late.run_id, most=3)
    lease = claimed(store, late.run_id)
    lease.add_epoch(epoch(1), "epoch-1")
    assert store.epochs(lease.run_id) == (epoch(0), epoch(1))


@pytest.mark.parametrize("status", FINAL)
def test_holder_settles_its_run(store, status):
    lease = running(store)
    assert lease.settle(status, "Because.", {"loss": 0.5}, {"duration_s": 2.0})
    run = store.get(lease.run_id)
    assert (run.status, run.reason) == (status, "Because.")
    assert (run.evaluation, run.measured) == ({"loss": 0.5}, {"duration_s": 2.0})
    assert run.finished_at is not None


def test_settling_forgets_what_was_asked(store):
    lease = running(store)
    store.request_stop(lease.run_id)
    lease.settle(Status.STOPPED)
    assert store.get(lease.run_id).control is Control.NONE


def test_run_is_settled_once(store):
    lease = running(store)
    lease.settle(Status.FINISHED)
    assert not lease.settle(Status.FAILED)
    assert store.get(lease.run_id).status is Status.FINISHED


def test_run_put_back_waits_its_turn(store):
    lease = running(store)
    assert lease.put_back()
    assert store.get(lease.run_id).status is Status.QUEUED


def test_lease_of_a_run_put_back_is_lost(store):
    lease = running(store)
    lease.put_back()
    with pytest.raises(LeaseLost):
        lease.add_epoch(epoch(0))


LAST_WORDS = {
    "settle": lambda lease: lease.settle(Status.FAILED, "late", {"loss": 9.0}),
    "pause": lambda lease: lease.pause(),
    "put_back": lambda lease: lease.put_back(),
}
WRITES = {"add_epoch": lambda lease: lease.add_epoch(epoch(0), "late"), **LAST_WORDS}


@pytest.mark.parametrize("write", LAST_WORDS)
def test_late_worker_is_told_that_it_changed_nothing(store, write):
    late, lease = overtaken(store)
    store.pause(lease.run_id)
    assert LAST_WORDS[write](late) is False


@pytest.mark.parametrize(
    "ask", [lambda lease: lease.add_epoch(epoch(0)), lambda lease: lease.control()]
)
def test_late_worker_learns_that_it_was_overtaken(store, ask):
    late, _ = overtaken(store)
    with pytest.raises(LeaseLost, match=f"Run {late.run_id} is trained by another worker"):
        ask(late)


@pytest.mark.parametrize("write", WRITES)
def test_late_worker_writes_nothing(store, write):
    late, lease = overtaken(store)
    store.pause(lease.run_id)
    before = store.get(lease.run_id), store.epochs(lease.run_id)
    with contextlib.suppress(LeaseLost):
        WRITES[write](late)
    assert (store.get(lease.run_id), store.epochs(lease.run_id)) == before


@pytest.mark.parametrize("write", WRITES)
def test_late_worker_does_not_keep_its_run_from_being_adopted(store, clock, write):
    late, lease = overtaken(store)
    clock(31)
    with contextlib.suppress(LeaseLost):
        WRITES[write](late)
    assert store.adopt(30) == (lease.run_id,)


@pytest.mark.parametrize("write", WRITES)
def test_worker_whose_run_waits_again_writes_nothing(store, write):
    lease = running(store)
    store.restart(lease.run_id, most=3)
    before = store.get(lease.run_id)
    with contextlib.suppress(LeaseLost):
        WRITES[write](lease)
    assert store.get(lease.run_id) == before
    assert store.epochs(lease.run_id) == ()


@pytest.mark.parametrize("write", WRITES)
def test_worker_whose_run_was_settled_by_others_writes_nothing(store, write):
    lease = running(store)
    store.settle(lease.run_id, Status.FAILED, "No workers.")
    before = store.get(lease.run_id)
    with contextlib.suppress(LeaseLost):
        WRITES[write](lease)
    assert store.get(lease.run_id) == before
    assert store.epochs(lease.run_id) == ()


def test_worker_that_took_over_is_not_hindered(store):
    late, lease = overtaken(store)
    with pytest.raises(LeaseLost):
        late.add_epoch(epoch(0, loss=9.0))
    lease.add_epoch(epoch(0))
    assert lease.settle(Status.FINISHED)
    assert store.epochs(lease.run_id) == (epoch(0),)


def test_lease_holds_whichever_store_it_came_from(store, database_url):
    lease = running(store)
    other = RunStore(database_url)
    other.request_stop(lease.run_id)
    assert lease.control() is Control.STOP
    other.close()
