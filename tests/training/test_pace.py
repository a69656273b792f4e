"""How many steps run in one call: about a third of a second's worth."""

from __future__ import annotations

import pytest

from core.training.loops.pace import TARGET_S, Pace


def run(pace: Pace, step_s: float, calls: int) -> list[int]:
    taken = []
    for _ in range(calls):
        taken.append(pace.steps(10_000))
        pace.took(taken[-1], taken[-1] * step_s)
    return taken


def test_it_starts_with_one_step_and_grows_fourfold():
    assert run(Pace(), 0.001, 4) == [1, 4, 16, 64]


@pytest.mark.parametrize("step_s", [0.001, 0.02, 0.1])
def test_it_settles_at_the_time_aimed_at(step_s):
    assert run(Pace(), step_s, 12)[-1] == pytest.approx(TARGET_S / step_s, abs=1)


def test_a_step_that_takes_longer_still_runs():
    assert run(Pace(), 5.0, 3) == [1, 1, 1]


def test_it_shrinks_at_once_when_steps_become_slow():
    pace = Pace()
    run(pace, 0.001, 8)
    pace.took(300, 30.0)
    assert pace.steps(10_000) == int(TARGET_S / 0.1)


def test_no_more_steps_than_are_left():
    pace = Pace()
    run(pace, 0.001, 8)
    assert pace.steps(7) == 7


def test_every_step_alone_where_a_callback_wants_each():
    assert run(Pace(every_step=True), 0.001, 5) == [1] * 5
