"""The few numbers that sum up repeated measurements, with their units."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import numpy as np

MEGABYTE = 1_000_000


def seconds(values: Sequence[float]) -> str:
    """Median and, of several, the largest: `0.84 s, at most 1.10 s`."""
    if len(values) == 1:
        return f"{values[0]:.2f} s"
    return f"median {median(values):.2f} s, at most {max(values):.2f} s"


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that `percent` of all values do not exceed, interpolated."""
    return float(np.percentile(values, percent))


def milliseconds(values: Sequence[float]) -> str:
    """Median and 95th percentile of durations in seconds: `p50 62 ms, p95 110 ms`."""
    low, high = (1000 * percentile(values, percent) for percent in (50, 95))
    return f"p50 {low:.0f} ms, p95 {high:.0f} ms"


def megabytes(size_bytes: float) -> str:
    """Decimal megabytes: `247 MB`."""
    return f"{size_bytes / MEGABYTE:,.0f} MB"
