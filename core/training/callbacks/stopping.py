"""Ends training early: when someone asks, or when the loss is no longer a number."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from typing import Any

from core.formats import significant
from core.training.callbacks.hooks import BetweenCalls

INTERVAL_S = 0.2
_MOST_POINTS = 400


class StopRequestedError(Exception):
    """Leaves the training loop in the middle of an epoch; `train` catches it."""


class StopOnRequest(BetweenCalls):
    """Asks `wanted()` at most every `INTERVAL_S` seconds, between batches of any kind.

    It raises instead of setting `model.stop_training`, with which Keras would validate and
    record the unfinished epoch as if it were whole. It raises once, so that what was learned
    can still be tested.
    """

    def __init__(self, wanted: Callable[[], bool]) -> None:
        super().__init__()
        self._wanted = wanted
        self._due = 0.0
        self._raised = False

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Check before the first batch, which takes long in the first epoch."""
        self._check()

    def on_train_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Check between training batches."""
        self._check()

    def on_test_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Check between validation batches."""
        self._check()

    def on_predict_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Check between test batches."""
        self._check()

    def _check(self) -> None:
        now = time.monotonic()
        if self._raised or now < self._due:
            return
        self._due = now + INTERVAL_S
        if self._wanted():
            self._raised = True
            raise StopRequestedError


class StopOnDivergence(BetweenCalls):
    """Stops after an epoch whose loss is NaN or infinite, and says so in `reason`.

    `course` then holds the mean losses within that epoch, as Keras's progress bar shows them:
    pairs of the batches done and the mean over them.

    `remedy` says why that may be and what to do, given the learning rate.
    """

    def __init__(self, remedy: Callable[[float], str] = lambda rate: "") -> None:
        super().__init__()
        self._remedy = remedy
        self.reason = ""
        self.course: list[tuple[int, float]] = []

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Forget the epoch before."""
        self.course = []

    def on_train_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Remember the mean loss so far; of many batches, every other one."""
        self.course.append((batch + 1, float((logs or {}).get("loss", math.nan))))
        if len(self.course) > _MOST_POINTS:
            self.course = self.course[::2]

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Check the loss of the epoch."""
        loss = float((logs or {}).get("loss", 0.0))
        if math.isfinite(loss):
            return
        self.model.stop_training = True
        what = "is no longer a number" if math.isnan(loss) else "became infinite"
        remedy = self._remedy(float(self.model.optimizer.learning_rate))
        self.reason = (
            f"The loss {what} in epoch {epoch + 1}: training diverged.{self._how()} {remedy}"
        ).rstrip()

    def _how(self) -> str:
        """How the mean loss went before, and from which batch on it was lost."""
        finite = [point for point in self.course if math.isfinite(point[1])]
        lost = [batches for batches, loss in self.course if not math.isfinite(loss)]
        if not finite:
            return f" It was so after batch {lost[0]} already." if lost else ""
        means = [f"{significant(loss)} after batch {batches}" for batches, loss in finite]
        course = means[0] if len(means) == 1 else f"{means[0]} and {means[-1]}"
        end = f"; it was lost by batch {lost[0]}" if lost else ""
        return f" Its mean over the epoch's batches was {course}{end}."
