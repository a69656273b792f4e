"""Where training begins and what it leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import keras
import numpy as np
from numpy.typing import NDArray

from core import records
from core.records import EpochRecord
from core.training.program import Program
from core.training.snapshot import Arrays

Floats = NDArray[np.float32]
Outcome = Literal["finished", "stopped", "diverged"]


@dataclass(frozen=True)
class Start:
    """Where another run ended: its weights and optimizer as `.weights.h5`, and its epochs.

    What its callbacks remembered is not known, nor the weights of its best epoch.
    """

    weights: Path
    epochs: int


@dataclass(frozen=True)
class TestResult:
    """Metrics over the test samples, and the outputs for them, (n, outputs)."""

    evaluation: dict[str, float]
    outputs: Floats


@dataclass(frozen=True)
class TrainedRun:
    """What training left behind.

    `test_true` holds the test labels, (n,) integers or (n, 1) floats; `last` the test with the
    weights training ended with, `best` that with those of `best_epoch` (from 0), the epoch of the
    lowest validation loss, if they are others. All are None when training was stopped during the
    test, or diverged. `validation_true` and `validation_outputs` are the same of the validation
    samples, with the weights training ended with; None where the loop did not keep them.
    `diverging` are pairs of batches done and mean loss within the epoch a run diverged in.
    `folder` is where callbacks have written their files, if any. `epochs_before` were trained
    before, in another run or process. Training ended with the weights of `end_epoch` (from 0): the
    last one, or the one early stopping put back. `best_since` is the first epoch that was compared
    for the best. `state` takes a snapshot of the last epoch's end, to go on from.
    """

    program: Program
    records: tuple[EpochRecord, ...]
    outcome: Outcome
    folder: Path | None
    reason: str = ""
    test_true: NDArray[np.generic] | None = None
    last: TestResult | None = None
    best: TestResult | None = None
    best_epoch: int | None = None
    best_weights: list[Floats] = field(default_factory=list)
    validation_true: NDArray[np.generic] | None = None
    validation_outputs: Floats | None = None
    epochs_before: int = 0
    diverging: tuple[tuple[int, float], ...] = ()
    end_epoch: int = -1
    best_since: int = 0
    state: Callable[[], Arrays] | None = None

    @property
    def trained(self) -> bool:
        """Whether there was an epoch, here or before."""
        return bool(self.records or self.epochs_before)

    @property
    def model(self) -> keras.Sequential:
        """The model as training left it."""
        return self.program.model

    @property
    def history(self) -> dict[str, list[float]]:
        """Metric name to one float an epoch, under Keras's names: loss, accuracy, val_loss, …"""
        return records.history(self.records)

    @property
    def evaluation(self) -> dict[str, float]:
        """The test metrics; empty when there was no test."""
        return self.last.evaluation if self.last else {}

    @property
    def test_outputs(self) -> Floats | None:
        """What the model says of the test samples, (n, outputs)."""
        return self.last.outputs if self.last else None
