"""Carries news of runs from Dask's event stream to the visitors who watch them."""

from __future__ import annotations

import threading
import weakref
from collections import deque
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any

from core.records import EpochRecord, Progress, from_event, push_epoch

TOPIC = "epochscope"
PROGRESS_KEY = "epochscope_progress"
_KEPT = 2_000


class Inbox:
    """One visitor's unread news; it holds the newest 2,000 epochs, the store holds all."""

    def __init__(self) -> None:
        self._epochs: deque[tuple[str, EpochRecord]] = deque(maxlen=_KEPT)
        self._progress: dict[str, Progress] = {}
        self._watched: set[str] = set()
        self._lock = threading.Lock()

    def watch(self, run_id: str) -> None:
        """Receive news of this run from now on."""
        with self._lock:
            self._watched.add(run_id)

    def put(self, run_id: str, news: EpochRecord | Progress) -> None:
        """Take in one piece of news, if its run is watched."""
        with self._lock:
            if run_id not in self._watched:
                return
            if isinstance(news, Progress):
                self._progress[run_id] = news
            else:
                self._epochs.append((run_id, news))

    def empty_into(self, state: MutableMapping[Any, Any]) -> None:
        """Move everything into `state`, in the form `push_epoch` gives it."""
        with self._lock:
            epochs, progress = list(self._epochs), dict(self._progress)
            self._epochs.clear()
            self._progress.clear()
        for run_id, record in epochs:
            push_epoch(state, run_id, record)
        for run_id, latest in progress.items():
            state[f"{PROGRESS_KEY}.{run_id}"] = latest


class Mailroom:
    """Knows every open inbox; one is forgotten as soon as its visitor's session ends."""

    def __init__(self) -> None:
        self._inboxes: weakref.WeakSet[Inbox] = weakref.WeakSet()
        self._lock = threading.Lock()

    def open(self) -> Inbox:
        """A new inbox. The caller must keep it: this room holds it weakly."""
        inbox = Inbox()
        with self._lock:
            self._inboxes.add(inbox)
        return inbox

    def deliver(self, event: tuple[float, Iterable[Mapping[str, Any]]]) -> None:
        """Hand an event of Dask's stream (time, news) to whoever watches its run."""
        _, news = event
        with self._lock:
            inboxes = list(self._inboxes)
        for message in news:
            record = from_event(message)
            for inbox in inboxes:
                inbox.put(message["run_id"], record)
