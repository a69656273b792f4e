"""Times each epoch and hands it on as an `EpochRecord`."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from core.records import EpochRecord
from core.training.callbacks.hooks import BetweenCalls


class EpochRecorder(BetweenCalls):
    """Collects the epochs in `records` and gives each to `on_epoch` as soon as it ends.

    The duration runs from the epoch's first batch to the end of its validation, in seconds.
    """

    def __init__(self, on_epoch: Callable[[EpochRecord], None] | None = None) -> None:
        super().__init__()
        self.records: list[EpochRecord] = []
        self._on_epoch = on_epoch
        self._began = 0.0
        self._learning_rate = float("nan")

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Start the clock, and note the learning rate the epoch is trained with."""
        self._began = time.perf_counter()

    def on_train_batch_begin(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Read the rate at the first batch, after every callback has had its say about it."""
        if batch == 0:
            self._learning_rate = float(self.model.optimizer.learning_rate)

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Keep the epoch and hand it on."""
        record = EpochRecord(
            epoch=epoch,
            metrics={name: float(value) for name, value in (logs or {}).items()},
            duration_s=time.perf_counter() - self._began,
            learning_rate=self._learning_rate,
        )
        self.records.append(record)
        if self._on_epoch:
            self._on_epoch(record)
