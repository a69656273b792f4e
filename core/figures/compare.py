"""Several runs in one plot: a colour and a symbol each, training solid, validation dashed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from core.figures.chart import Table, counted
from core.figures.history import Curve, curve_words, history_info
from core.figures.metrics import epoch_axis, hover_format, metric_axis, metric_title
from core.figures.theme import (
    DASHES,
    GREY,
    SPLIT_TITLES,
    Spec,
    color,
    inert,
    margin,
    note,
    packed,
    shortened,
    spec,
    styled,
    symbol,
)
from core.records import EpochRecord

# A phone shows about this many characters in a line; a run's time of day stands at the end.
TITLE_LENGTH = 44
TITLE_TAIL = 11
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
    runs: Sequence[tuple[str, Sequence[EpochRecord]]],
    metric: str,
    smoothing: float = 0.0,
    log: bool = False,
) -> CompareInfo:
    """Collect `metric` of runs given as (title, records); titles may repeat."""
    found = ((title, history_info(records, metric, smoothing, log)) for title, records in runs)
    curves = tuple(RunCurves(title, info.epochs, info.curves) for title, info in found)
    return CompareInfo(metric, curves, log)


def compare_figure(info: CompareInfo) -> go.Figure:
    """Draw all runs; a click on a run's legend entry hides both of its curves."""
    traces = [
        trace
        for place, run in enumerate(info.runs)
        for curve in run.curves
        for trace in (_line(info.metric, run, curve, place), _marks(run, curve, place))
    ]
    splits = dict.fromkeys(curve.split for run in info.runs for curve in run.curves)
    traces += [_split_key(split) for split in splits]
    traces += [_run_key(run, place) for place, run in enumerate(info.runs)]
    longest = max((epoch for run in info.runs for epoch in run.epochs), default=1)
    return styled(
        traces,
        height=400 + 22 * len(info.runs),
        revision=f"compare {info.metric} {info.log}",
        margin=margin(12),
        xaxis=epoch_axis(longest),
        yaxis=metric_axis(info.metric, info.log),
        annotations=[] if info.runs else [note("Choose runs to compare")],
        # Below the plot there is room for long titles, one a line on a phone.
        legend=spec(orientation="h", x=0, xanchor="left", y=-0.2, yanchor="top"),
    )


def compare_sentence(info: CompareInfo) -> str:
    """Of each run, where its curves begin and end."""
    words = f"{metric_title(info.metric)} by epoch of {counted(len(info.runs), 'run')}."
    parts = (
        f" {run.title}: {curve_words(info.metric, run.epochs, run.curves) or 'no epoch yet'}."
        for run in info.runs
    )
    return words + "".join(parts)


def compare_table(info: CompareInfo) -> Table:
    """A row an epoch of a run, a column for each part."""
    splits = list(dict.fromkeys(curve.split for run in info.runs for curve in run.curves))
    rows = [(run, place) for run in info.runs for place in range(len(run.epochs))]
    values = [{curve.split: curve.raw for curve in run.curves} for run, _ in rows]
    columns: Table = {
        SPLIT_TITLES[split]: [
            found[split][place] if split in found else None
            for found, (_, place) in zip(values, rows, strict=True)
        ]
        for split in splits
    }
    named: Table = {
        "Run": [run.title for run, _ in rows],
        "Epoch": [run.epochs[place] for run, place in rows],
    }
    return named | columns


def run_title(title: str) -> str:
    """A run's title cut in the middle to fit a phone, and as plain text: visitors name runs."""
    return inert(shortened(title, TITLE_LENGTH, TITLE_TAIL))


def _line(metric: str, run: RunCurves, curve: Curve, place: int) -> Spec:
    return spec(
        type="scatter",
        legendgroup=f"run {place}",
        showlegend=False,
        x=packed(run.epochs),
        y=packed(curve.shown),
        mode="lines",
        line=spec(color=color(place), dash=DASHES[curve.split], width=2.2),
        hovertemplate=f"{run_title(run.title)}<br>Epoch %{{x}}: %{{y:{hover_format(metric)}}} "
        f"({SPLIT_TITLES[curve.split].lower()})<extra></extra>",
    )


def _marks(run: RunCurves, curve: Curve, place: int) -> Spec:
    """A symbol now and then, which tells runs apart without their colours.

    A trace of its own: a browser draws an element for every marker, be it of no size.
    """
    count = len(run.epochs)
    marked = sorted({*range(0, count, max(1, count // _MARKS)), *range(count)[-1:]})
    return spec(
        type="scatter",
        legendgroup=f"run {place}",
        showlegend=False,
        x=[run.epochs[position] for position in marked],
        y=[curve.shown[position] for position in marked],
        mode="markers",
        marker=spec(symbol=symbol(place), color=color(place), size=8),
        hoverinfo="skip",
    )


def _run_key(run: RunCurves, place: int) -> Spec:
    line = spec(color=color(place), width=2.2)
    marker = spec(symbol=symbol(place), color=color(place), size=8)
    shown = spec(mode="lines+markers", line=line, marker=marker)
    return _key(run_title(run.title), legendgroup=f"run {place}", **shown)


def _split_key(split: str) -> Spec:
    line = spec(color=GREY, dash=DASHES[split], width=2.2)
    return _key(SPLIT_TITLES[split], mode="lines", line=line)


def _key(name: str, **settings: object) -> Spec:
    """A legend entry without a line of its own."""
    nowhere = spec(x=(None,), y=(None,), hoverinfo="skip")
    return spec(type="scatter", name=name, **nowhere, **settings)
