"""Sends a run's news into Dask's event stream, no oftener than an eye can use."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from core.records import EpochRecord, Progress, as_event

INTERVAL_S = 0.1
Event = dict[str, Any]


class News:
    """Gives `send` the events of one run, several at a time when they come fast.

    What is told within `INTERVAL_S` seconds of the last sending waits for the next piece of news,
    or for `flush`. Nothing is left out.
    """

    def __init__(self, run_id: str, send: Callable[[list[Event]], None]) -> None:
        self._run_id, self._send = run_id, send
        self._waiting: list[Event] = []
        self._due = 0.0

    def tell(self, news: EpochRecord | Progress) -> None:
        """Send `news`, now or a little later."""
        self._waiting.append(as_event(self._run_id, news))
        if time.monotonic() >= self._due:
            self.flush()

    def waits(self, reason: str) -> None:
        """Send at once that the run waits, and why."""
        self.tell(Progress("Waiting for storage", detail=reason))
        self.flush()

    def flush(self) -> None:
        """Send what waits."""
        if self._waiting:
            self._send(self._waiting)
            self._waiting = []
        self._due = time.monotonic() + INTERVAL_S
