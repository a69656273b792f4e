"""Several runs in one plot: a colour and a symbol each, training solid, validation dashed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from core.figures.history import Curve, history_info
from core.figures.metrics import epoch_axis, hover_format, metric_axis
from core.figures.theme import (
    DASHES,
    GREY,
    SPLIT_TITLES,
    Spec,
    color,
    note,
    shortened,
    styled,
    symbol,
)
from core.records import EpochRecord

Run = tuple[str, Sequence[EpochRecord]]

# A phone shows about this many characters in a line.
_TITLE_LENGTH = 46
_MARKS = 6


@dataclass(frozen=True)
class RunCurves:
    """One run: its title, its epochs (from 1) and its curves; its place gives its colour."""

    title: str
    epochs: tuple[int, ...]
    curves: tuple[Curve, ...]


@dataclass(frozen=True)
class CompareInfo:
    """One metric of several runs."""

    metric: str
    runs: tuple[RunCurves, ...]
    log: bool = False


def compare_info(
    runs: Sequence[Run], metric: str, smoothing: float = 0.0, log: bool = False
) -> CompareInfo:
    """Collect `metric` of runs given as (title, records); titles may repeat."""
    histories = ((title, history_info(records, metric, smoothing, log)) for title, records in runs)
    return CompareInfo(
        metric, tuple(RunCurves(title, info.epochs, info.curves) for title, info in histories), log
    )


def compare_figure(info: CompareInfo) -> go.Figure:
    """Draw all runs: a colour and a symbol each, training solid, validation dashed."""
    traces = [
        _line(info.metric, run, curve, position)
        for position, run in enumerate(info.runs)
        for curve in run.curves
    ]
    splits = dict.fromkeys(curve.split for run in info.runs for curve in run.curves)
    traces += [_split_key(split) for split in splits]
    traces += [_run_key(run, position) for position, run in enumerate(info.runs)]
    longest = max((max(run.epochs, default=1) for run in info.runs), default=1)
    return styled(
        traces,
        height=420 + 20 * len(info.runs),
        revision=f"compare {info.metric} {info.log}",
        margin={"l": 8, "r": 8, "t": 12, "b": 8},
        xaxis=epoch_axis(longest),
        yaxis=metric_axis(info.metric, info.log),
        annotations=[] if traces else [note("Choose runs to compare")],
        # Below the plot there is room for long titles, one a line on a phone.
        legend={
            **{"orientation": "h", "x": 0, "xanchor": "left", "y": -0.18, "yanchor": "top"},
            **{"itemclick": "toggle", "groupclick": "togglegroup"},
        },
    )


def _line(metric: str, run: RunCurves, curve: Curve, position: int) -> Spec:
    count = len(run.epochs)
    # A symbol now and then tells runs apart without their colours.
    marked = {count - 1, *range(0, count, max(1, count // _MARKS))}
    hover = f"Epoch %{{x}}: %{{y:{hover_format(metric)}}}"
    return {
        "type": "scatter",
        "legendgroup": f"run {position}",
        "showlegend": False,
        **{"x": run.epochs, "y": curve.shown, "mode": "lines+markers"},
        "line": {"color": color(position), "dash": DASHES[curve.split], "width": 2.2},
        "marker": {
            **{"symbol": symbol(position), "color": color(position)},
            "size": [8 if place in marked else 0 for place in range(count)],
        },
        "hovertemplate": f"{shortened(run.title, _TITLE_LENGTH)}<br>"
        f"{hover} ({SPLIT_TITLES[curve.split].lower()})<extra></extra>",
    }


def _run_key(run: RunCurves, position: int) -> Spec:
    tint = color(position)
    return _key(shortened(run.title, _TITLE_LENGTH)) | {
        "legendgroup": f"run {position}",
        "line": {"color": tint, "width": 2.2},
        "marker": {"symbol": symbol(position), "color": tint, "size": 8},
    }


def _split_key(split: str) -> Spec:
    line = {"color": GREY, "dash": DASHES[split], "width": 2.2}
    return _key(SPLIT_TITLES[split]) | {"mode": "lines", "line": line}


def _key(name: str) -> Spec:
    """A legend entry without a line of its own."""
    return {
        "type": "scatter",
        "name": name,
        **{"mode": "lines+markers", "x": (None,), "y": (None,), "hoverinfo": "skip"},
    }
