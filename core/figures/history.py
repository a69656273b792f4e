"""One metric over a run's epochs: training solid, validation dashed, the best epoch starred."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import plotly.graph_objects as go

from core.analysis import best_epoch, lower_is_better, smooth
from core.figures.chart import IN_WORDS, Table, course
from core.figures.metrics import epoch_axis, hover_format, metric_axis, metric_title, written
from core.figures.theme import (
    DASHES,
    GREY,
    INK,
    SPLIT_COLORS,
    SPLIT_TITLES,
    Spec,
    note,
    packed,
    plain,
    spec,
    styled,
)
from core.records import EpochRecord, history

Values = tuple[float | None, ...]
_NOTE_HEIGHT = 18  # pixels


@dataclass(frozen=True)
class Curve:
    """One split's values by epoch; `smoothed` is empty when no smoothing was asked for."""

    split: str
    raw: Values
    smoothed: Values = ()

    @property
    def shown(self) -> Values:
        """The values drawn in full strength."""
        return self.smoothed or self.raw


@dataclass(frozen=True)
class Best:
    """The epoch (from 1) a metric was best in, on validation where there is any."""

    split: str
    epoch: int
    value: float


@dataclass(frozen=True)
class HistoryInfo:
    """What a history figure shows; `epochs` count from 1."""

    metric: str
    epochs: tuple[int, ...]
    curves: tuple[Curve, ...]
    best: Best | None
    log: bool = False
    stopped: bool = False
    kept: int | None = None


def history_info(
    records: Sequence[EpochRecord],
    metric: str,
    smoothing: float = 0.0,
    log: bool = False,
    stopped: bool = False,
    kept: int | None = None,
) -> HistoryInfo:
    """Collect `metric` (without `val_`) of a run; `smoothing` as in `core.analysis.smooth`.

    On a logarithmic axis values that are not positive are left out. `stopped` says that a callback
    ended the run after its last epoch, `kept` is the epoch (from 1) whose weights it then put back.
    """
    found = history(tuple(records))
    named = (("train", metric), ("validation", f"val_{metric}"))
    curves = tuple(
        _curve(split, found[name], smoothing, log) for split, name in named if name in found
    )
    epochs = tuple(record.epoch + 1 for record in records)
    return HistoryInfo(metric, epochs, curves, _best(metric, epochs, curves), log, stopped, kept)


def history_figure(info: HistoryInfo) -> go.Figure:
    """Draw a history: the raw curve stays visible, thin and faint, behind a smoothed one."""
    traces = [_faint(info, curve) for curve in info.curves if curve.smoothed]
    traces += [_line(info, curve) for curve in info.curves]
    notes = [] if info.epochs else [note("No epoch has ended yet")]
    if info.best:
        traces.append(_star(info.best))
        notes.append(_words(info, info.best))
    return styled(
        traces,
        height=360,
        revision=f"history {info.metric} {info.log}",
        hovermode="x unified",
        xaxis=epoch_axis(max(info.epochs, default=1)),
        yaxis=metric_axis(info.metric, info.log) | ({} if info.epochs else {"range": [0, 1]}),
        annotations=notes + end_notes(info, info.epochs[-1], info.metric) if info.epochs else notes,
        shapes=end_lines(info),
    )


def history_sentence(info: HistoryInfo) -> str:
    """Where each curve begins and ends, and the best epoch."""
    title = metric_title(info.metric)
    if not info.epochs:
        return f"{title} by epoch: no epoch has ended yet."
    lines = curve_words(info.metric, info.epochs, info.curves)
    scale = " on a logarithmic axis" if info.log else ""
    words = f"{title} by epoch{scale}: {lines}."
    if any(curve.smoothed for curve in info.curves):
        words += " The curves are drawn smoothed; these are the measured values."
    if info.best:
        best = written(info.metric, info.best.value)
        words += f" Best {IN_WORDS[info.best.split]} value: {best} in epoch {info.best.epoch}."
    return words + end_words(info)


def history_table(info: HistoryInfo) -> Table:
    """A row an epoch, a column for each curve, and one for what it is smoothed to."""
    table: Table = {"Epoch": info.epochs}
    for curve in info.curves:
        table[SPLIT_TITLES[curve.split]] = curve.raw
        if curve.smoothed:
            table[f"{SPLIT_TITLES[curve.split]}, smoothed"] = curve.smoothed
    return table


def curve_words(metric: str, epochs: tuple[int, ...], curves: tuple[Curve, ...]) -> str:
    """Where each curve begins and ends."""
    return "; ".join(
        f"{IN_WORDS[curve.split]} {course(metric, epochs, curve.raw)}" for curve in curves
    )


class Ended(Protocol):
    """What a figure knows of a run's end; epochs count from 1."""

    @property
    def epochs(self) -> tuple[int, ...]:
        """The epochs done."""

    @property
    def stopped(self) -> bool:
        """Whether a callback ended the run after its last epoch."""

    @property
    def kept(self) -> int | None:
        """The epoch whose weights were put back at the end."""


def end_lines(info: Ended, axes: str = "") -> list[Spec]:
    """Lines where a callback ended the run and at the epoch whose weights it put back.

    `axes` is Plotly's number of the plot's axes.
    """
    marks = [(info.epochs[-1], "dot")] if info.stopped else []
    marks += [(info.kept, "solid")] if info.kept else []
    return [_upright(epoch, dash, axes) for epoch, dash in marks]


def end_notes(info: Ended, planned: int, metric: str, axes: str = "") -> list[Spec]:
    """What the lines mean, where there is room: errors end low, scores high."""
    last, kept = info.epochs[-1] if info.epochs else 0, info.kept
    # Each on the outer side of its line, as long as there is room: they do not cross then.
    notes = [(last, "Stopped early", 0, last <= 0.7 * planned)] if info.stopped else []
    notes += [(kept, f"Weights kept: epoch {kept}", 1, kept < 0.4 * planned)] if kept else []
    top = lower_is_better(metric)
    y, anchor = (1, "top") if top else (0, "bottom")
    up = spec(xref=f"x{axes}", y=y, yref=f"y{axes} domain", yanchor=anchor, showarrow=False)
    return [
        up
        | spec(
            text=f" {words} ",
            x=epoch,
            xanchor="left" if on_the_right else "right",
            yshift=_NOTE_HEIGHT * line * (-1 if top else 1),
            font=spec(color=INK),
        )
        for epoch, words, line, on_the_right in notes
    ]


def end_words(info: Ended) -> str:
    """The same as a sentence."""
    kept = f" The weights of epoch {info.kept} were kept." if info.kept else ""
    return " The run was stopped early." * info.stopped + kept


def _upright(epoch: int, dash: str, axes: str) -> Spec:
    at = spec(x0=epoch, x1=epoch, xref=f"x{axes}", y0=0, y1=1, yref=f"y{axes} domain")
    return spec(type="line", line=spec(color=GREY, width=1.5, dash=dash), **at)


def _curve(split: str, values: Sequence[float], smoothing: float, log: bool) -> Curve:
    if log:
        values = [value if value > 0 else float("nan") for value in values]
    return Curve(split, plain(values), plain(smooth(values, smoothing)) if smoothing else ())


def _best(metric: str, epochs: tuple[int, ...], curves: tuple[Curve, ...]) -> Best | None:
    if not curves:
        return None
    values = packed(curves[-1].raw)
    position = best_epoch(values, metric)
    if position is None:
        return None
    return Best(curves[-1].split, epochs[position], float(values[position]))


def _line(info: HistoryInfo, curve: Curve) -> Spec:
    shown, tint = hover_format(info.metric), SPLIT_COLORS[curve.split]
    hover = f"%{{y:{shown}}}" + (f" (measured %{{customdata:{shown}}})" if curve.smoothed else "")
    return spec(
        type="scatter",
        name=SPLIT_TITLES[curve.split],
        x=packed(info.epochs),
        y=packed(curve.shown),
        customdata=packed(curve.raw) if curve.smoothed else None,
        mode="lines" if len(info.epochs) > 1 else "markers",  # one epoch makes no line
        line=spec(color=tint, dash=DASHES[curve.split], width=2.5),
        marker=spec(color=tint, size=9),
        hovertemplate=f"{hover}<extra>{SPLIT_TITLES[curve.split]}</extra>",
    )


def _faint(info: HistoryInfo, curve: Curve) -> Spec:
    line = spec(color=SPLIT_COLORS[curve.split], dash=DASHES[curve.split], width=1.2)
    quiet = spec(opacity=0.55, showlegend=False, hoverinfo="skip")
    points = spec(x=packed(info.epochs), y=packed(curve.raw))
    return spec(type="scatter", mode="lines", line=line, **points, **quiet)


def _star(best: Best) -> Spec:
    marker = spec(symbol="star", size=15, color=SPLIT_COLORS[best.split])
    quiet = spec(showlegend=False, hoverinfo="skip", cliponaxis=False)
    return spec(type="scatter", x=(best.epoch,), y=(best.value,), marker=marker, **quiet)


def _words(info: HistoryInfo, best: Best) -> Spec:
    """What the star means, on the side where there is room."""
    along = (best.epoch - 1) / max(1, len(info.epochs) - 1)
    side = "left" if along < 0.2 else "right" if along > 0.8 else "center"
    # Errors leave room above their minimum, scores below their maximum.
    lift = -38 if lower_is_better(info.metric) else 38
    return spec(
        text=f"Best: epoch {best.epoch}<br>{written(info.metric, best.value)}",
        font=spec(color=INK),
        align=side,
        x=best.epoch,
        xanchor=side,
        y=math.log10(best.value) if info.log else best.value,
        ax=0,
        ay=lift,
        **spec(arrowcolor=GREY, arrowwidth=1, arrowhead=0, standoff=9),
    )
