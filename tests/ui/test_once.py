"""What there is one of in the web process."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.ui.once import once


def test_many_who_ask_at_once_get_the_same():
    together = threading.Barrier(8)

    @once()
    def thing() -> object:
        return object()

    def ask(_: int) -> object:
        together.wait()
        return thing()

    with ThreadPoolExecutor(8) as asking:
        assert len(set(asking.map(ask, range(8)))) == 1


def test_what_ends_is_closed_and_the_next_is_another():
    closed: list[object] = []

    @once(close=closed.append)
    def thing() -> object:
        return object()

    first = thing()
    thing.end()
    assert closed == [first]
    assert thing() is not first


def test_what_nobody_asked_for_is_not_closed():
    closed: list[object] = []

    @once(close=closed.append)
    def thing() -> object:
        return object()

    thing.end()
    assert closed == []


def test_what_could_not_be_made_is_tried_again():
    answers = iter([OSError("not yet"), "there"])

    @once()
    def thing() -> str:
        answer = next(answers)
        if isinstance(answer, OSError):
            raise answer
        return answer

    with pytest.raises(OSError, match="not yet"):
        thing()
    assert thing() == "there"
