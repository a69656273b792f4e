"""Where several runs ended: training beside validation, and the gap between the two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from core.analysis import gap
from core.figures.metrics import is_share, metric_title, written
from core.figures.theme import Spec, axis, color, note, plain, shortened, styled, translucent
from core.records import EpochRecord

# A phone shows about this many characters in a line.
_TITLE_LENGTH = 46
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
    """Collect the last value of `metric` of runs given as (title, records)."""
    return FinalsInfo(
        metric, tuple(_row(title, records[-1], metric) for title, records in runs if records)
    )


def finals_figure(info: FinalsInfo) -> go.Figure:
    """Draw two bars a run: training filled, validation hatched, in the run's colour."""
    traces = [trace for place, row in enumerate(info.rows) for trace in _bars(info, row, place)]
    values = [value for row in info.rows for value in (row.train, row.validation) if value]
    # Room on the right for the number behind the longest bar.
    top = 1.0 if is_share(info.metric) else max(values, default=1.0)
    ticks = (
        {"tickvals": [0, 0.25, 0.5, 0.75, 1], "tickformat": "~%"} if is_share(info.metric) else {}
    )
    return styled(
        traces,
        height=70 + _ROW_HEIGHT * max(1, len(info.rows)),
        revision=f"finals {info.metric}",
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        barmode="overlay",
        showlegend=False,
        annotations=[_heading(info, row, place) for place, row in enumerate(info.rows)]
        or [note("Choose runs to compare")],
        xaxis=axis(metric_title(info.metric), range=[0, 1.45 * top], fixedrange=True, **ticks),
        yaxis={
            **{"range": [max(1, len(info.rows)) - 0.5, -0.5], "visible": False},
            "fixedrange": True,
        },
    )


def _row(title: str, last: EpochRecord, metric: str) -> FinalRow:
    names = (metric, f"val_{metric}")
    train, validation = plain(last.metrics.get(name, float("nan")) for name in names)
    behind = None
    if train is not None and validation is not None:
        behind = float(gap([train], [validation], metric)[0])
    return FinalRow(title, train, validation, behind)


def _bars(info: FinalsInfo, row: FinalRow, place: int) -> list[Spec]:
    tint = color(place)
    filled: Spec = {"color": tint, "cornerradius": 3}
    hatched: Spec = {
        **{"color": translucent(tint, 0.15), "cornerradius": 3},
        "line": {"color": tint, "width": 1.5},
        "pattern": {"shape": "/", "fgcolor": tint, "size": 7, "solidity": 0.35},
    }
    return [
        {
            "type": "bar",
            "orientation": "h",
            **{"x": (value,), "y": (place + offset,), "width": 0.24, "marker": marker},
            "text": (f"{written(info.metric, value)} {split}",),
            **{"textposition": "outside", "cliponaxis": False},
            "hovertemplate": f"{row.title}<br>%{{text}}<extra></extra>",
        }
        for value, offset, marker, split in (
            (row.train, 0.0, filled, "train"),
            (row.validation, 0.28, hatched, "validation"),
        )
        if value is not None
    ]


def _heading(info: FinalsInfo, row: FinalRow, place: int) -> Spec:
    """The run's title above its bars, where it has the whole width, and the gap in words."""
    words = ""
    if row.gap is not None:
        size = (
            f"{100 * abs(row.gap):.1f} points" if is_share(info.metric) else f"{abs(row.gap):.3g}"
        )
        words = f" · gap {size}" if row.gap >= 0 else f" · validation better by {size}"
    return {
        "text": f"<b>{shortened(row.title, _TITLE_LENGTH)}</b>{words}",
        **{"x": 0, "xanchor": "left", "xref": "paper", "y": place - 0.28, "showarrow": False},
    }
