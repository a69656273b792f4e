"""`Retests`: tests of kept models in the workers, one at a time for each visitor."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError

import distributed

from core.errors import (
    EpochscopeError,
    LimitExceeded,
    Problem,
    TrainingError,
    WorkersUnavailable,
)
from core.jobs import cluster

_log = logging.getLogger(__name__)


class Retests:
    """The tests that go on. They pass the queue of runs: nobody may hold several workers so."""

    def __init__(self) -> None:
        self._visitors: set[str] = set()
        self._lock = threading.Lock()

    def run(
        self, visitor: str, submit: Callable[[], distributed.Future], timeout_s: float
    ) -> dict[str, float]:
        """What the task gives that `submit` sends to a worker; it is waited for once it has begun.

        Raises:
            LimitExceeded: a test of this visitor's goes on.
            WorkersUnavailable: no worker was free for `timeout_s` seconds, or it was lost.
        """
        with self._lock:
            if visitor in self._visitors:
                raise _goes_on()
            self._visitors.add(visitor)
        try:
            return _result(submit(), timeout_s)
        finally:
            with self._lock:
                self._visitors.discard(visitor)


def _result(task: distributed.Future, timeout_s: float) -> dict[str, float]:
    while True:
        try:
            error = task.exception(timeout_s)
            if error is None:
                found: dict[str, float] = task.result(timeout_s)
                return found
        except TimeoutError:
            # A task that has begun cannot be called back: its worker is busy until it ends.
            if cluster.has_begun(task):
                continue
            task.cancel()
            raise WorkersUnavailable(
                "All training processes are busy. Try again when a run has ended."
            ) from None
        except (CancelledError, *cluster.AWAY):
            raise _away() from None
        raise _of_task(error)


def _of_task(error: BaseException) -> EpochscopeError:
    """What a visitor reads of an error within the task."""
    if isinstance(error, EpochscopeError):
        return error
    if isinstance(error, distributed.KilledWorker | CancelledError):
        return _away()
    _log.error("a test ended by an error", exc_info=error)
    return TrainingError(
        f"The test ended with an unexpected error ({type(error).__name__}). This is a defect of "
        "Epochscope: please report it; the server's log has more."
    )


def _away() -> WorkersUnavailable:
    return WorkersUnavailable("The training processes went away. Try again in a minute.")


def _goes_on() -> LimitExceeded:
    message = (
        "Test: one of yours is still going on, but only one at a time can. Wait until it has "
        "ended, then test again."
    )
    return LimitExceeded((Problem(("queue",), message),))
