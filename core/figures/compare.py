"""Several runs in one plot: a colour and a symbol each, training solid, validation dashed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from textwrap import wrap

import plotly.graph_objects as go

from core.figures.chart import Table, counted
from core.figures.history import Curve, curve_words, history_info
from core.figures.metrics import epoch_axis, hover_format, metric_axis, metric_title
from core.figures.theme import (
    DASHES,
    GREY,
    SPLIT_TITLES,
    SYMBOLS,
    Spec,
    color,
    inert,
    margin,
    note,
    packed,
    spec,
    styled,
)
from core.records import EpochRecord

# A phone shows about this many characters in a line.
LINE_LENGTH = 44
MANY = 8  # with more runs, lines are thinner
_MARKS = 6
_FAINT = 0.15
# Pixels.
_HEIGHT, _HEIGHT_OF_MANY = 400, 520
_LEGEND_LINE, _MOST_LEGEND = 22, 240


@dataclass(frozen=True)
class Shown:
    """A run as it is shown: its title, its epochs, and its place, which gives it its colour.

    `ended` says in a word what became of it, if that has to be said: `diverged`, `failed`. The
    values of one that `diverged` do not stretch the axis.
    """

    title: str
    epochs: Sequence[EpochRecord]
    place: int
    ended: str = ""
    diverged: bool = False


@dataclass(frozen=True)
class RunCurves:
    """One run: its title, its place, its epochs (from 1) and its curves."""

    title: str
    place: int
    epochs: tuple[int, ...]
    curves: tuple[Curve, ...]
    ended: str = ""
    diverged: bool = False


@dataclass(frozen=True)
class CompareInfo:
    """One metric of several runs; `bounds` is what the axis shows, None for all there is.

    `highlighted` is the place of the run that stands out, None if none does.
    """

    metric: str
    runs: tuple[RunCurves, ...]
    log: bool = False
    bounds: tuple[float, float] | None = None
    highlighted: int | None = None


def compare_info(
    runs: Sequence[Shown],
    metric: str,
    splits: Collection[str] = ("train", "validation"),
    log: bool = False,
    highlighted: int | None = None,
) -> CompareInfo:
    """Collect `metric` of runs, training and validation or one of the two; titles may repeat.

    Where only a run that diverged has very large values, `bounds` leaves these out.
    """
    curves = tuple(_curves(run, metric, splits, log) for run in runs)
    return CompareInfo(metric, curves, log, None if log else _bounds(curves), highlighted)


def compare_figure(info: CompareInfo) -> go.Figure:
    """Draw all runs; a click on a run's legend entry hides both of its curves."""
    traces = [
        trace
        for run in sorted(info.runs, key=lambda run: run.place == info.highlighted)
        for curve in run.curves
        for trace in (_line(info, run, curve), _marks(info, run, curve))
    ]
    splits = dict.fromkeys(curve.split for run in info.runs for curve in run.curves)
    traces += [_split_key(split) for split in splits]
    traces += [_run_key(run) for run in info.runs]
    longest = max((epoch for run in info.runs for epoch in run.epochs), default=1)
    lines = sum(wrapped(run.title).count("<br>") + 1 for run in info.runs)
    room = min(_MOST_LEGEND, _LEGEND_LINE * (1 + lines))
    bounds = spec(range=list(info.bounds)) if info.bounds else {}
    return styled(
        traces,
        height=(_HEIGHT_OF_MANY if len(info.runs) > MANY else _HEIGHT) + room,
        revision=f"compare {info.metric} {info.log}",
        margin=margin(12),
        xaxis=epoch_axis(longest),
        yaxis=metric_axis(info.metric, info.log) | bounds,
        annotations=[] if info.runs else [note("Choose runs to compare")],
        # Below the plot there is room for long titles, one a line on a phone; it scrolls.
        legend=spec(
            orientation="h", x=0, xanchor="left", y=-0.2, yanchor="top", maxheight=room + 30
        ),
    )


def compare_sentence(info: CompareInfo) -> str:
    """Of each run, where its curves begin and end."""
    words = f"{metric_title(info.metric)} by epoch of {counted(len(info.runs), 'run')}."
    parts = (
        f" {_named(run)}: {curve_words(info.metric, run.epochs, run.curves) or 'no epoch yet'}."
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


def wrapped(title: str) -> str:
    """A run's title as plain text, in lines that fit a phone: visitors name runs."""
    return "<br>".join(map(inert, wrap(title, LINE_LENGTH) or [""]))


def run_symbol(place: int) -> str:
    """The symbol of the run at `place`: no other of the first 49 has its colour as well."""
    count = len(SYMBOLS)
    return SYMBOLS[(place + place // count) % count]


def _curves(run: Shown, metric: str, splits: Collection[str], log: bool) -> RunCurves:
    info = history_info(run.epochs, metric, log=log)
    curves = tuple(curve for curve in info.curves if curve.split in splits)
    return RunCurves(run.title, run.place, info.epochs, curves, run.ended, run.diverged)


def _bounds(runs: Sequence[RunCurves]) -> tuple[float, float] | None:
    """What the axis shows if a run that diverged would flatten all others."""
    sound = _values(run for run in runs if not run.diverged)
    lost = _values(run for run in runs if run.diverged)
    if not sound or not lost:
        return None
    low, high = min(sound), max(sound)
    pad = 0.05 * (high - low or abs(high) or 1)
    if max(lost) <= 3 * high or high <= 0:
        return None
    return low - pad, high + pad


def _values(runs: Iterable[RunCurves]) -> list[float]:
    return [
        value for run in runs for curve in run.curves for value in curve.raw if value is not None
    ]


def _line(info: CompareInfo, run: RunCurves, curve: Curve) -> Spec:
    width = 3.5 if run.place == info.highlighted else 1.4 if len(info.runs) > MANY else 2.2
    return spec(
        type="scatter",
        legendgroup=f"run {run.place}",
        showlegend=False,
        opacity=_opacity(info, run),
        x=packed(run.epochs),
        y=packed(curve.shown),
        mode="lines",
        line=spec(color=color(run.place), dash=DASHES[curve.split], width=width),
        hovertemplate=f"{wrapped(run.title)}<br>Epoch %{{x}}: "
        f"%{{y:{hover_format(info.metric)}}} "
        f"({SPLIT_TITLES[curve.split].lower()})<extra></extra>",
    )


def _marks(info: CompareInfo, run: RunCurves, curve: Curve) -> Spec:
    """A symbol now and then, which tells runs apart without their colours.

    A trace of its own: a browser draws an element for every marker, be it of no size.
    """
    count = len(run.epochs)
    marked = sorted({*range(0, count, max(1, count // _MARKS)), *range(count)[-1:]})
    return spec(
        type="scatter",
        legendgroup=f"run {run.place}",
        showlegend=False,
        opacity=_opacity(info, run),
        x=[run.epochs[position] for position in marked],
        y=[curve.shown[position] for position in marked],
        mode="markers",
        marker=spec(symbol=run_symbol(run.place), color=color(run.place), size=8),
        hoverinfo="skip",
    )


def _opacity(info: CompareInfo, run: RunCurves) -> float:
    return 1 if info.highlighted in (None, run.place) else _FAINT


def _run_key(run: RunCurves) -> Spec:
    line = spec(color=color(run.place), width=2.2)
    marker = spec(symbol=run_symbol(run.place), color=color(run.place), size=8)
    shown = spec(mode="lines+markers", line=line, marker=marker)
    return _key(wrapped(_named(run)), legendgroup=f"run {run.place}", **shown)


def _named(run: RunCurves) -> str:
    return f"{run.title} ({run.ended})" if run.ended else run.title


def _split_key(split: str) -> Spec:
    line = spec(color=GREY, dash=DASHES[split], width=2.2)
    return _key(SPLIT_TITLES[split], mode="lines", line=line)


def _key(name: str, **settings: object) -> Spec:
    """A legend entry without a line of its own."""
    nowhere = spec(x=(None,), y=(None,), hoverinfo="skip")
    return spec(type="scatter", name=name, **nowhere, **settings)
