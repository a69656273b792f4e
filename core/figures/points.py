"""Two-dimensional samples as dots: colour and symbol by class, hollow where held back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from core.figures.theme import GREY, SPLIT_TITLES, SPLITS, Spec, axis, color, styled, symbol

# Cividis (Nuñez, Anderton and Renslow, 2018) reads the same with and without colour blindness.
VALUE_COLORS = "Cividis"
MOST_DOTS = 2000
_FILLING = {"train": "", "validation": "-open", "test": "-open-dot"}

FloatArray = NDArray[np.float64]


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
    """Group points (n, 2) and labels or numbers (n,) given by split name.

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
    return styled(point_traces(info), height=440, revision="points", **plane(info))


def point_traces(info: PointsInfo) -> list[Spec]:
    """The dots, and legend entries that say what colour, symbol and filling mean."""
    traces = [_dots(info, group) for group in info.groups]
    traces += [
        _key(name, color(label), symbol(label)) for label, name in enumerate(info.class_names)
    ]
    shown = {group.split for group in info.groups}
    splits = [split for split in SPLITS if split in shown] if len(shown) > 1 else []
    keys = (_key(SPLIT_TITLES[split], GREY, "circle" + _FILLING[split]) for split in splits)
    return [*traces, *keys]


def plane(info: PointsInfo) -> Spec:
    """Axes of the two features, equally long for equal numbers, and the colours of numbers."""
    return {
        "xaxis": axis(info.axis_names[0], zeroline=False, constrain="domain"),
        "yaxis": axis(info.axis_names[1], zeroline=False, constrain="domain", scaleanchor="x"),
        "coloraxis": {
            "colorscale": VALUE_COLORS,
            "colorbar": {"title": {"text": "Value"}, "thickness": 12, "len": 1, "y": 0.5},
        },
    }


def _grouped(split: str, points: FloatArray, labels: FloatArray, class_count: int) -> list[Dots]:
    columns = (tuple(points[:, 0].tolist()), tuple(points[:, 1].tolist()))
    if not class_count:
        return [Dots(split, None, *columns, tuple(labels.tolist()))]
    present = [label for label in range(class_count) if (labels == label).any()]
    return [
        Dots(split, label, *(tuple(points[labels == label, side].tolist()) for side in (0, 1)))
        for label in present
    ]


def _dots(info: PointsInfo, group: Dots) -> Spec:
    if group.label is None:
        name, shape = "%{marker.color:.3~g}", "circle"
        tint: Spec = {"color": group.values, "coloraxis": "coloraxis"}
    else:
        name, shape = info.class_names[group.label], symbol(group.label)
        tint = {"color": color(group.label)}
    filling = _FILLING[group.split]
    # A thin rim keeps filled dots apart from each other and from a region of their own colour.
    rim = {"width": 2} if filling else {"width": 1, "color": "rgba(255,255,255,0.8)"}
    return {
        "type": "scatter",
        "mode": "markers",
        **{"x": group.x, "y": group.y, "showlegend": False},
        "marker": {**tint, "symbol": shape + filling, "size": 8, "line": rim},
        "hovertemplate": f"{name} ({SPLIT_TITLES[group.split].lower()})<extra></extra>",
    }


def _key(name: str, tint: str, shape: str) -> Spec:
    """A legend entry without dots of its own; a click on it does nothing."""
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        **{"x": (None,), "y": (None,), "hoverinfo": "skip"},
        "marker": {
            "color": tint,
            "symbol": shape,
            "size": 9,
            "line": {"width": 2 * ("open" in shape)},
        },
    }
