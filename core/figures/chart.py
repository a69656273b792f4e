"""What belongs to a chart beside its drawing: a sentence on what it shows, and its numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import plotly.graph_objects as go

from core.figures.metrics import written

Info = TypeVar("Info")
# Columns by name, from left to right, all of one length.
Table = dict[str, Sequence[object]]
IN_WORDS = {"train": "training", "validation": "validation", "test": "test"}


@dataclass(frozen=True)
class Chart(Generic[Info]):
    """One kind of chart: each function takes the same `<name>_info`.

    The sentence is plain text, for whoever does not see the drawing; `table` holds its numbers.
    """

    figure: Callable[[Info], go.Figure]
    sentence: Callable[[Info], str]
    table: Callable[[Info], Table]


def number(value: float) -> str:
    """A value of the data to three significant figures, whole numbers in full.

    `0.142`, `16`, `1,683`, `2.5e+09`.
    """
    return f"{value:,.0f}" if 1000 <= abs(value) < 1e9 else f"{value:.3g}"


def counted(count: int, one: str, many: str = "") -> str:
    """`1 sample`, `2,000 samples`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def course(metric: str, epochs: Sequence[int], values: Sequence[float | None]) -> str:
    """Where a curve begins and ends: `from 2.3 in epoch 1 to 0.41 in epoch 10`."""
    known = [
        (epoch, written(metric, value))
        for epoch, value in zip(epochs, values, strict=True)
        if value is not None
    ]
    if not known:
        return "no finite value"
    (first, start), (last, end) = known[0], known[-1]
    words = f"{end} in epoch {last}"
    if len(known) > 1:
        words = f"from {start} in epoch {first} to {words}"
    return words if last == epochs[-1] else f"{words}, then no finite value"
