"""What a model says everywhere on the plane, under the samples it was trained on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from core.figures.chart import Table, counted, number
from core.figures.points import PointsInfo, key, plane, point_traces, points_table
from core.figures.theme import GREY, INK, Spec, color, spec, styled, translucent
from core.formats import percent

FloatArray = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Region:
    """Where one class wins: its probability there and NaN elsewhere, (g, g).

    `margin` is its probability minus the best other one; the border runs where it is 0.
    """

    label: int
    confidence: FloatArray
    margin: FloatArray


@dataclass(frozen=True, eq=False)
class BoundaryInfo:
    """Grid lines x and y (g,), regions or, for regression, `values` (g, g), and the samples.

    Row is y and column is x. `wrong` holds the samples to mark, (m, 2).
    """

    x: FloatArray
    y: FloatArray
    regions: tuple[Region, ...]
    values: FloatArray | None
    points: PointsInfo
    wrong: FloatArray


def boundary_info(
    x: ArrayLike, y: ArrayLike, outputs: ArrayLike, points: PointsInfo, wrong: ArrayLike = ()
) -> BoundaryInfo:
    """Prepare a model's outputs on a grid for `points`; `wrong` holds mistaken samples (m, 2).

    `outputs` are probabilities (g, g, k), a sigmoid (g, g, 1), or numbers (g, g) if `points` has
    no classes; row is y and column is x.
    """
    grid = np.asarray(outputs, dtype=np.float32)
    regions: tuple[Region, ...] = ()
    if points.class_names:
        grid = np.concatenate([1 - grid, grid], axis=2) if grid.shape[2] == 1 else grid
        regions = tuple(_region(grid, label) for label in range(grid.shape[2]))
    return BoundaryInfo(
        x=np.asarray(x, dtype=np.float32),
        y=np.asarray(y, dtype=np.float32),
        regions=regions,
        values=None if regions else grid.reshape(grid.shape[:2]),
        points=points,
        wrong=np.asarray(wrong, dtype=np.float32).reshape(-1, 2),
    )


def boundary_figure(info: BoundaryInfo) -> go.Figure:
    """Draw regions, borders, samples, and a cross on each mistake."""
    traces = [_area(info, region) for region in info.regions]
    # With two classes both borders are the same line.
    bordered = info.regions[:1] if len(info.regions) == 2 else info.regions
    traces += [_border(info, region) for region in bordered]
    if info.values is not None:
        traces.append(_surface(info, info.values))
    traces += point_traces(info.points)
    if len(info.wrong):
        traces += [_crosses(info), key("Wrong", INK, "x-thin-open")]
    return styled(traces, height=440, revision="boundary", **plane(info.points))


def boundary_sentence(info: BoundaryInfo) -> str:
    """What share of the plane each class or which range of numbers is given, and the mistakes."""
    drawn = f"{counted(sum(len(group.x) for group in info.points.groups), 'point')} drawn"
    if info.values is not None:
        low, high = number(float(info.values.min())), number(float(info.values.max()))
        return f"Predicted numbers over the plane: from {low} to {high}; {drawn}."
    names, size = info.points.class_names, max(1, len(info.x) * len(info.y))
    shares = ", ".join(
        f"{names[region.label]} {percent(np.isfinite(region.confidence).sum() / size)}"
        for region in info.regions
    )
    wrong = f", {len(info.wrong):,} marked as wrong" if len(info.wrong) else ""
    return f"Predicted classes by their share of the plane: {shares}; {drawn}{wrong}."


def boundary_table(info: BoundaryInfo) -> Table:
    """A row a point; with classes, whether it is marked as wrong."""
    table = points_table(info.points)
    if info.values is not None:
        return table
    columns = [np.asarray(table[name], np.float32).tolist() for name in info.points.axis_names]
    wrong = set(map(tuple, info.wrong.tolist()))
    judged = ["wrong" if place in wrong else "" for place in zip(*columns, strict=True)]
    return table | {"Predicted": judged}


def _region(grid: FloatArray, label: int) -> Region:
    own, others = grid[:, :, label], np.delete(grid, label, axis=2).max(axis=2)
    won = grid.argmax(axis=2) == label
    return Region(label, np.where(won, own, np.float32(np.nan)), own - others)


def _area(info: BoundaryInfo, region: Region) -> Spec:
    """A region in its class colour, the stronger the surer the model is."""
    tint, name = color(region.label), info.points.class_names[region.label]
    return spec(
        type="heatmap",
        x=info.x,
        y=info.y,
        z=region.confidence,
        zmin=1 / len(info.regions),
        zmax=1,
        colorscale=[[0, translucent(tint, 0.08)], [1, translucent(tint, 0.42)]],
        showscale=False,
        hovertemplate=f"{name}: %{{z:.1%}}<extra></extra>",
        hoverongaps=False,
    )


def _border(info: BoundaryInfo, region: Region) -> Spec:
    contours = spec(start=0, end=0, size=1, coloring="none")
    quiet = spec(showscale=False, showlegend=False, hoverinfo="skip")
    line = spec(color=GREY, width=2)
    grid = spec(x=info.x, y=info.y, z=region.margin)
    return spec(type="contour", contours=contours, line=line, **grid, **quiet)


def _surface(info: BoundaryInfo, values: FloatArray) -> Spec:
    return spec(
        type="heatmap",
        x=info.x,
        y=info.y,
        z=values,
        zsmooth="best",
        coloraxis="coloraxis",
        hovertemplate="Predicted %{z:.3~g}<extra></extra>",
    )


def _crosses(info: BoundaryInfo) -> Spec:
    # Thin, so that the point and its colour stay in sight underneath.
    marker = spec(symbol="x-thin-open", size=8, color=INK, line=spec(width=1.5))
    place = spec(x=info.wrong[:, 0], y=info.wrong[:, 1])
    quiet = spec(showlegend=False, hoverinfo="skip")
    return spec(type="scatter", mode="markers", marker=marker, **place, **quiet)
