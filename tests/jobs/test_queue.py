"""The queue is fair: compared with a slow simulation, and held to what fairness means."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from core.jobs.queue import next_run, places
from core.runs import Line, LineRun

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def run(name: str, owner: str, ago_s: float = 0, seconds: float = 10.0) -> LineRun:
    return LineRun(name, owner, NOW - timedelta(seconds=ago_s), seconds)


def random_line(seed: int) -> tuple[Line, int]:
    rng = random.Random(seed)
    owners = [f"owner-{number}" for number in range(rng.randint(1, 6))]
    workers = rng.randint(1, 4)

    def some(count: int, kind: str) -> tuple[LineRun, ...]:
        return tuple(
            run(f"{kind}{n}", rng.choice(owners), rng.uniform(1, 99), rng.uniform(0.1, 60))
            for n in range(count)
        )

    served = {
        owner: NOW - timedelta(seconds=rng.uniform(1, 999))
        for owner in owners
        if rng.random() < 0.5
    }
    waiting = some(rng.randint(1, 25), "w")
    return Line(waiting, some(rng.randint(0, workers), "t"), served), workers


def slow_order(line: Line, workers: int) -> dict[str, tuple[int, float]]:
    """The rule, written down as it is said: every owner looked at every time."""
    waiting = sorted(line.waiting, key=lambda one: (one.created_at, one.id))
    busy = [(one.seconds, one.owner) for one in line.training]
    since = {one.owner: one.created_at.timestamp() for one in reversed(waiting)}
    since |= {who: at.timestamp() for who, at in (line.served or {}).items()}
    found: dict[str, tuple[int, float]] = {}
    clock = 0.0
    while waiting:
        if len(busy) >= workers:
            ended = min(busy)
            clock = ended[0]
            busy.remove(ended)
            since[ended[1]] = NOW.timestamp() + clock + len(found) * 1e-6
        count = Counter(owner for _, owner in busy)
        owner = min({one.owner for one in waiting}, key=lambda who: (count[who], since[who]))
        taken = next(one for one in waiting if one.owner == owner)
        waiting.remove(taken)
        since[owner] = NOW.timestamp() + clock + (len(found) + 0.5) * 1e-6
        found[taken.id] = (len(found) + 1, clock)
        busy.append((clock + taken.seconds, owner))
    return found


@pytest.mark.parametrize("seed", range(200))
def test_order_and_waits_are_those_of_a_slow_simulation(seed):
    line, workers = random_line(seed)
    slow = slow_order(line, workers)
    fast = places(line, workers, NOW)
    assert {name: place.place for name, place in fast.items()} == {
        name: place for name, (place, _) in slow.items()
    }
    for name, place in fast.items():
        assert place.wait_s == pytest.approx(slow[name][1], abs=1e-6)


@pytest.mark.parametrize("seed", range(50))
def test_every_run_has_one_place_and_waits_grow_with_it(seed):
    line, workers = random_line(seed)
    found = places(line, workers, NOW)
    assert sorted(found) == sorted(one.id for one in line.waiting)
    assert [place.place for place in found.values()] == list(range(1, len(found) + 1))
    assert all(one.wait_s <= other.wait_s for one, other in pairwise(found.values()))


@pytest.mark.parametrize("seed", range(50))
def test_order_does_not_depend_on_that_of_the_rows(seed):
    line, workers = random_line(seed)
    shuffled = list(line.waiting)
    random.Random(seed).shuffle(shuffled)
    assert places(replace(line, waiting=tuple(shuffled)), workers, NOW) == places(
        line, workers, NOW
    )


@pytest.mark.parametrize("seed", range(50))
def test_next_run_is_the_one_in_the_first_place_when_a_worker_is_free(seed):
    line, _ = random_line(seed)
    first = next(iter(places(line, len(line.training) + 1, NOW)))
    assert next_run(line) == first


@pytest.mark.parametrize("seed", range(50))
def test_runs_of_one_owner_stay_in_their_order(seed):
    line, workers = random_line(seed)
    found = places(line, workers, NOW)
    for owner in {one.owner for one in line.waiting}:
        own = [one for one in line.waiting if one.owner == owner]
        own.sort(key=lambda one: one.created_at)
        assert [found[one.id].place for one in own] == sorted(found[one.id].place for one in own)


@pytest.mark.parametrize("workers", [1, 2, 3])
@pytest.mark.parametrize("busy", [0, 1])
def test_visitor_with_one_run_waits_for_one_of_ten_at_most(workers, busy):
    many = tuple(run(f"many-{n}", "many", ago_s=100 - n) for n in range(10))
    served = {"many": NOW - timedelta(seconds=50)}
    line = Line((*many[busy:], run("one", "other", ago_s=1)), many[:busy], served)
    found = places(line, workers, NOW)
    assert found["one"].place <= (1 if busy else 2)
    assert found["one"].wait_s <= 10


def test_ten_visitors_take_turns():
    waiting = tuple(
        run(f"{owner}-{n}", str(owner), ago_s=100 - n) for owner in range(5) for n in range(3)
    )
    order = [name[0] for name in places(Line(waiting), 1, NOW)]
    assert [sorted(order[at : at + 5]) for at in (0, 5, 10)] == [list("01234")] * 3


@pytest.mark.parametrize("seed", range(10))
def test_nobody_starves_while_others_keep_coming(seed):
    """Newcomers arrive faster than runs end; whoever waits is served all the same."""
    rng = random.Random(seed)
    waiting = [run("patient", "patient", ago_s=1)]
    served = {"patient": NOW - timedelta(seconds=5)}
    taken = None
    for step in range(20):
        moment = NOW + timedelta(seconds=step)
        for number in range(rng.randint(1, 3)):
            name = f"{step}-{number}"
            waiting.append(LineRun(name, name, moment, 1.0))
        taken = next_run(Line(tuple(waiting), (), served))
        waiting = [one for one in waiting if one.id != taken]
        served[taken] = moment
        if taken == "patient":
            break
    assert taken == "patient"


def test_runs_without_an_owner_go_by_age():
    waiting = tuple(run(str(n), "", ago_s=n) for n in range(5))
    assert list(places(Line(waiting), 2, NOW)) == ["4", "3", "2", "1", "0"]


def test_waits_by_hand():
    training = (run("a", "a", seconds=5), run("b", "b", seconds=8))
    waiting = (
        run("c1", "c", ago_s=3, seconds=20),
        run("c2", "c", ago_s=2, seconds=20),
        run("d1", "d", ago_s=1, seconds=4),
    )
    found = places(Line(waiting, training), 2, NOW)
    # c1 follows a after 5 s, d1 follows b after 8 s, c2 follows d1 after 8 + 4 s.
    assert {name: (place.place, place.wait_s) for name, place in found.items()} == {
        "c1": (1, 5.0),
        "d1": (2, 8.0),
        "c2": (3, 12.0),
    }


def test_empty_queue():
    assert next_run(Line()) is None
    assert places(Line(), 2, NOW) == {}


def test_more_training_than_workers_is_waited_out():
    training = tuple(run(f"t{n}", "x", seconds=10 * (n + 1)) for n in range(3))
    found = places(Line((run("w", "y"),), training), 1, NOW)
    assert found["w"].wait_s == 30
