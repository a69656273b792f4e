"""The Train page's two plots, loss and one more metric, while a run goes on.

Drawn anew several times a second, so the axes are fixed to the run's planned length and to round
numbers: nothing jumps when an epoch arrives.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import plotly.graph_objects as go

from core.figures.chart import Table
from core.figures.history import Curve, curve_words, end_lines, end_notes, end_words, history_info
from core.figures.metrics import epoch_axis, hover_format, is_share, metric_axis, metric_title
from core.figures.theme import (
    DASHES,
    INK,
    SPLIT_COLORS,
    SPLIT_TITLES,
    Spec,
    label,
    margin,
    packed,
    plain,
    spec,
    styled,
)
from core.records import EpochRecord, Progress

# Tops an error axis may have, times a power of ten.
_ROUND = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0)
# Share of the width kept free on either side between two plots.
_GUTTER = 0.05
# Pixels for tick labels and the title below. Margins that fit themselves take Plotly half its time.
_LEFT, _BOTTOM = 62, 52
# Where the axis begins, as a share of its length: just after 0, which is no epoch and not marked.
_BEFORE = 0.001
RUNNING_TITLE = "Within the epoch"
_FEW = 40  # points, which can still be told apart
_EXPLODES = 1000.0  # times the first mean of an epoch
_KEPT = 32  # figures: one is drawn twice a second, for each who watches, until an epoch arrives


@dataclass(frozen=True)
class Panel:
    """One plot: its curves, and the bottom and top of its axis.

    `running` are the means within the epoch that is being trained, or that a run diverged in;
    `log` says that they grow too fast for an axis of equal steps.
    """

    metric: str
    curves: tuple[Curve, ...]
    bottom: float
    top: float
    running: tuple[float | None, ...] = ()
    log: bool = False


@dataclass(frozen=True)
class LiveInfo:
    """The plots, the epochs done (counted from 1) and the number planned.

    `places` are those of the panels' running means: 2.5 is half way through the third epoch.
    """

    epochs: tuple[int, ...]
    planned: int
    panels: tuple[Panel, ...]
    stopped: bool = False
    kept: int | None = None
    places: tuple[float, ...] = ()


def live_info(
    records: Sequence[EpochRecord],
    planned_epochs: int,
    metrics: tuple[str, ...] = ("loss", "accuracy"),
    stopped: bool = False,
    kept: int | None = None,
    running: Sequence[Progress] = (),
) -> LiveInfo:
    """Collect what the Train page shows; `metrics` are one or two Keras names.

    `stopped` says that a callback ended the run after its last epoch, `kept` is the epoch (from 1)
    whose weights it then put back. `running` are reports from within the epoch after the last.
    """
    epochs = tuple(record.epoch + 1 for record in records)
    panels = tuple(
        _panel(metric, history_info(records, metric).curves, _means(running, metric))
        for metric in metrics
    )
    places = tuple(one.epoch + one.batch / max(one.batches, one.batch, 1) for one in running)
    planned = max(planned_epochs, *epochs, 1)
    return LiveInfo(epochs, planned, panels, stopped, kept, places)


@lru_cache(maxsize=_KEPT)
def live_figure(info: LiveInfo) -> go.Figure:
    """Draw the plots side by side."""
    count = len(info.panels)
    layout: Spec = {}
    traces: list[Spec] = []
    for place, panel in enumerate(info.panels):
        layout |= _axes(info, panel, place)
        # An axis without a trace would not be drawn.
        curves = panel.curves or (Curve("train", ()),)
        traces += [_line(info, panel, curve, place) for curve in curves]
        traces += [_newest(info, curve, place) for curve in panel.curves]
    # Last, so that the curves keep their places among the traces.
    for place, panel in enumerate(info.panels if info.places else ()):
        traces.append(_running(info, panel, place))
    lines: list[Spec] = []
    notes: list[Spec] = []
    for place, panel in enumerate(info.panels):
        lines += end_lines(info, _number(place))
        notes += end_notes(info, info.planned, panel.metric, _number(place))
    return styled(
        traces,
        height=300,
        revision=f"live {info.planned} {count}",
        # A plot of half a page has room for two entries a line.
        margin=margin(92 if info.places else 68) | spec(l=_LEFT, b=_BOTTOM),
        hovermode="x unified",
        annotations=[_heading(panel, place) for place, panel in enumerate(info.panels)] + notes,
        shapes=lines,
        showlegend=bool(info.epochs or info.places),
        # Above the headings of the plots.
        legend=spec(orientation="h", x=0, y=1, yref="container", yanchor="top"),
        **layout,
    )


def live_sentence(info: LiveInfo) -> str:
    """How far the run is, and where each curve begins and ends."""
    titles = " and ".join(metric_title(panel.metric) for panel in info.panels)
    if not info.epochs:
        return f"{titles} by epoch: no epoch of {info.planned} has ended yet."
    parts = [
        f"{metric_title(panel.metric)}: {curve_words(panel.metric, info.epochs, panel.curves)}."
        for panel in info.panels
    ]
    return f"Epoch {info.epochs[-1]} of {info.planned}. {' '.join(parts)}{end_words(info)}"


def live_table(info: LiveInfo) -> Table:
    """A row an epoch, a column for each curve."""
    return {"Epoch": info.epochs} | {
        f"{SPLIT_TITLES[curve.split]}: {metric_title(panel.metric)}": curve.raw
        for panel in info.panels
        for curve in panel.curves
    }


def _means(running: Sequence[Progress], metric: str) -> tuple[float | None, ...]:
    return plain(one.means.get(metric, math.nan) for one in running)


def _panel(metric: str, curves: tuple[Curve, ...], running: tuple[float | None, ...]) -> Panel:
    means = [value for value in running if value is not None]
    values = [value for curve in curves for value in curve.raw if value is not None] + means
    if is_share(metric):
        # The tenth below the lowest value so far, which is nearly always the first.
        lowest = math.floor(10 * min(values, default=0.0)) / 10
        return Panel(metric, curves, min(max(lowest, 0.0), 0.9), 1.0, running)
    if means and min(values) > 0 and max(means) > _EXPLODES * means[0]:
        low, high = (math.log10(value) for value in (min(values), max(values)))
        return Panel(metric, curves, math.floor(low), math.ceil(high), running, log=True)
    return Panel(metric, curves, 0.0, _round_up(max(values, default=1.0)), running)


def _round_up(value: float) -> float:
    """The next round number above a positive value."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in _ROUND if step * power >= value * 0.999)


def _axes(info: LiveInfo, panel: Panel, place: int) -> Spec:
    count, number = len(info.panels), _number(place)
    left = place / count + _GUTTER * (place > 0)
    right = (place + 1) / count - _GUTTER * (place < count - 1)
    fixed = spec(automargin=False)
    across = spec(domain=[left, right], anchor=f"y{number}") | fixed
    # The heading above the plot names the axis: beside it, a phone has no room.
    up = spec(title=None, range=[panel.bottom, panel.top], anchor=f"x{number}") | fixed
    along = epoch_axis(info.planned, marks=6)
    along["range"] = [_BEFORE * info.planned, along["range"][1]]
    return {
        f"xaxis{number}": along | across,
        f"yaxis{number}": metric_axis(panel.metric, panel.log) | up,
    }


def _heading(panel: Panel, place: int) -> Spec:
    number = _number(place)
    at = spec(xref=f"x{number} domain", x=0, xanchor="left", font=spec(color=INK))
    above = spec(yref=f"y{number} domain", y=1, yanchor="bottom", yshift=6)
    return label(f"<b>{metric_title(panel.metric)}</b>", **at, **above)


def _line(info: LiveInfo, panel: Panel, curve: Curve, place: int) -> Spec:
    title, tint = SPLIT_TITLES[curve.split], SPLIT_COLORS[curve.split]
    return spec(
        type="scatter",
        name=title,
        legendgroup=curve.split,
        showlegend=place == 0,
        x=packed(info.epochs),
        y=packed(curve.raw),
        mode="lines",
        line=spec(color=tint, dash=DASHES[curve.split], width=2.5),
        hovertemplate=f"%{{y:{hover_format(panel.metric)}}}<extra>{title}</extra>",
        xaxis=f"x{_number(place)}",
        yaxis=f"y{_number(place)}",
    )


def _running(info: LiveInfo, panel: Panel, place: int) -> Spec:
    """The means within an epoch: faint, since they are of a network that changes meanwhile."""
    tint = SPLIT_COLORS["train"]
    return spec(
        type="scatter",
        name=RUNNING_TITLE,
        legendgroup="running",
        showlegend=place == 0 and any(value is not None for value in panel.running),
        x=packed(info.places),
        y=packed(panel.running),
        mode="lines+markers" if len(info.places) < _FEW else "lines",
        line=spec(color=tint, width=1.5),
        marker=spec(color=tint, size=5),
        opacity=0.6,
        hovertemplate=f"%{{y:{hover_format(panel.metric)}}}<extra>{RUNNING_TITLE}</extra>",
        xaxis=f"x{_number(place)}",
        yaxis=f"y{_number(place)}",
    )


def _newest(info: LiveInfo, curve: Curve, place: int) -> Spec:
    """The newest point, marked: that is where to look.

    A trace of its own, since a browser draws an element for every marker, be it of no size: with
    hundreds of epochs that took it most of its time.
    """
    return spec(
        type="scatter",
        legendgroup=curve.split,
        showlegend=False,
        x=info.epochs[-1:],
        y=curve.raw[-1:],
        mode="markers",
        marker=spec(color=SPLIT_COLORS[curve.split], size=9),
        cliponaxis=False,  # whole, also where it lies on the edge of the plot
        hoverinfo="skip",
        xaxis=f"x{_number(place)}",
        yaxis=f"y{_number(place)}",
    )


def _number(place: int) -> str:
    """Plotly calls the first axis `x` and the second `x2`."""
    return str(place + 1) if place else ""
