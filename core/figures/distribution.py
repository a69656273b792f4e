"""Which values the inputs take: a histogram of pixels, or one of each feature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from core.figures.theme import Spec, axis, color, styled, translucent

BINS = 32


@dataclass(frozen=True)
class Distribution:
    """One feature: the middles of its bins, their width, and the share of values in each."""

    name: str
    middles: tuple[float, ...]
    width: float
    shares: tuple[float, ...]


@dataclass(frozen=True)
class DistributionInfo:
    """All features over one axis, named `title`."""

    title: str
    features: tuple[Distribution, ...]


def distribution_info(
    values: ArrayLike, title: str = "Pixel value", feature_names: Sequence[str] = ()
) -> DistributionInfo:
    """Count values in 32 equal bins: of each column (n, f) if named, else of all together."""
    numbers = np.asarray(values, dtype=np.float64)
    columns = numbers.reshape(-1, max(1, len(feature_names))) if numbers.size else np.zeros((0, 1))
    finite = columns[np.isfinite(columns)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    edges = np.linspace(low, high if high > low else low + 1, BINS + 1)
    named = zip(feature_names or ("All values",), columns.T, strict=False)
    return DistributionInfo(title, tuple(_count(name, column, edges) for name, column in named))


def distribution_figure(info: DistributionInfo) -> go.Figure:
    """Draw the histograms over each other, see-through."""
    several = len(info.features) > 1
    return styled(
        [_bars(feature, position) for position, feature in enumerate(info.features)],
        height=300,
        revision=f"distribution {info.title}",
        barmode="overlay",
        bargap=0.04,
        showlegend=several,
        margin={"l": 8, "r": 8, "t": 36 if several else 12, "b": 8},
        xaxis=axis(info.title, zeroline=False),
        yaxis=axis("Share of values", tickformat="~%"),
    )


def _count(name: str, column: NDArray[np.float64], edges: NDArray[np.float64]) -> Distribution:
    counts = np.histogram(column, edges)[0]
    return Distribution(
        name,
        tuple(((edges[1:] + edges[:-1]) / 2).tolist()),
        float(edges[1] - edges[0]),
        tuple((counts / max(1, column.size)).tolist()),
    )


def _bars(feature: Distribution, position: int) -> Spec:
    half = feature.width / 2
    return {
        "type": "bar",
        "name": feature.name,
        "x": feature.middles,
        "y": feature.shares,
        "marker": {
            "color": translucent(color(position), 0.65),
            "line": {"color": color(position), "width": 1},
        },
        "customdata": [[middle - half, middle + half] for middle in feature.middles],
        "hovertemplate": "%{y:.1%} of values from %{customdata[0]:.3~g} to "
        f"%{{customdata[1]:.3~g}}<extra>{feature.name}</extra>",
    }
