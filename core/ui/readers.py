"""Whose files are read: one at a time, and nobody's for longer than others have to wait."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.errors import LimitExceeded, Problem

_GRACE_S = 20.0  # a connection that breaks comes back meanwhile
_FORGOTTEN_S = 600.0  # what somebody's files took counts for so long
_ASKED_S = 400.0  # who was refused is thought to want it still: longer than any file is read
_SHORT_S = 20.0  # who took no longer need not stand back


class Turns:
    """Turns at reading: one holds it, the others wait; who has used it least is next."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._holder: str | None = None
        self._waiting: list[str] = []
        self._took: defaultdict[str, float] = defaultdict(float)  # seconds, by visitor
        self._counted_since = time.monotonic()

    @contextmanager
    def turn(self, visitor: str, patience_s: float) -> Iterator[None]:
        """Wait for one's turn, and hold it.

        Raises:
            LimitExceeded: it did not come in time, or the visitor waits or reads already.
        """
        with self._changed:
            if visitor == self._holder or visitor in self._waiting:
                raise _refused("another file of yours is being read. Wait until that has ended.")
            self._waiting.append(visitor)
            try:
                if not self._changed.wait_for(lambda: self._is_next(visitor), patience_s):
                    raise _refused("the files of others are being read. Try again in a minute.")
                self._holder = visitor
            finally:
                self._waiting.remove(visitor)
        began = time.monotonic()
        try:
            yield
        finally:
            with self._changed:
                self.count(visitor, time.monotonic() - began)
                self._holder = None
                self._changed.notify_all()

    def count(self, visitor: str, seconds: float) -> None:
        """Note that a visitor's file took so long."""
        now = time.monotonic()
        if now - self._counted_since > _FORGOTTEN_S:
            self._took.clear()
            self._counted_since = now
        self._took[visitor] += seconds

    def _is_next(self, visitor: str) -> bool:
        return self._holder is None and visitor == min(self._waiting, key=self._took.__getitem__)


class Rests:
    """Who read for long stands back for as long while others want to: each has half of the time."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}
        self._asked: dict[str, float] = {}
        self._lock = threading.Lock()

    def check(self, visitor: str) -> None:
        """Let a visitor pass.

        Raises:
            LimitExceeded: they stand back for now.
        """
        now = time.monotonic()
        with self._lock:
            self._asked.pop(visitor, None)
            left = self._until.get(visitor, 0.0) - now
            others_want = any(now - asked < _ASKED_S for asked in self._asked.values())
        if left > 0 and others_want:
            raise _refused(
                "your last file took long to read, and others are waiting: they come first now. "
                f"Try again in {left:,.0f} s."
            )

    def note(self, visitor: str) -> None:
        """Note that a visitor was refused, since somebody else's file was being read."""
        with self._lock:
            self._asked[visitor] = time.monotonic()

    def begin(self, visitor: str, seconds: float) -> None:
        """Note that a visitor's file took so long."""
        now = time.monotonic()
        with self._lock:
            self._until = {who: until for who, until in self._until.items() if until > now}
            self._asked = {who: at for who, at in self._asked.items() if now - at < _ASKED_S}
            if seconds > _SHORT_S:
                self._until[visitor] = now + seconds


def presence() -> Callable[[], bool]:
    """A function that says whether the visitor of this script run is still there.

    Any thread may call it. Without a server, as in a test of a page, they are.
    """
    context, seen = get_script_run_ctx(), [time.monotonic()]

    def is_there() -> bool:
        if context is None or not runtime.exists():
            return True
        if runtime.get_instance().is_active_session(context.session_id):
            seen[0] = time.monotonic()
        return time.monotonic() - seen[0] < _GRACE_S

    return is_there


def _refused(why: str) -> LimitExceeded:
    return LimitExceeded((Problem(("data", "own"), f"Own data: {why}"),))
