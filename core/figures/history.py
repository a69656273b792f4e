"""One metric over the epochs of a run: training solid, validation dashed, the best epoch starred."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from core.analysis import best_epoch, lower_is_better, smooth
from core.figures.metrics import epoch_axis, hover_format, metric_axis, metric_title, written
from core.figures.theme import DASHES, SPLIT_COLORS, SPLIT_TITLES, Spec, note, plain, styled
from core.records import EpochRecord, history

Values = tuple[float | None, ...]


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


def history_info(
    records: Sequence[EpochRecord], metric: str, smoothing: float = 0.0, log: bool = False
) -> HistoryInfo:
    """Collect `metric` (without `val_`) of a run; `smoothing` as in `core.analysis.smooth`.

    On a logarithmic axis values that are not positive are left out.
    """
    found = history(tuple(records))
    named = (("train", metric), ("validation", f"val_{metric}"))
    curves = tuple(
        _curve(split, found[name], smoothing, log) for split, name in named if name in found
    )
    epochs = tuple(record.epoch + 1 for record in records)
    return HistoryInfo(metric, epochs, curves, _best(metric, epochs, curves), log)


def history_figure(info: HistoryInfo) -> go.Figure:
    """Draw a history: the raw curve stays visible, thin and faint, behind a smoothed one."""
    traces = [_faint(info, curve) for curve in info.curves if curve.smoothed]
    traces += [_line(info, curve) for curve in info.curves]
    if info.best:
        traces.append(_star(info, info.best))
    empty = {} if info.epochs else {"annotations": [note("No epoch has ended yet")]}
    return styled(
        traces,
        height=360,
        revision=f"history {info.metric} {info.log}",
        hovermode="x unified",
        xaxis=epoch_axis(max(info.epochs, default=1)),
        yaxis=metric_axis(info.metric, info.log) | ({} if info.epochs else {"range": [0, 1]}),
        **empty,
    )


def _curve(split: str, values: Sequence[float], smoothing: float, log: bool) -> Curve:
    if log:
        values = [value if value > 0 else float("nan") for value in values]
    return Curve(split, plain(values), plain(smooth(values, smoothing)) if smoothing else ())


def _best(metric: str, epochs: tuple[int, ...], curves: tuple[Curve, ...]) -> Best | None:
    if not curves:
        return None
    values = np.array(curves[-1].raw, dtype=np.float64)  # None becomes NaN
    position = best_epoch(values, metric)
    if position is None:
        return None
    return Best(curves[-1].split, epochs[position], float(values[position]))


def _line(info: HistoryInfo, curve: Curve) -> Spec:
    shown = hover_format(info.metric)
    hover = f"%{{y:{shown}}}" + (f" (measured %{{customdata:{shown}}})" if curve.smoothed else "")
    return {
        "type": "scatter",
        "name": SPLIT_TITLES[curve.split],
        "x": info.epochs,
        "y": curve.shown,
        "customdata": curve.raw if curve.smoothed else None,
        # A single epoch has no line to see.
        "mode": "lines" if len(info.epochs) > 1 else "markers",
        "line": {"color": SPLIT_COLORS[curve.split], "dash": DASHES[curve.split], "width": 2.5},
        "marker": {"color": SPLIT_COLORS[curve.split], "size": 9},
        "hovertemplate": f"{hover}<extra>{SPLIT_TITLES[curve.split]}</extra>",
    }


def _faint(info: HistoryInfo, curve: Curve) -> Spec:
    line = {"color": SPLIT_COLORS[curve.split], "dash": DASHES[curve.split], "width": 1}
    return {
        "type": "scatter",
        "x": info.epochs,
        "y": curve.raw,
        "mode": "lines",
        "line": line,
        "opacity": 0.45,
        "showlegend": False,
        "hoverinfo": "skip",
    }


def _star(info: HistoryInfo, best: Best) -> Spec:
    """The mark of the best epoch, its words on the side where there is room."""
    along = (best.epoch - 1) / max(1, len(info.epochs) - 1)
    side = "right" if along < 0.25 else "left" if along > 0.75 else "center"
    # Errors leave room above their minimum, scores below their maximum.
    level = "top" if lower_is_better(info.metric) else "bottom"
    return {
        "type": "scatter",
        "name": "Best epoch",
        "x": (best.epoch,),
        "y": (best.value,),
        "mode": "markers+text",
        "text": (f"Best: epoch {best.epoch}, {written(info.metric, best.value)}",),
        "textposition": f"{level} {side}",
        "marker": {"symbol": "star", "size": 15, "color": SPLIT_COLORS[best.split]},
        "cliponaxis": False,
        "showlegend": False,
        "hoverinfo": "skip",
    }
