"""Commits a run's epochs, and where it can be taken up again if its worker is lost."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from core.errors import StoreUnavailable
from core.jobs.patience import patiently
from core.records import EpochRecord
from core.runs import Artifacts, Lease
from core.runs.artifacts import Arrays

SHARE = 0.05  # of a run's time that checkpoints may take
PREFIX = "checkpoint-"
_log = logging.getLogger(__name__)


class Commits:
    """Keeps each epoch in the store, and now and then a checkpoint with it.

    A checkpoint is due when all of them, with one as long as the last, still take no more than
    `SHARE` of the time since the beginning: epochs of milliseconds do not each get one. A worker
    that is lost costs the work since the last one, which is done again to the same bits; the
    epochs stay as they were shown. A run that is paused gets one of its last whole epoch.
    """

    def __init__(
        self,
        lease: Lease,
        artifacts: Artifacts,
        keep_files: Callable[[], None],
        tell: Callable[[str], None],
        clock: Callable[[], float] = time.perf_counter,
        name: str | None = None,
    ) -> None:
        """`keep_files` stores what callbacks wrote; `tell` is told what the store lacks.

        `name` is the checkpoint the run goes on from, which the first one replaces.
        """
        self._lease, self._artifacts = lease, artifacts
        self._keep_files, self._tell = keep_files, tell
        self._clock, self._began = clock, clock()
        self._spent_s = self._last_s = 0.0
        self._name = name
        self._without: tuple[int, Callable[[], Arrays]] | None = None

    def add(self, epoch: EpochRecord, take: Callable[[], Arrays]) -> None:
        """Commit `epoch`; `take` takes the snapshot for a checkpoint, until the next one ends.

        Raises:
            LeaseLost: another worker has claimed the run.
        """
        epochs = epoch.epoch + 1
        name = self._checkpoint(epochs, take) if self._due() else None
        patiently(lambda: self._lease.add_epoch(epoch, name), self._tell)
        self._without = None if name else (epochs, take)
        self._replace(name)

    def lay_down(self) -> None:
        """Pause the run, as the function `lay_down` does, to go on from its last whole epoch.

        Where no checkpoint can be written just now, it goes on from an earlier one.

        Raises:
            LeaseLost: another worker has claimed the run.
        """
        name = self._checkpoint(*self._without) if self._without else None
        if lay_down(self._lease, name):
            self._replace(name)

    def _replace(self, name: str | None) -> None:
        """Delete the checkpoint before `name`, which the store knows by now."""
        if not name:
            return
        began = self._clock()
        if self._name and self._name != name:
            forget_checkpoints(self._lease.run_id, self._artifacts, f"{self._name}.")
        self._name = name
        took_s = self._clock() - began
        self._last_s += took_s
        self._spent_s += took_s

    def _due(self) -> bool:
        elapsed_s = self._clock() - self._began
        return self._spent_s + self._last_s <= SHARE * elapsed_s

    def _checkpoint(self, epochs: int, take: Callable[[], Arrays]) -> str | None:
        """Store a checkpoint; its name, or None where it cannot be written just now.

        Raises:
            LeaseLost: another worker has claimed the run.
        """
        began = self._clock()
        # The number of the lease keeps a worker that was cut off from writing over this one.
        name = f"{PREFIX}{self._lease.fence}-{epochs}"
        try:
            self._lease.control()  # the files of callbacks have the same names for every worker
            self._keep_files()
            self._artifacts.save(self._lease.run_id, name, take(), compressed=False)
        except StoreUnavailable as error:
            _log.warning("no checkpoint: %s", error, extra={"run": self._lease.run_id})
            self._tell(str(error))
            return None
        finally:
            self._last_s = self._clock() - began
            self._spent_s += self._last_s
        return name


def lay_down(lease: Lease, checkpoint: str | None = None) -> bool:
    """Pause a run, to go on from `checkpoint` if there is one; False if it was another worker's.

    Somebody may have asked to go on meanwhile: then it waits for a worker again.
    """
    if patiently(lambda: lease.pause(checkpoint)):
        became = "paused"
    elif patiently(lambda: lease.put_back(checkpoint)):
        became = "put back into the queue"
    else:
        became = ""
    _log.info(became or "not paused: taken over by another worker", extra={"run": lease.run_id})
    return bool(became)


def forget_checkpoints(run_id: str, artifacts: Artifacts, name: str = PREFIX) -> None:
    """Delete a run's checkpoints, also those of workers that were lost; or the one named."""
    try:
        artifacts.remove(run_id, name)
    except StoreUnavailable as error:
        _log.warning("%s left behind: %s", name, error, extra={"run": run_id})
