"""Pause, resume, step and stop: pressed once, twice, too early and too late."""

from __future__ import annotations

import pytest

from core.experiment import Experiment
from core.records import Control, Status
from tests.runs.making import claimed, epoch, in_state, paused, running


def queued(store) -> str:
    return store.create(Experiment()).id


def state(store, run_id: str) -> tuple[Status, Control]:
    run = store.get(run_id)
    return run.status, run.control


def test_running_run_is_asked_nothing_at_first(store):
    assert running(store).control() is Control.NONE


def test_waiting_run_is_paused_at_once(store):
    run_id = queued(store)
    assert store.pause(run_id)
    assert state(store, run_id) == (Status.PAUSED, Control.NONE)


def test_running_run_is_asked_to_pause(store):
    lease = running(store)
    assert store.pause(lease.run_id)
    assert lease.control() is Control.PAUSE
    assert store.get(lease.run_id).status is Status.RUNNING


def test_worker_lays_the_run_down_when_it_was_asked_to(store):
    lease = running(store)
    store.pause(lease.run_id)
    assert lease.pause()
    assert state(store, lease.run_id) == (Status.PAUSED, Control.NONE)


def test_worker_does_not_pause_unasked(store):
    lease = running(store)
    assert not lease.pause()
    assert store.get(lease.run_id).status is Status.RUNNING


def test_pausing_twice_changes_nothing_more(store):
    lease = running(store)
    assert store.pause(lease.run_id)
    assert store.pause(lease.run_id)
    assert lease.control() is Control.PAUSE


def test_paused_run_cannot_be_paused_again(store):
    run_id = paused(store)
    assert not store.pause(run_id)
    assert state(store, run_id) == (Status.PAUSED, Control.NONE)


def test_resumed_run_waits_its_turn(store):
    run_id = paused(store)
    assert store.resume(run_id)
    assert state(store, run_id) == (Status.QUEUED, Control.NONE)


def test_resumed_run_keeps_its_epochs_and_its_checkpoint(store):
    lease = running(store)
    lease.add_epoch(epoch(0), "epoch-0")
    store.pause(lease.run_id)
    lease.pause()
    store.resume(lease.run_id)
    claimed(store, lease.run_id).add_epoch(epoch(1))
    assert store.epochs(lease.run_id) == (epoch(0), epoch(1))
    assert store.get(lease.run_id).checkpoint == "epoch-0"


def test_run_laid_down_brings_its_checkpoint(store):
    lease = running(store)
    lease.add_epoch(epoch(0), "epoch-0")
    lease.add_epoch(epoch(1))
    store.pause(lease.run_id)
    assert lease.pause("epoch-1")
    assert store.get(lease.run_id).checkpoint == "epoch-1"


def test_run_put_back_brings_its_checkpoint(store):
    lease = running(store)
    assert lease.put_back("epoch-1")
    assert store.get(lease.run_id).checkpoint == "epoch-1"


def test_resuming_twice_resumes_once(store):
    run_id = paused(store)
    assert [store.resume(run_id) for _ in range(2)] == [True, False]
    assert store.get(run_id).status is Status.QUEUED


def test_run_that_was_not_paused_is_not_resumed(store):
    lease = running(store)
    assert not store.resume(lease.run_id)
    assert not store.resume(queued(store))
    assert lease.control() is Control.NONE


def test_run_resumed_before_its_worker_noticed_goes_on(store):
    lease = running(store)
    store.pause(lease.run_id)
    assert store.resume(lease.run_id)
    assert not lease.pause()
    lease.add_epoch(epoch(0))
    assert state(store, lease.run_id) == (Status.RUNNING, Control.NONE)


def test_step_is_asked_of_the_worker_that_takes_the_run_up(store):
    run_id = paused(store)
    assert store.resume(run_id, step=True)
    assert claimed(store, run_id).control() is Control.STEP


def test_run_is_laid_down_after_its_step(store):
    run_id = paused(store)
    store.resume(run_id, step=True)
    lease = claimed(store, run_id)
    lease.add_epoch(epoch(1))
    assert lease.pause()
    assert state(store, run_id) == (Status.PAUSED, Control.NONE)


def test_stepping_twice_is_one_step(store):
    run_id = paused(store)
    assert [store.resume(run_id, step=True) for _ in range(2)] == [True, False]
    assert claimed(store, run_id).control() is Control.STEP


def test_step_of_a_run_that_has_not_paused_yet_is_one_more_epoch(store):
    lease = running(store)
    store.pause(lease.run_id)
    assert store.resume(lease.run_id, step=True)
    assert lease.control() is Control.STEP


def test_run_that_steps_can_be_resumed_altogether(store):
    run_id = paused(store)
    store.resume(run_id, step=True)
    lease = claimed(store, run_id)
    assert store.resume(run_id)
    assert not lease.pause()
    assert lease.control() is Control.NONE


@pytest.mark.parametrize("status", [Status.QUEUED, Status.PAUSED])
def test_cancel_stops_a_run_at_rest(store, status):
    run_id = in_state(store, status)
    assert store.cancel(run_id)
    run = store.get(run_id)
    assert (run.status, run.control) == (Status.STOPPED, Control.NONE)
    assert run.finished_at is not None


def test_cancel_says_that_a_run_had_not_begun(store):
    run_id = queued(store)
    store.cancel(run_id)
    assert store.get(run_id).reason == "Stopped before it began."


def test_cancel_of_a_run_with_epochs_gives_no_reason(store):
    run_id = paused(store)
    store.cancel(run_id)
    assert store.get(run_id).reason == ""


def test_cancel_leaves_a_running_run_alone(store):
    lease = running(store)
    assert not store.cancel(lease.run_id)
    assert lease.control() is Control.NONE


def test_cancelling_twice_cancels_once(store):
    run_id = queued(store)
    assert [store.cancel(run_id) for _ in range(2)] == [True, False]


def test_stop_is_asked_of_a_running_run(store):
    lease = running(store)
    before = store.get(lease.run_id)
    assert store.request_stop(lease.run_id)
    assert lease.control() is Control.STOP
    after = store.get(lease.run_id)
    assert (after.status, after.reason, after.finished_at) == (Status.RUNNING, "", None)
    assert after.started_at == before.started_at


@pytest.mark.parametrize("status", [Status.QUEUED, Status.PAUSED])
def test_stop_ends_a_run_that_no_worker_has(store, status):
    # It ran when somebody looked, and was put back or laid down before the button was pressed.
    run_id = in_state(store, status)
    assert store.request_stop(run_id)
    assert state(store, run_id) == (Status.STOPPED, Control.NONE)
    assert store.get(run_id).finished_at is not None


def test_asking_to_stop_twice_changes_nothing_more(store):
    lease = running(store)
    assert store.request_stop(lease.run_id)
    assert store.request_stop(lease.run_id)
    assert lease.control() is Control.STOP


def test_stop_asked_of_one_run_is_not_asked_of_another(store):
    one, two = running(store), running(store)
    store.request_stop(one.run_id)
    assert two.control() is Control.NONE


def test_stop_overrides_a_pause(store):
    lease = running(store)
    store.pause(lease.run_id)
    store.request_stop(lease.run_id)
    assert lease.control() is Control.STOP
    assert not lease.pause()


@pytest.mark.parametrize("step", [False, True])
def test_run_that_stops_is_not_resumed(store, step):
    lease = running(store)
    store.request_stop(lease.run_id)
    assert not store.resume(lease.run_id, step=step)
    assert lease.control() is Control.STOP


def test_run_that_stops_is_not_paused(store):
    lease = running(store)
    store.request_stop(lease.run_id)
    assert not store.pause(lease.run_id)
    assert lease.control() is Control.STOP


def test_stop_is_still_asked_after_the_worker_was_lost(store):
    lease = running(store)
    store.request_stop(lease.run_id)
    store.restart(lease.run_id, most=3)
    assert not store.pause(lease.run_id)
    assert claimed(store, lease.run_id).control() is Control.STOP


def test_pause_is_still_asked_after_the_worker_was_lost(store):
    lease = running(store)
    store.pause(lease.run_id)
    store.restart(lease.run_id, most=3)
    assert claimed(store, lease.run_id).pause()
