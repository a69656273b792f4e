"""Runs whose worker or whose web process is gone: started again, given up, or adopted."""

from __future__ import annotations

import pytest

from core.experiment import Experiment
from core.records import Control, Status
from tests.runs.making import claimed, epoch, in_state, paused, running


def test_run_whose_worker_was_lost_waits_again(store):
    lease = running(store)
    assert store.restart(lease.run_id, most=1)
    assert store.get(lease.run_id).status is Status.QUEUED


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.RUNNING])
def test_only_a_running_run_is_restarted(store, status):
    run_id = in_state(store, status)
    before = store.get(run_id)
    assert not store.restart(run_id, most=3)
    assert store.get(run_id) == before


def test_run_is_not_restarted_for_a_task_that_lost_it(store):
    run_id = store.create(Experiment()).id
    store.claim(run_id, "one")
    assert store.restart(run_id, most=3, task="one")
    other = store.claim(run_id, "other")
    assert not store.restart(run_id, most=3, task="one")
    assert other.control() is Control.NONE


def test_run_fails_by_the_task_that_has_it(store):
    run_id = store.create(Experiment()).id
    store.claim(run_id, "one")
    assert store.fail(run_id, "A reason.", "one")
    run = store.get(run_id)
    assert (run.status, run.reason) == (Status.FAILED, "A reason.")
    assert run.finished_at


def test_run_fails_by_a_task_that_could_not_even_claim_it(store):
    run_id = store.create(Experiment()).id
    assert store.fail(run_id, "A reason.", "one")
    assert store.get(run_id).status is Status.FAILED


@pytest.mark.parametrize("claimed_anew", [True, False], ids=["trains again", "waits again"])
def test_run_does_not_fail_by_a_task_that_lost_it(store, claimed_anew):
    run_id = store.create(Experiment()).id
    store.claim(run_id, "one")
    store.restart(run_id, most=3, task="one")
    if claimed_anew:
        store.claim(run_id, "other")
    before = store.get(run_id)
    assert not store.fail(run_id, "A reason.", "one")
    assert store.get(run_id) == before


def lose(store, run_id: str, most: int = 2) -> bool:
    """Claim the run and lose the worker at once."""
    claimed(store, run_id)
    return store.restart(run_id, most)


def test_run_is_restarted_so_often_and_no_more(store):
    run_id = store.create(Experiment()).id
    assert [lose(store, run_id) for _ in range(3)] == [True, True, False]
    assert store.get(run_id).status is Status.RUNNING


def test_losses_are_counted_anew_after_an_epoch(store):
    run_id = store.create(Experiment()).id
    assert [lose(store, run_id) for _ in range(2)] == [True, True]
    claimed(store, run_id).add_epoch(epoch(0))
    assert store.restart(run_id, most=2)
    assert [lose(store, run_id) for _ in range(2)] == [True, False]


def test_epoch_that_was_there_before_does_not_undo_losses(store):
    # Or a run that always ends its worker in the same epoch would go round for ever.
    run_id = store.create(Experiment()).id
    claimed(store, run_id).add_epoch(epoch(0))
    assert store.restart(run_id, most=2)
    for again in (True, False):
        claimed(store, run_id).add_epoch(epoch(0))
        assert store.restart(run_id, most=2) is again


def test_losses_of_one_run_are_not_counted_for_another(store):
    one, two = (store.create(Experiment()).id for _ in range(2))
    lose(store, one, most=1)
    assert lose(store, two, most=1)


def test_run_nobody_looks_after_is_adopted(store, clock):
    waiting, at_work = store.create(Experiment()).id, running(store).run_id
    assert store.adopt(30) == ()
    clock(31)
    assert set(store.adopt(30)) == {waiting, at_work}


def test_run_last_looked_after_in_the_future_is_adopted_once_the_clock_was_set_back(store, clock):
    left = running(store).run_id
    clock(-3600)
    assert store.adopt(30) == (left,)
    assert store.adopt(30) == ()


def test_run_of_a_server_whose_clock_is_a_little_ahead_is_left_to_it(store, clock):
    running(store)
    clock(-29)
    assert store.adopt(30) == ()


def test_adopted_run_waits_for_a_worker(store, clock):
    run_id = running(store).run_id
    clock(31)
    store.adopt(30)
    assert store.get(run_id).status is Status.QUEUED


def test_adopted_runs_come_oldest_first(store, clock):
    ids = []
    for _ in range(4):
        clock(1)
        ids.append(running(store).run_id)
    clock(31)
    assert list(store.adopt(30)) == ids


def test_adopted_run_is_not_adopted_again(store, clock):
    running(store)
    clock(31)
    assert len(store.adopt(30)) == 1
    clock(29)
    assert store.adopt(30) == ()


@pytest.mark.parametrize("status", [Status.PAUSED, Status.FINISHED, Status.STOPPED, Status.FAILED])
def test_run_that_waits_for_nobody_is_not_adopted(store, clock, status):
    in_state(store, status)
    clock(1000)
    assert store.adopt(30) == ()


def test_beat_keeps_a_run_from_being_adopted(store, clock):
    kept, left = running(store).run_id, running(store).run_id
    clock(20)
    store.beat({kept})
    clock(20)
    assert store.adopt(30) == (left,)


def test_beat_is_for_many_runs_at_once(store, clock):
    ids = [running(store).run_id for _ in range(5)]
    clock(20)
    store.beat(ids)
    clock(20)
    assert store.adopt(30) == ()


def test_beat_of_nothing_keeps_nothing(store, clock):
    run_id = running(store).run_id
    clock(31)
    store.beat(())
    assert store.adopt(30) == (run_id,)


def claim(store, run_id: str) -> None:
    store.claim(run_id)


def resume(store, run_id: str) -> None:
    store.resume(run_id)


def loss(store, run_id: str) -> None:
    store.restart(run_id, most=3)


@pytest.mark.parametrize(
    ("status", "act"),
    [(Status.QUEUED, claim), (Status.PAUSED, resume), (Status.RUNNING, loss)],
)
def test_run_that_something_happened_to_is_not_adopted_yet(store, clock, status, act):
    run_id = in_state(store, status)
    clock(20)
    act(store, run_id)
    clock(20)
    assert store.adopt(30) == ()


@pytest.mark.parametrize(
    "act", [lambda lease: lease.add_epoch(epoch(0)), lambda lease: lease.put_back()]
)
def test_what_its_worker_does_keeps_a_run_from_being_adopted(store, clock, act):
    lease = running(store)
    clock(20)
    act(lease)
    clock(20)
    assert store.adopt(30) == ()


def test_press_of_a_button_does_not_keep_a_run_from_being_adopted(store, clock):
    lease = running(store)
    clock(31)
    store.pause(lease.run_id)
    store.resume(lease.run_id)
    store.request_stop(lease.run_id)
    assert store.adopt(30) == (lease.run_id,)


def test_paused_run_has_time_again_once_it_is_resumed(store, clock):
    run_id = paused(store)
    clock(1000)
    store.resume(run_id)
    clock(29)
    assert store.adopt(30) == ()
