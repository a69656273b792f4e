"""Whose run is next: the visitor with the fewest training, then the one who waited longest."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict, deque
from dataclasses import dataclass
from datetime import datetime

from core.runs import Line, LineRun


@dataclass(frozen=True)
class Place:
    """Where a run stands in the queue (1 is next), and in about how many seconds it begins."""

    place: int
    wait_s: float


def next_run(line: Line) -> str | None:
    """The id of the run a free worker takes now; None when nobody waits."""
    return _Turns(line).take(0.0) if line.waiting else None


def places(line: Line, workers: int, now: datetime) -> dict[str, Place]:
    """The places of all that wait, in order, with `workers` that each train one run at a time.

    What happens is played through: each time a run ends, the next one is chosen as it will be.
    """
    turns = _Turns(line)
    owners = {run.id: run.owner for run in (*line.waiting, *line.training)}
    seconds = {run.id: run.seconds for run in line.waiting}
    ends = [(run.seconds, run.id) for run in line.training]
    ends += [(0.0, "")] * (max(1, workers) - len(ends))
    heapq.heapify(ends)
    for _ in range(len(line.training) - max(1, workers)):  # more train than there are workers now
        clock_s, ended = heapq.heappop(ends)
        turns.give_back(owners[ended], now.timestamp() + clock_s)
    found: dict[str, Place] = {}
    while len(found) < len(line.waiting):
        clock_s, ended = heapq.heappop(ends)
        if ended:
            turns.give_back(owners[ended], now.timestamp() + clock_s)
        taken = turns.take(now.timestamp() + clock_s)
        found[taken] = Place(len(found) + 1, clock_s)
        heapq.heappush(ends, (clock_s + seconds[taken], taken))
    return found


class _Turns:
    """The waiting runs by owner, and the owners in the order of their turns.

    An owner's turn counts from the end of their last run, or from when their oldest began to wait
    if there was none yet. So whoever comes later stands behind, and nobody is overtaken for ever.
    """

    def __init__(self, line: Line) -> None:
        self._runs: dict[str, deque[LineRun]] = defaultdict(deque)
        for run in sorted(line.waiting, key=lambda run: (run.created_at, run.id)):
            self._runs[run.owner].append(run)
        self._training = Counter(run.owner for run in line.training)
        served = line.served or {}
        self._since = {
            owner: (served.get(owner, runs[0].created_at).timestamp(), 0)
            for owner, runs in self._runs.items()
        }
        self._turn = 0
        self._heap = [self._rank(owner) for owner in self._runs]
        heapq.heapify(self._heap)

    def take(self, moment: float) -> str:
        """The id of the next run, which its owner has training from now on."""
        while True:
            rank = heapq.heappop(self._heap)
            owner = rank[-1]
            if self._runs[owner] and rank == self._rank(owner):
                break
        run = self._runs[owner].popleft()
        self._training[owner] += 1
        self._served(owner, moment)
        return run.id

    def give_back(self, owner: str, moment: float) -> None:
        """One run of the owner has ended."""
        self._training[owner] -= 1
        self._served(owner, moment)

    def _served(self, owner: str, moment: float) -> None:
        self._turn += 1
        self._since[owner] = (moment, self._turn)
        if self._runs.get(owner):
            heapq.heappush(self._heap, self._rank(owner))

    def _rank(self, owner: str) -> tuple[int, tuple[float, int], datetime, str]:
        runs = self._runs[owner]
        oldest = runs[0].created_at if runs else datetime.max
        return self._training[owner], self._since[owner], oldest, owner
