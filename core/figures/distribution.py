"""Which values the inputs take: a histogram of pixels, or one of each feature."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from core.figures.chart import Table, number
from core.figures.theme import Spec, axis, color, inert, margin, spec, styled, translucent
from core.formats import percent

_MOST_IN_WORDS = 3


@dataclass(frozen=True)
class Feature:
    """One feature's name, the edges of its bins, and the share of its values in each."""

    name: str
    edges: tuple[float, ...]
    shares: tuple[float, ...]


@dataclass(frozen=True)
class DistributionInfo:
    """All features over one axis, named `title`."""

    title: str
    features: tuple[Feature, ...]


def distribution_info(
    histograms: Mapping[str, tuple[ArrayLike, ArrayLike]], title: str = "Pixel value"
) -> DistributionInfo:
    """Take (edges, counts) by feature name, as `np.histogram` counts: (bins + 1,) and (bins,)."""
    named = histograms.items()
    features = tuple(_feature(name, edges, counts) for name, (edges, counts) in named)
    return DistributionInfo(title, features)


def distribution_figure(info: DistributionInfo) -> go.Figure:
    """Draw the histograms over each other, see-through."""
    several = len(info.features) > 1
    return styled(
        [_bars(feature, place) for place, feature in enumerate(info.features)],
        height=300,
        revision=f"distribution {info.title}",
        margin=margin(36 if several else 12),
        barmode="overlay",
        showlegend=several,
        xaxis=axis(info.title, zeroline=False),
        yaxis=axis("Share of values", tickformat="~%"),
    )


def distribution_sentence(info: DistributionInfo) -> str:
    """Of each histogram its range and its fullest bin."""
    return f"Histogram of {info.title.lower()}. " + " ".join(
        _feature_words(feature) for feature in info.features[:_MOST_IN_WORDS]
    )


def distribution_table(info: DistributionInfo) -> Table:
    """A row a bin: its edges and the share of values in it."""
    rows = [
        (feature.name, *bin_)
        for feature in info.features
        for bin_ in zip(feature.edges[:-1], feature.edges[1:], feature.shares, strict=True)
    ]
    names, low, high, share = zip(*rows, strict=True) if rows else ((), (), (), ())
    table: Table = {"From": low, "To": high, "Share of values": share}
    return {"Name": names} | table if len(info.features) > 1 else table


def _feature_words(feature: Feature) -> str:
    place = feature.shares.index(max(feature.shares))
    low, high = number(feature.edges[place]), number(feature.edges[place + 1])
    return (
        f"{feature.name}: from {number(feature.edges[0])} to {number(feature.edges[-1])}; the "
        f"fullest bin, from {low} to {high}, holds {percent(feature.shares[place])} of values."
    )


def _feature(name: str, edges: ArrayLike, counts: ArrayLike) -> Feature:
    counted = np.asarray(counts, dtype=np.float64)
    shares = counted / max(1.0, float(counted.sum()))
    return Feature(name, tuple(np.asarray(edges, np.float64).tolist()), tuple(shares.tolist()))


def _bars(feature: Feature, place: int) -> Spec:
    bins = list(zip(feature.edges[:-1], feature.edges[1:], strict=True))
    tint = color(place)
    return spec(
        type="bar",
        name=inert(feature.name),
        x=[(low + high) / 2 for low, high in bins],
        width=[high - low for low, high in bins],
        y=feature.shares,
        customdata=bins,
        marker=spec(color=translucent(tint, 0.65), line=spec(color=tint, width=1)),
        hovertemplate="%{y:.1%} of values from %{customdata[0]:.3~g} to "
        f"%{{customdata[1]:.3~g}}<extra>{inert(feature.name)}</extra>",
    )
