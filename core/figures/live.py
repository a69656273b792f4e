"""The Train page's two plots, loss and one more metric, while a run goes on.

Drawn anew several times a second, so the axes are fixed to the run's planned length and to round
numbers: nothing jumps when an epoch arrives.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from core.figures.history import Curve, history_info
from core.figures.metrics import epoch_axis, hover_format, is_share, metric_axis, metric_title
from core.figures.theme import DASHES, SPLIT_COLORS, SPLIT_TITLES, Spec, styled
from core.records import EpochRecord

# Tops an error axis may have, times a power of ten.
_ROUND = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0)


@dataclass(frozen=True)
class Panel:
    """One plot: its curves, and the bottom and top of its axis."""

    metric: str
    curves: tuple[Curve, ...]
    bottom: float
    top: float


@dataclass(frozen=True)
class LiveInfo:
    """Both plots, the epochs done (counted from 1) and the number planned."""

    epochs: tuple[int, ...]
    planned: int
    panels: tuple[Panel, ...]


def live_info(
    records: Sequence[EpochRecord],
    planned_epochs: int,
    metrics: tuple[str, ...] = ("loss", "accuracy"),
) -> LiveInfo:
    """Collect what the Train page shows; `metrics` are one or two Keras names."""
    epochs = tuple(record.epoch + 1 for record in records)
    panels = tuple(_panel(history_info(records, metric).curves, metric) for metric in metrics)
    return LiveInfo(epochs, max(planned_epochs, *epochs, 1), panels)


def live_figure(info: LiveInfo) -> go.Figure:
    """Draw the plots side by side."""
    axes: Spec = {}
    headings: list[Spec] = []
    traces: list[Spec] = []
    for number, panel in enumerate(info.panels, start=1):
        axes |= _axes(info, panel, number)
        headings.append(_heading(panel, number))
        traces += [_line(info, panel, curve, number) for curve in panel.curves]
    return styled(traces, 300, "live", hovermode="x unified", annotations=headings, **axes)


def _panel(curves: tuple[Curve, ...], metric: str) -> Panel:
    values = [value for curve in curves for value in curve.raw if value is not None]
    if is_share(metric):
        # A tenth below the lowest value so far, which is nearly always the first.
        lowest = math.floor(10 * min(values, default=0.0)) / 10
        return Panel(metric, curves, min(max(lowest, 0.0), 0.9), 1.0)
    return Panel(metric, curves, 0.0, _round_up(max(values, default=1.0)))


def _round_up(value: float) -> float:
    """The next round number above a positive value."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in _ROUND if step * power >= value * 0.999)


def _axes(info: LiveInfo, panel: Panel, number: int) -> Spec:
    count = len(info.panels)
    left, right = (number - 1) / count, number / count
    gutter = 0.04 if count > 1 else 0.0
    domain = [left + gutter * (number > 1), right - gutter * (number < count)]
    across = epoch_axis(info.planned) | {"domain": domain, "anchor": f"y{_suffix(number)}"}
    # The heading above the plot names the axis: beside it, a phone has no room.
    up = {"title": None, "range": [panel.bottom, panel.top], "anchor": f"x{_suffix(number)}"}
    return {f"xaxis{_suffix(number)}": across, f"yaxis{_suffix(number)}": metric_axis(panel.metric) | up}


def _suffix(number: int) -> str:
    """Plotly calls the first axis `x` and the second `x2`."""
    return "" if number == 1 else str(number)


def _heading(panel: Panel, number: int) -> Spec:
    return {
        "text": f"<b>{metric_title(panel.metric)}</b>",
        "showarrow": False,
        **{"xref": f"x{_suffix(number)} domain", "x": 0, "xanchor": "left"},
        **{"yref": f"y{_suffix(number)} domain", "y": 1, "yanchor": "bottom", "yshift": 4},
    }


def _line(info: LiveInfo, panel: Panel, curve: Curve, number: int) -> Spec:
    title, tint = SPLIT_TITLES[curve.split], SPLIT_COLORS[curve.split]
    return {
        "type": "scatter",
        "name": title,
        "legendgroup": curve.split,
        "showlegend": number == 1,
        "x": info.epochs,
        "y": curve.raw,
        "mode": "lines+markers",
        "line": {"color": tint, "dash": DASHES[curve.split], "width": 2.5},
        # Only the newest point is marked: that is where to look.
        "marker": {"color": tint, "size": [0] * (len(info.epochs) - 1) + [9]},
        "hovertemplate": f"%{{y:{hover_format(panel.metric)}}}<extra>{title}</extra>",
        **{"xaxis": f"x{_suffix(number)}", "yaxis": f"y{_suffix(number)}"},
    }
