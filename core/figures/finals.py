"""Where several runs ended: training beside validation, and the gap between the two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from core.analysis import gap
from core.figures.chart import Table, counted
from core.figures.compare import run_title
from core.figures.metrics import is_share, metric_title, written
from core.figures.theme import (
    INK,
    Spec,
    axis,
    color,
    label,
    margin,
    note,
    plain,
    spec,
    styled,
    translucent,
)
from core.records import EpochRecord

_ROW_HEIGHT = 86


@dataclass(frozen=True)
class FinalRow:
    """Where one run ended; `gap` is positive where validation is worse, None without validation."""

    title: str
    train: float | None
    validation: float | None
    gap: float | None


@dataclass(frozen=True)
class FinalsInfo:
    """The last epoch of several runs in one metric."""

    metric: str
    rows: tuple[FinalRow, ...]


def finals_info(
    runs: Sequence[tuple[str, Sequence[EpochRecord]]], metric: str = "accuracy"
) -> FinalsInfo:
    """Collect the last value of `metric` of runs given as (title, records); titles may repeat.

    A run without epochs keeps its place, so that colours agree with `compare_figure`.
    """
    return FinalsInfo(metric, tuple(_row(title, records, metric) for title, records in runs))


def finals_figure(info: FinalsInfo) -> go.Figure:
    """Draw two bars a run: training filled, validation hatched, in the run's colour."""
    traces = [bar for place, row in enumerate(info.rows) for bar in _bars(info, row, place)]
    headings = [_heading(info, row, place) for place, row in enumerate(info.rows)]
    values = [value for row in info.rows for value in (row.train, row.validation) if value]
    top, ticks = max(values, default=1.0), "~g"
    if is_share(info.metric):
        top, ticks = 1.0, "~%"
    steady = spec(fixedrange=True, zeroline=False, nticks=5, tickformat=ticks)
    count = max(1, len(info.rows))
    return styled(
        traces,
        height=70 + _ROW_HEIGHT * count,
        revision=f"finals {info.metric}",
        margin=margin(8),
        barmode="overlay",
        showlegend=False,
        annotations=headings or [note("Choose runs to compare")],
        # The words behind the longest bar need the last third of the width.
        xaxis=axis(metric_title(info.metric), domain=[0, 0.68], range=[0, top], **steady),
        yaxis=spec(visible=False, fixedrange=True, range=[count - 0.5, -0.5]),
    )


def finals_sentence(info: FinalsInfo) -> str:
    """Of each run, its last value in training and validation."""
    words = f"{metric_title(info.metric)} at the last epoch of {counted(len(info.rows), 'run')}."
    return words + "".join(f" {row.title}: {_values(info, row)}." for row in info.rows)


def finals_table(info: FinalsInfo) -> Table:
    """A row a run."""
    return {
        "Run": [row.title for row in info.rows],
        "Train": [row.train for row in info.rows],
        "Validation": [row.validation for row in info.rows],
    }


def _values(info: FinalsInfo, row: FinalRow) -> str:
    named = (("training", row.train), ("validation", row.validation))
    found = [f"{name} {written(info.metric, value)}" for name, value in named if value is not None]
    return ", ".join(found) or "no finite value"


def _row(title: str, records: Sequence[EpochRecord], metric: str) -> FinalRow:
    last = records[-1].metrics if records else {}
    names = (metric, f"val_{metric}")
    train, validation = plain(last.get(name, float("nan")) for name in names)
    behind = None
    if train is not None and validation is not None:
        behind = float(gap([train], [validation], metric)[0])
    return FinalRow(title, train, validation, behind)


def _bars(info: FinalsInfo, row: FinalRow, place: int) -> list[Spec]:
    tint = color(place)
    hatch = spec(shape="/", fgcolor=tint, size=7, solidity=0.35)
    rim = spec(color=tint, width=1.5)
    filled = spec(color=tint, cornerradius=3)
    hatched = spec(color=translucent(tint, 0.15), cornerradius=3, line=rim, pattern=hatch)
    parts = ((row.train, 0.0, filled, "train"), (row.validation, 0.28, hatched, "validation"))
    return [
        spec(
            type="bar",
            orientation="h",
            x=(value,),
            y=(place + offset,),
            width=0.24,
            marker=marker,
            text=(f"{written(info.metric, value)} {split}",),
            textposition="outside",
            textfont=spec(color=INK),
            cliponaxis=False,
            hovertemplate=f"{run_title(row.title)}<br>%{{text}}<extra></extra>",
        )
        for value, offset, marker, split in parts
        if value is not None
    ]


def _heading(info: FinalsInfo, row: FinalRow, place: int) -> Spec:
    """The run's title above its bars, where it has the whole width, and the gap in words."""
    words = " · no epoch yet" if row.train is None else ""
    if row.gap is not None:
        size = f"{abs(row.gap):.3g}"
        if is_share(info.metric):
            size = f"{100 * abs(row.gap):.1f} points"
        words = f" · gap {size}" if row.gap >= 0 else f" · validation ahead by {size}"
    at = spec(xref="paper", x=0, xanchor="left", y=place - 0.28, font=spec(color=INK))
    return label(f"<b>{run_title(row.title)}</b>{words}", **at)
