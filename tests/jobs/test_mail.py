"""News of runs reaches those who watch them, and looks there as if a callback had put it."""

from __future__ import annotations

import gc
import threading
import weakref

import pytest

from core.jobs import BATCHES_KEY, PROGRESS_KEY, Inbox, Mailroom
from core.records import STATE_KEY, EpochRecord, Progress, as_event, pushed_epochs
from tests.training.small import small


def epoch(number: int) -> EpochRecord:
    return EpochRecord(number, {"loss": 1 / (number + 1)}, 0.1, 0.001)


def contents(inbox: Inbox) -> dict:
    state: dict = {}
    inbox.empty_into(state)
    return state


@pytest.fixture
def mailroom() -> Mailroom:
    return Mailroom()


@pytest.fixture
def inbox(mailroom) -> Inbox:
    opened = mailroom.open()
    opened.watch("mine")
    return opened


def deliver(mailroom, run_id, record) -> None:
    mailroom.deliver((12.5, [as_event(run_id, record)]))


def test_watched_run_is_delivered(mailroom, inbox):
    deliver(mailroom, "mine", epoch(0))
    assert contents(inbox) == {STATE_KEY: {"mine": {0: epoch(0)}}}


def test_run_that_is_not_watched_is_not_delivered(mailroom, inbox):
    deliver(mailroom, "another", epoch(0))
    deliver(mailroom, "another", Progress("Training"))
    assert contents(inbox) == {}


def test_news_from_before_watching_is_not_delivered(mailroom):
    late = mailroom.open()
    deliver(mailroom, "mine", epoch(0))
    late.watch("mine")
    deliver(mailroom, "mine", epoch(1))
    assert contents(late) == {STATE_KEY: {"mine": {1: epoch(1)}}}


def test_every_visitor_gets_the_runs_they_watch(mailroom, inbox):
    other = mailroom.open()
    other.watch("mine")
    other.watch("theirs")
    for run_id in ("mine", "theirs"):
        deliver(mailroom, run_id, epoch(0))
    assert set(contents(inbox)[STATE_KEY]) == {"mine"}
    assert set(contents(other)[STATE_KEY]) == {"mine", "theirs"}


def test_emptying_leaves_nothing_behind(mailroom, inbox):
    deliver(mailroom, "mine", epoch(0))
    deliver(mailroom, "mine", Progress("Training"))
    assert contents(inbox) != {}
    assert contents(inbox) == {}


def test_emptying_adds_to_what_the_state_holds(mailroom, inbox):
    state = {"theme": "dark"}
    for number in range(3):
        deliver(mailroom, "mine", epoch(number))
        inbox.empty_into(state)
    assert state == {"theme": "dark", STATE_KEY: {"mine": {n: epoch(n) for n in range(3)}}}


def test_only_the_latest_progress_is_kept(mailroom, inbox):
    for batch in range(5):
        deliver(mailroom, "mine", Progress("Training", batch=batch))
    assert contents(inbox) == {f"{PROGRESS_KEY}.mine": Progress("Training", batch=4)}


def test_newest_two_thousand_epochs_are_kept(mailroom, inbox):
    for number in range(2_100):
        deliver(mailroom, "mine", epoch(number))
    assert list(contents(inbox)[STATE_KEY]["mine"]) == list(range(100, 2_100))


def test_inbox_is_held_weakly(mailroom):
    gone = weakref.ref(mailroom.open())
    gc.collect()
    assert gone() is None
    deliver(mailroom, "mine", epoch(0))
    kept = mailroom.open()
    gc.collect()
    kept.watch("mine")
    deliver(mailroom, "mine", epoch(1))
    assert set(contents(kept)[STATE_KEY]["mine"]) == {1}


def test_nothing_is_lost_between_threads(mailroom, inbox):
    state: dict = {}
    writers = [
        threading.Thread(
            target=lambda first=first: [
                deliver(mailroom, "mine", epoch(number)) for number in range(first, 400, 4)
            ]
        )
        for first in range(4)
    ]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        inbox.empty_into(state)
    inbox.empty_into(state)
    assert sorted(state[STATE_KEY]["mine"]) == list(range(400))


def test_inbox_fills_the_state_as_the_session_state_callback_does(mailroom, inbox):
    from core.training import SessionStateCallback, train

    direct: dict = {}
    train(small(epochs=3), callbacks=[SessionStateCallback(direct, "mine")])
    for record in pushed_epochs(direct, "mine"):
        deliver(mailroom, "mine", record)
    assert len(direct[STATE_KEY]["mine"]) == 3
    assert contents(inbox) == direct


def within(epoch: int, batch: int) -> Progress:
    return Progress("Training", epoch, batch, 1_000, means={"loss": 1 / batch})


def test_means_of_an_epoch_are_collected_over_several_looks_until_the_next_one_begins(
    mailroom, inbox
):
    state: dict = {}
    for batch in (1, 2, 3):
        deliver(mailroom, "mine", within(0, batch))
        inbox.empty_into(state)
    assert state[f"{BATCHES_KEY}.mine"] == [within(0, batch) for batch in (1, 2, 3)]
    deliver(mailroom, "mine", within(1, 4))
    inbox.empty_into(state)
    assert state[f"{BATCHES_KEY}.mine"] == [within(1, 4)]


def test_epoch_begun_again_after_a_lost_worker_leaves_no_means_of_its_first_try(mailroom, inbox):
    for batch in (5, 9, 2):
        deliver(mailroom, "mine", within(0, batch))
    assert contents(inbox)[f"{BATCHES_KEY}.mine"] == [within(0, 2)]


def test_means_of_a_long_epoch_stay_few_and_end_with_the_newest(mailroom, inbox):
    for batch in range(1, 5_001):
        deliver(mailroom, "mine", within(0, batch))
    kept = contents(inbox)[f"{BATCHES_KEY}.mine"]
    assert len(kept) <= 401
    assert kept[-1] == within(0, 5_000)
    assert [one.batch for one in kept] == sorted({one.batch for one in kept})
