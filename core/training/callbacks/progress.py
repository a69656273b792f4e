"""Tells how far the current epoch is, no oftener than an eye can use."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from core.records import Progress
from core.training.callbacks.hooks import BetweenCalls

INTERVAL_S = 0.25


class ProgressReporter(BetweenCalls):
    """Calls `report` with a `Progress` at most every `INTERVAL_S` seconds."""

    def __init__(self, report: Callable[[Progress], None]) -> None:
        super().__init__()
        self._report = report
        self._epoch = 0
        self._due = 0.0

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Remember the epoch."""
        self._epoch = epoch
        self._tell("Training", 0)

    def on_train_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Report batches trained, and the means over them that Keras's progress bar shows."""
        self._tell("Training", batch + 1, logs)

    def on_test_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Report that validation is under way."""
        self._tell("Validating", self._batches)

    def on_predict_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Report that the test samples are being predicted."""
        self._tell("Testing", self._batches)

    @property
    def _batches(self) -> int:
        return int((self.params or {}).get("steps") or 0)

    def _tell(self, phase: str, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        now = time.monotonic()
        if now >= self._due:
            self._due = now + INTERVAL_S
            means = {name: float(value) for name, value in (logs or {}).items()}
            self._report(Progress(phase, self._epoch, batch, self._batches, means=means))
