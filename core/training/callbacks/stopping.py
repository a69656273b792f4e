"""Ends training early: when someone asks, or when the loss is no longer a number."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from typing import Any

import keras

from core.training.callbacks.hooks import BetweenCalls

INTERVAL_S = 0.2


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


class StopOnDivergence(keras.callbacks.Callback):  # type: ignore[misc]
    """Stops after an epoch whose loss is NaN or infinite, and says so in `reason`."""

    def __init__(self) -> None:
        super().__init__()
        self.reason = ""

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Check the loss of the epoch."""
        loss = float((logs or {}).get("loss", 0.0))
        if math.isfinite(loss):
            return
        self.model.stop_training = True
        rate = float(self.model.optimizer.learning_rate)
        what = "is no longer a number" if math.isnan(loss) else "became infinite"
        self.reason = (
            f"The loss {what} in epoch {epoch + 1}: training diverged. The usual cause is a "
            f"learning rate that is too large; it was {rate:g}. Try a tenth of it."
        )
