"""Scripts run a few at a time, and none waits for ever."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from core.ui import turns

SOON_S = 60.0


class Script:
    """Says when it has begun, and ends when it is told to."""

    def __init__(self) -> None:
        self.begun, self.may_end = threading.Event(), threading.Event()

    @turns.in_turn
    def run(self) -> str:
        self.begun.set()
        assert self.may_end.wait(SOON_S)
        return "drawn"


@pytest.fixture
def start() -> Iterator:
    """Runs a script in a thread of its own; afterwards all are told to end."""
    scripts: list[Script] = []
    with ThreadPoolExecutor(10) as threads:

        def begin(script: Script) -> Future[str]:
            scripts.append(script)
            return threads.submit(script.run)

        yield begin
        for script in scripts:
            script.may_end.set()


@pytest.fixture
def patient(monkeypatch) -> None:
    """Nobody runs out of patience."""
    monkeypatch.setattr(turns, "PATIENCE_S", SOON_S)


@pytest.fixture
def busy(start) -> list[Script]:
    """Every turn is taken."""
    scripts = [Script() for _ in range(turns.AT_ONCE)]
    for script in scripts:
        start(script)
    assert all(script.begun.wait(SOON_S) for script in scripts)
    return scripts


def test_result_of_a_script_is_passed_on(start):
    script = Script()
    script.may_end.set()
    assert start(script).result(SOON_S) == "drawn"


@pytest.mark.usefixtures("patient")
def test_script_waits_while_every_turn_is_taken(busy, start):
    late = Script()
    start(late)
    assert not late.begun.wait(0.05)
    busy[0].may_end.set()
    assert late.begun.wait(SOON_S)


def test_script_loses_patience_with_those_that_never_end(busy, start, monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE_S", 0.01)
    late = Script()
    start(late)
    assert late.begun.wait(SOON_S)
    assert not busy[0].may_end.is_set()


@pytest.mark.usefixtures("patient")
def test_turn_of_a_script_that_fails_is_free_again(start):
    @turns.in_turn
    def fail() -> None:
        raise ValueError

    for _ in range(turns.AT_ONCE + 1):
        with pytest.raises(ValueError):
            fail()
    script = Script()
    start(script)
    assert script.begun.wait(SOON_S)


@pytest.mark.usefixtures("patient", "busy")
def test_part_of_a_script_that_has_its_turn_needs_no_other(busy, start):
    inner = Script()
    inner.may_end.set()
    outer = Script()
    outer.run = turns.in_turn(inner.run)
    waiting = start(outer)
    busy[0].may_end.set()  # one turn for the two of them
    assert waiting.result(SOON_S) == "drawn"


@pytest.mark.usefixtures("patient")
def test_others_run_while_a_script_waits_for_something_slow(start):
    slow, others = Script(), [Script() for _ in range(turns.AT_ONCE)]

    def wait() -> str:
        with turns.let_others():
            slow.begun.set()
            assert all(other.begun.wait(SOON_S) for other in others)
        return "drawn"

    slow.run = turns.in_turn(wait)
    waiting = start(slow)
    assert slow.begun.wait(SOON_S)
    for other in others:
        start(other)
        assert other.begun.wait(SOON_S)
        other.may_end.set()
    assert waiting.result(SOON_S) == "drawn"
