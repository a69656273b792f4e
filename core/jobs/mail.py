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
BATCHES_KEY = "epochscope_batches"
_KEPT = 2_000
_MOST_POINTS = 400  # of one epoch; of more, every other one is kept


class Inbox:
    """One visitor's unread news; it holds the newest 2,000 epochs, the store holds all."""

    def __init__(self) -> None:
        self._epochs: deque[tuple[str, EpochRecord]] = deque(maxlen=_KEPT)
        self._progress: dict[str, Progress] = {}
        self._batches: dict[str, list[Progress]] = {}
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
                if news.means:
                    self._batches[run_id] = _within_epoch(self._batches.get(run_id, []), [news])
            else:
                self._epochs.append((run_id, news))

    def empty_into(self, state: MutableMapping[Any, Any]) -> None:
        """Move everything into `state`, in the form `push_epoch` gives it."""
        with self._lock:
            epochs, progress = list(self._epochs), dict(self._progress)
            batches = dict(self._batches)
            self._epochs.clear()
            self._progress.clear()
            self._batches.clear()
        for run_id, record in epochs:
            push_epoch(state, run_id, record)
        for run_id, latest in progress.items():
            state[f"{PROGRESS_KEY}.{run_id}"] = latest
        for run_id, arrived in batches.items():
            key = f"{BATCHES_KEY}.{run_id}"
            known = state.get(key, [])
            state[key] = _within_epoch(known, arrived)


def _within_epoch(known: list[Progress], arrived: list[Progress]) -> list[Progress]:
    """Reports on batches, oldest first, of the epoch of the newest one alone; not too many."""
    epoch = arrived[-1].epoch
    new = [one for one in arrived if one.epoch == epoch]
    # A batch that comes again is of an epoch begun again after its worker was lost.
    found = [one for one in known if one.epoch == epoch and one.batch < new[0].batch] + new
    return found if len(found) <= _MOST_POINTS else [*found[:-1:2], found[-1]]


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
