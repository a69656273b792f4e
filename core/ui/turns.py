"""Has scripts run a few at a time: Python computes one at a time whatever they do.

With thirty visitors there are ten at once. The thread that sends and receives needs the interpreter
again for each of a page's hundred messages, and got it after all the others. Measured with
`make load`: 19 of 20 interactions took up to 4.1 s with every script running as it came, 0.3 s with
two in turn and `SWITCH_S`.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

AT_ONCE = 2  # one may wait for a file or the database while another computes
PATIENCE_S = 1.0  # then a script runs all the same: those before it wait for something slow
SWITCH_S = 0.001  # how long a thread computes while others want to; Python's own is 5 ms
P = ParamSpec("P")
R = TypeVar("R")
_free = threading.BoundedSemaphore(AT_ONCE)
_mine = threading.local()


def share_evenly() -> None:
    """Have Python's threads change places oftener, in the whole process."""
    sys.setswitchinterval(SWITCH_S)


def in_turn(script: Callable[P, R]) -> Callable[P, R]:
    """`script`, begun when it is its turn; what it calls belongs to that turn."""

    @wraps(script)
    def waiting(*args: P.args, **kwargs: P.kwargs) -> R:
        if getattr(_mine, "has_turn", False):
            return script(*args, **kwargs)
        with _turn():
            return script(*args, **kwargs)

    return waiting


@contextmanager
def let_others() -> Iterator[None]:
    """Give the turn back while something slow is waited for; take another one afterwards."""
    if not getattr(_mine, "has_turn", False):
        yield
        return
    _give_back()
    try:
        yield
    finally:
        _take()


@contextmanager
def _turn() -> Iterator[None]:
    _take()
    try:
        yield
    finally:
        _give_back()


def _take() -> None:
    _mine.counted = _free.acquire(timeout=PATIENCE_S)
    _mine.has_turn = True


def _give_back() -> None:
    _mine.has_turn = False
    if _mine.counted:
        _free.release()
