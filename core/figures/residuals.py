"""How far a regression is off: predicted against true, and how the errors are spread."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from core.analysis import Regression
from core.figures.chart import Table, counted, number
from core.figures.theme import BLUE, INK, axis, margin, spec, styled, translucent

# More dots than this only paint over each other, and slow the browser down.
MOST_DOTS = 2000
BINS = 30


@dataclass(frozen=True)
class ResidualsInfo:
    """True and predicted numbers of the samples drawn, and the ends of the ideal diagonal."""

    true: tuple[float, ...]
    predicted: tuple[float, ...]
    low: float
    high: float


@dataclass(frozen=True)
class ResidualHistogramInfo:
    """Edges of the bins, symmetric around 0, and the samples in each."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]


def residuals_info(regression: Regression) -> ResidualsInfo:
    """Prepare predicted against true, thinned evenly to 2,000 dots."""
    count = len(regression)
    kept = np.linspace(0, count - 1, min(count, MOST_DOTS)).astype(np.int64)
    both = np.concatenate([regression.true, regression.predicted])
    ends = (float(both.min()), float(both.max())) if count else (0.0, 1.0)
    true, predicted = (
        tuple(side[kept].tolist()) for side in (regression.true, regression.predicted)
    )
    return ResidualsInfo(true, predicted, *ends)


def residuals_figure(info: ResidualsInfo) -> go.Figure:
    """Draw each sample; on the dashed diagonal the prediction is exactly right."""
    ends = (info.low, info.high)
    ideal = spec(
        type="scatter",
        mode="lines",
        name="Exactly right",
        x=ends,
        y=ends,
        line=spec(color=INK, dash="dash", width=2),
        hoverinfo="skip",
    )
    dots = spec(
        type="scatter",
        mode="markers",
        name="Samples",
        x=info.true,
        y=info.predicted,
        marker=spec(color=BLUE, size=7, opacity=0.6),
        hovertemplate="True %{x:.4~g}<br>Predicted %{y:.4~g}<extra></extra>",
    )
    return styled(
        [dots, ideal],
        height=400,
        revision="residuals",
        xaxis=axis("True value", zeroline=False),
        yaxis=axis("Predicted value", zeroline=False),
    )


def residuals_sentence(info: ResidualsInfo) -> str:
    """The ranges of true and predicted numbers."""
    if not info.true:
        return "Predicted against true values: there are no samples."
    true, predicted = (
        f"from {number(min(side))} to {number(max(side))}" for side in (info.true, info.predicted)
    )
    return (
        f"Predicted against true values of {counted(len(info.true), 'sample')}: true values "
        f"{true}, predicted {predicted}. On the dashed diagonal both are equal."
    )


def residuals_table(info: ResidualsInfo) -> Table:
    """A row a sample."""
    errors = [true - said for true, said in zip(info.true, info.predicted, strict=True)]
    return {"True": info.true, "Predicted": info.predicted, "True minus predicted": errors}


def residual_histogram_info(regression: Regression) -> ResidualHistogramInfo:
    """Count the errors (true minus predicted) in 30 bins of equal width."""
    residuals = regression.residuals
    widest = float(np.abs(residuals).max(initial=0.0)) or 1.0
    edges = np.linspace(-widest, widest, BINS + 1)
    counts = np.histogram(residuals, edges)[0]
    return ResidualHistogramInfo(tuple(edges.tolist()), tuple(counts.tolist()))


def residual_histogram_figure(info: ResidualHistogramInfo) -> go.Figure:
    """Draw the histogram with a line at no error."""
    edges = np.array(info.edges)
    bars = spec(
        type="bar",
        x=((edges[1:] + edges[:-1]) / 2).tolist(),
        y=info.counts,
        width=np.diff(edges).tolist(),
        marker=spec(color=translucent(BLUE, 0.65), line=spec(color=BLUE, width=1)),
        hovertemplate="%{y:,} samples off by about %{x:.3~g}<extra></extra>",
    )
    no_error = spec(
        type="line",
        xref="x",
        yref="paper",
        **spec(x0=0, x1=0, y0=0, y1=1),
        line=spec(color=INK, dash="dash", width=2),
    )
    return styled(
        [bars],
        height=300,
        revision="residual histogram",
        margin=margin(12),
        bargap=0,
        shapes=[no_error],
        xaxis=axis("Error: true − predicted", zeroline=False),
        yaxis=axis("Samples"),
    )


def residual_histogram_sentence(info: ResidualHistogramInfo) -> str:
    """How many samples there are, and where most of the errors lie."""
    place = info.counts.index(max(info.counts))
    low, high = number(info.edges[place]), number(info.edges[place + 1])
    return (
        f"Errors, true minus predicted, of {counted(sum(info.counts), 'sample')}: the fullest bin, "
        f"from {low} to {high}, holds {info.counts[place]:,}; the largest error is at most "
        f"{number(info.edges[-1])}."
    )


def residual_histogram_table(info: ResidualHistogramInfo) -> Table:
    """A row a bin: its edges and the samples in it."""
    return {"From": info.edges[:-1], "To": info.edges[1:], "Samples": info.counts}
