"""Two-dimensional samples as dots: colour and symbol by class, hollow where held back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from core.figures.chart import IN_WORDS, Table, counted, number
from core.figures.theme import (
    GREY,
    SPLIT_TITLES,
    SPLITS,
    Spec,
    axis,
    color,
    inert,
    margin,
    spec,
    styled,
    symbol,
)

FloatArray = NDArray[np.float64]

# Cividis (Nuñez, Anderton and Renslow, 2018) reads the same with and without colour blindness.
VALUE_COLORS = "Cividis"
MOST_DOTS = 2000
_FILLINGS = {"train": "", "validation": "-open", "test": "-open-dot"}
# Numbers need filled dots to show their colour, so there the split is told by the shape.
_SHAPES = {"train": "circle", "validation": "diamond", "test": "square"}
_RIM = spec(width=1, color="rgba(255,255,255,0.8)")


@dataclass(frozen=True)
class Dots:
    """The dots of one split and one class; for regression `label` is None and `values` is set."""

    split: str
    label: int | None
    x: tuple[float, ...]
    y: tuple[float, ...]
    values: tuple[float, ...] = ()


@dataclass(frozen=True)
class PointsInfo:
    """All dots, class names (none for regression) and the names of the two features."""

    groups: tuple[Dots, ...]
    class_names: tuple[str, ...]
    axis_names: tuple[str, str]


def points_info(
    samples: Mapping[str, tuple[ArrayLike, ArrayLike]],
    class_names: Sequence[str],
    axis_names: tuple[str, str] = ("x", "y"),
) -> PointsInfo:
    """Group points (n, 2) and their labels or numbers (n,), given by split name.

    Each split is thinned evenly to 2,000 dots.
    """
    groups: list[Dots] = []
    for split in SPLITS:
        if split in samples:
            points, labels = (np.asarray(part, dtype=np.float64) for part in samples[split])
            kept = np.linspace(0, len(points) - 1, min(len(points), MOST_DOTS)).astype(np.int64)
            groups += _grouped(split, points[kept], labels.ravel()[kept], len(class_names))
    return PointsInfo(tuple(groups), tuple(class_names), axis_names)


def points_figure(info: PointsInfo) -> go.Figure:
    """Draw the dots."""
    return styled(point_traces(info), height=420, revision="points", **plane(info))


def points_sentence(info: PointsInfo) -> str:
    """How many points of each part and class there are, and where they lie."""
    across, up = info.axis_names
    places = [(x, y) for group in info.groups for x, y in zip(group.x, group.y, strict=True)]
    if not places:
        return f"No points over {across} and {up}."
    parts = (f"{_group_words(info, group)} {len(group.x):,}" for group in info.groups)
    xs, ys = zip(*places, strict=True)
    return (
        f"{counted(len(places), 'point')}: {', '.join(parts)}. {across} from {number(min(xs))} to "
        f"{number(max(xs))}, {up} from {number(min(ys))} to {number(max(ys))}."
    )


def points_table(info: PointsInfo) -> Table:
    """A row a point: its part, its class or number, and its place."""
    rows = [
        (SPLIT_TITLES[group.split], group, place)
        for group in info.groups
        for place in range(len(group.x))
    ]
    truth = [
        group.values[place] if group.label is None else info.class_names[group.label]
        for _, group, place in rows
    ]
    return {
        "Part": [part for part, _, _ in rows],
        "Class" if info.class_names else "Value": truth,
        info.axis_names[0]: [group.x[place] for _, group, place in rows],
        info.axis_names[1]: [group.y[place] for _, group, place in rows],
    }


def _group_words(info: PointsInfo, group: Dots) -> str:
    words = IN_WORDS[group.split]
    return words if group.label is None else f"{words}, {info.class_names[group.label]}:"


def point_traces(info: PointsInfo) -> list[Spec]:
    """The dots, and legend entries that say what colour, symbol and filling mean."""
    traces = [_dots(info, group) for group in info.groups]
    classes = enumerate(info.class_names)
    traces += [key(inert(name), color(place), symbol(place)) for place, name in classes]
    splits = dict.fromkeys(group.split for group in info.groups)
    if len(splits) > 1:
        traces += [key(SPLIT_TITLES[split], GREY, _shape(info, split, 0)) for split in splits]
    return traces


def plane(info: PointsInfo) -> Spec:
    """Axes of the two features, equally long for equal numbers, and the colours of numbers."""
    settings = spec(zeroline=False, constrain="domain")
    bar = spec(orientation="h", thickness=10, lenmode="pixels", len=200, title=spec(text="Value"))
    below = spec(x=0, xanchor="left", y=0, yref="container", yanchor="bottom")
    return spec(
        xaxis=axis(info.axis_names[0], constraintoward="left", **settings),
        yaxis=axis(info.axis_names[1], constraintoward="top", scaleanchor="x", **settings),
        coloraxis=spec(colorscale=VALUE_COLORS, colorbar=bar | below),
        margin=margin(36) | ({} if info.class_names else {"b": 60}),
    )


def key(name: str, tint: str, shape: str) -> Spec:
    """A legend entry without dots of its own."""
    marker = spec(color=tint, symbol=shape, size=9, line=spec(width=2 if "open" in shape else 0))
    nowhere = spec(x=(None,), y=(None,), hoverinfo="skip")
    return spec(type="scatter", mode="markers", name=name, marker=marker, **nowhere)


def _grouped(split: str, points: FloatArray, labels: FloatArray, class_count: int) -> list[Dots]:
    if not class_count:
        return [Dots(split, None, _column(points, 0), _column(points, 1), tuple(labels.tolist()))]
    present = [place for place in range(class_count) if (labels == place).any()]
    parts = ((place, points[labels == place]) for place in present)
    return [Dots(split, place, _column(part, 0), _column(part, 1)) for place, part in parts]


def _column(points: FloatArray, side: int) -> tuple[float, ...]:
    return tuple(points[:, side].tolist())


def _dots(info: PointsInfo, group: Dots) -> Spec:
    place = group.label or 0
    tint = spec(color=color(place))
    if group.label is None:
        tint = spec(color=group.values, coloraxis="coloraxis")
    name = "%{marker.color:.3~g}" if group.label is None else inert(info.class_names[place])
    shape = _shape(info, group.split, place)
    # The rim keeps dots apart from each other and from a region of their own colour.
    line = spec(width=2) if "open" in shape else _RIM
    return spec(
        type="scatter",
        mode="markers",
        x=group.x,
        y=group.y,
        showlegend=False,
        marker=spec(symbol=shape, size=8, line=line) | tint,
        hovertemplate=f"{name} ({SPLIT_TITLES[group.split].lower()})<extra></extra>",
    )


def _shape(info: PointsInfo, split: str, place: int) -> str:
    """Symbols tell the class and fillings the split, where there is more than one."""
    if all(group.split == split for group in info.groups):
        return symbol(place)
    return symbol(place) + _FILLINGS[split] if info.class_names else _SHAPES[split]
