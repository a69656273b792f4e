"""The learning rate of each epoch of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from core.figures.chart import Table, number
from core.figures.metrics import epoch_axis, metric_axis
from core.figures.theme import PURPLE, margin, note, spec, styled
from core.records import EpochRecord

# Beyond one power of ten, small rates would lie flat on the axis.
_LOG_FROM = 10
# More points run into each other, and a browser is slow to draw them.
_MARKED = 100


@dataclass(frozen=True)
class LearningRateInfo:
    """Epochs (from 1), the rate used in each, and whether the axis is logarithmic."""

    epochs: tuple[int, ...]
    rates: tuple[float, ...]
    log: bool


def learning_rate_info(records: Sequence[EpochRecord]) -> LearningRateInfo:
    """Collect the learning rates of a run."""
    rates = tuple(record.learning_rate for record in records)
    log = bool(rates) and min(rates) > 0 and max(rates) / min(rates) >= _LOG_FROM
    return LearningRateInfo(tuple(record.epoch + 1 for record in records), rates, log)


def schedule_info(rates: Sequence[float]) -> LearningRateInfo:
    """The learning rates a schedule will set, from the first epoch on: its shape, so not log."""
    return LearningRateInfo(tuple(range(1, len(rates) + 1)), tuple(rates), log=False)


def schedule_figure(info: LearningRateInfo) -> go.Figure:
    """Draw the rates a schedule will set, small enough for the sidebar."""
    return _figure(info, height=180)


def learning_rate_figure(info: LearningRateInfo) -> go.Figure:
    """Draw the rates a run was trained with."""
    return _figure(info, height=260)


def learning_rate_sentence(info: LearningRateInfo) -> str:
    """The first and last rate, or the one that holds throughout."""
    if not info.epochs:
        return "Learning rate by epoch: no epoch has ended yet."
    first, last = info.rates[0], info.rates[-1]
    epochs = f"epochs {info.epochs[0]} to {info.epochs[-1]}" if len(info.epochs) > 1 else "epoch 1"
    if min(info.rates) == max(info.rates):
        return f"Learning rate: {number(first)} in {epochs}."
    top = f", at most {number(max(info.rates))}" if max(info.rates) > max(first, last) else ""
    return f"Learning rate in {epochs}: from {number(first)} to {number(last)}{top}."


def learning_rate_table(info: LearningRateInfo) -> Table:
    """A row an epoch."""
    return {"Epoch": info.epochs, "Learning rate": info.rates}


def _figure(info: LearningRateInfo, height: int) -> go.Figure:
    """Steps, since a rate holds for a whole epoch."""
    trace = spec(
        type="scatter",
        x=info.epochs,
        y=info.rates,
        mode="lines+markers" if len(info.epochs) <= _MARKED else "lines",
        line=spec(color=PURPLE, width=2.5, shape="hvh"),
        marker=spec(color=PURPLE, size=6),
        hovertemplate="Epoch %{x}<br>Learning rate %{y:.4~g}<extra></extra>",
    )
    vertical = metric_axis("learning_rate", info.log)
    if not info.log:
        vertical |= spec(range=[0, 1.15 * max(info.rates, default=1.0)])
    return styled(
        [trace],
        height=height,
        revision="learning rate",
        margin=margin(12),
        xaxis=epoch_axis(max(info.epochs, default=1)),
        yaxis=vertical,
        annotations=[] if info.epochs else [note("No epoch has ended yet")],
    )
