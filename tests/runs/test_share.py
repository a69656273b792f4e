"""A visitor has as many runs at a time as they may, however many tabs ask for one at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.errors import LimitExceeded, RunNotFound
from core.experiment import Experiment
from core.records import Control, Status
from core.runs import RunStore
from tests.runs.making import claimed, epoch
from tests.runs.racing import in_threads

TABS = 8
MOST = 3
ROUNDS = range(3)


def queued(store: RunStore, owner: str = "me") -> str:
    return store.create(Experiment(), owner=owner).id


def paused(store: RunStore, owner: str = "me") -> str:
    """A run of `owner` that was laid down after its first epoch."""
    lease = claimed(store, queued(store, owner))
    lease.add_epoch(epoch(0))
    assert store.pause(lease.run_id)
    assert lease.pause()
    return lease.run_id


def ended(store: RunStore, owner: str = "me") -> str:
    run_id = queued(store, owner)
    claimed(store, run_id).settle(Status.FINISHED)
    return run_id


def create(store: RunStore, most: int | None = MOST, owner: str = "me") -> Callable[[], object]:
    return lambda: store.create(Experiment(), owner=owner, most=most)


def continue_one(store: RunStore, most: int | None = MOST) -> Callable[[], object]:
    parent = ended(store)
    return lambda: store.continue_from(parent, Experiment(), owner="me", most=most)


def resume_one(store: RunStore, most: int | None = MOST) -> Callable[[], object]:
    run_id = paused(store)
    return lambda: store.resume(run_id, most=most)


def step_one(store: RunStore, most: int | None = MOST) -> Callable[[], object]:
    run_id = paused(store)
    return lambda: store.resume(run_id, step=True, most=most)


WAYS = {"create": create, "continue": continue_one, "resume": resume_one, "step": step_one}


def outcome(action: Callable[[], object]) -> str:
    """The refusal; without one, nothing."""
    try:
        action()
    except LimitExceeded as error:
        return str(error)
    return ""


def at_once(*actions: Callable[[], object]) -> list[str]:
    return in_threads(*(lambda action=action: outcome(action) for action in actions))


@pytest.mark.parametrize("round_", ROUNDS)
@pytest.mark.parametrize("way", WAYS)
def test_as_many_of_eight_tabs_as_may_get_a_run(store, way, round_):
    told = at_once(*(WAYS[way](store) for _ in range(TABS)))
    assert told.count("") == store.active("me") == MOST


@pytest.mark.parametrize("round_", ROUNDS)
def test_all_ways_to_a_run_share_one_limit(store, round_):
    told = at_once(*(make(store) for make in (*WAYS.values(), *WAYS.values())))
    assert told.count("") == store.active("me") == MOST


@pytest.mark.parametrize("way", WAYS)
def test_refusal_says_how_many_there_are_how_many_may_be_and_what_to_do(store, way):
    action = WAYS[way](store, 2)
    queued(store)
    claimed(store, queued(store))
    text = outcome(action)
    assert text == (
        "Runs: 2 of yours are waiting or training, but at most 2 at a time can be. "
        "Wait until one has ended, or stop one."
    )
    assert store.active("me") == 2


@pytest.mark.parametrize("way", WAYS)
def test_without_a_limit_nobody_is_refused(store, way):
    assert at_once(*(WAYS[way](store, None) for _ in range(TABS))) == [""] * TABS


@pytest.mark.parametrize("way", WAYS)
def test_last_place_can_be_taken(store, way):
    action = WAYS[way](store, 2)
    queued(store)
    assert outcome(action) == ""
    assert store.active("me") == 2


def test_each_owner_has_a_limit_of_their_own(store):
    owners = ("me", "you", "them", "her")
    told = at_once(*(create(store, 1, owner) for owner in owners for _ in range(2)))
    assert told.count("") == len(owners)
    assert [store.active(owner) for owner in owners] == [1] * len(owners)


def test_paused_and_ended_runs_take_no_place(store):
    paused(store)
    ended(store)
    assert outcome(create(store, 1)) == ""


def test_run_that_has_not_paused_yet_goes_on_though_there_is_no_place_for_another(store):
    lease = claimed(store, queued(store))
    store.pause(lease.run_id)
    assert store.resume(lease.run_id, most=1)
    assert lease.control() is Control.NONE


def test_refused_run_leaves_nothing_behind(store):
    parent = paused(store)
    queued(store)
    before = store.recent()
    for action in (create(store, 1), lambda: store.resume(parent, most=1)):
        assert outcome(action) != ""
    assert store.recent() == before
    assert store.get(parent).status is Status.PAUSED


def test_refusal_lets_go_of_the_database_at_once(store):
    queued(store)
    assert outcome(create(store, 1)) != ""
    assert outcome(create(store, 2)) == ""


def test_resume_of_no_run_is_no_resume(store):
    assert not store.resume("nothing", most=1)
    with pytest.raises(RunNotFound):
        store.continue_from("nothing", Experiment(), most=1)
