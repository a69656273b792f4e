"""What can be read from a metric's curve: its trend, its best epoch, its gap, and the time left."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

_ERRORS = frozenset({"loss", "mae", "mse", "mean_absolute_error", "mean_squared_error"})

# Enough epochs to outvote a slow one, few enough to follow a computer that became busy.
RECENT_EPOCHS = 5


def smooth(values: ArrayLike, weight: float) -> FloatArray:
    """Exponential moving average without the pull towards zero at the start, shape (n,).

    `weight` (0 to below 1) is the share of the past: 0 changes nothing. Values that are not
    finite are passed through and do not count. Same numbers as TensorBoard's `classicSmoothing`
    (tensorboard/webapp/widgets/line_chart_v2/data_transformer.ts).

    Raises:
        ValueError: `weight` is outside its range.
    """
    if not 0 <= weight < 1:
        raise ValueError(f"smoothing weight {weight} was given; use 0 (none) to below 1, as 0.6.")
    raw = np.asarray(values, dtype=np.float64)
    smoothed = raw.copy()
    if _constant(raw):  # else rounding draws ripples on a flat line (tensorboard issue 786)
        return smoothed
    average, count = 0.0, 0
    for position, value in enumerate(raw):
        if np.isfinite(value):
            count += 1
            average = weight * average + (1 - weight) * value
            smoothed[position] = average / (1 - weight**count)
    return smoothed


def lower_is_better(metric: str) -> bool:
    """Whether a metric, by its Keras name with or without `val_`, is an error."""
    return metric.removeprefix("val_") in _ERRORS


def best_epoch(values: ArrayLike, metric: str) -> int | None:
    """Position (from 0) of the best finite value, the first on a tie; None if there is none."""
    curve = np.asarray(values, dtype=np.float64)
    if not np.isfinite(curve).any():
        return None
    cost = curve if lower_is_better(metric) else -curve
    return int(np.argmin(np.where(np.isfinite(curve), cost, np.inf)))


def gap(train: ArrayLike, validation: ArrayLike, metric: str) -> FloatArray:
    """How much worse validation is than training at each epoch, in the metric's unit, (n,).

    Positive means worse, for errors and scores alike.
    """
    difference = np.asarray(validation, np.float64) - np.asarray(train, np.float64)
    return difference if lower_is_better(metric) else -difference


def seconds_per_epoch(durations_s: Sequence[float]) -> float | None:
    """The usual length of the most recent epochs; None before the first has ended.

    The median, because the first epoch also builds the graph and would count double.
    """
    return median(durations_s[-RECENT_EPOCHS:]) if durations_s else None


def seconds_left(durations_s: Sequence[float], planned_epochs: int) -> float | None:
    """Time until `planned_epochs` are done at the recent pace; None before the first has ended."""
    pace = seconds_per_epoch(durations_s)
    return None if pace is None else pace * max(0, planned_epochs - len(durations_s))


def _constant(values: FloatArray) -> bool:
    finite = values[np.isfinite(values)]
    return finite.size == 0 or bool((finite == finite[0]).all())
