"""Which epoch's weights a run ends with, where early stopping puts the best ones back."""

from __future__ import annotations

import math
from collections.abc import Sequence

from core.experiment import Experiment
from core.experiment.callbacks import EarlyStopping, direction
from core.records import EpochRecord


def kept_epoch(experiment: Experiment, records: Sequence[EpochRecord]) -> int | None:
    """Position in `records` of the epoch whose weights early stopping puts back at the end.

    None where a run ends with the weights of its last epoch. As `keras.callbacks.EarlyStopping`:
    an epoch is better where the monitored value beats the best before by more than `min_delta`.
    """
    stopping = experiment.callbacks.early_stopping
    if stopping is None or not stopping.restore_best_weights or not records:
        return None
    values = [record.metrics.get(stopping.monitor, math.nan) for record in records]
    kept = 0
    for position, value in enumerate(values):
        if position and _better(value, values[kept], stopping):
            kept = position
    return None if kept == len(records) - 1 else kept


def _better(value: float, best: float, stopping: EarlyStopping) -> bool:
    if direction(stopping.monitor) == "min":
        return value + stopping.min_delta < best
    return value - stopping.min_delta > best
