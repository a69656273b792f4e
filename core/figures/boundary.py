"""What a model says everywhere on the plane, under the samples it was trained on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from core.figures.points import PointsInfo, plane, point_traces
from core.figures.theme import GREY, Spec, color, styled, translucent

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

    Row is y and column is x. `wrong` holds the x and the y of the samples to ring.
    """

    x: FloatArray
    y: FloatArray
    regions: tuple[Region, ...]
    values: FloatArray | None
    points: PointsInfo
    wrong: tuple[tuple[float, ...], tuple[float, ...]]


def boundary_info(
    x: ArrayLike, y: ArrayLike, outputs: ArrayLike, points: PointsInfo, wrong: ArrayLike = ()
) -> BoundaryInfo:
    """Prepare a model's outputs on a grid for `points`; `wrong` holds mistaken samples (m, 2).

    `outputs` are probabilities (g, g, k), a sigmoid (g, g, 1), or numbers (g, g) if `points` has
    no classes; row is y and column is x.
    """
    grid = np.asarray(outputs, dtype=np.float32)
    regions: tuple[Region, ...] = ()
    values = None
    if points.class_names:
        grid = np.concatenate([1 - grid, grid], axis=2) if grid.shape[2] == 1 else grid
        regions = tuple(_region(grid, label) for label in range(grid.shape[2]))
    else:
        values = grid.reshape(grid.shape[:2])
    ringed = np.asarray(wrong, dtype=np.float64).reshape(-1, 2)
    lines = (np.asarray(side, dtype=np.float32) for side in (x, y))
    rings = (tuple(ringed[:, 0].tolist()), tuple(ringed[:, 1].tolist()))
    return BoundaryInfo(*lines, regions, values, points, rings)


def boundary_figure(info: BoundaryInfo) -> go.Figure:
    """Draw regions, borders, samples, and a ring around each mistake."""
    traces = [_area(info, region) for region in info.regions]
    # With two classes both borders are the same line.
    bordered = info.regions[:1] if len(info.regions) == 2 else info.regions
    traces += [_border(info, region) for region in bordered]
    if info.values is not None:
        traces.append(_surface(info, info.values))
    traces += point_traces(info.points)
    if info.wrong[0]:
        traces += _rings(info)
    return styled(traces, height=460, revision="boundary", **plane(info.points))


def _region(grid: FloatArray, label: int) -> Region:
    own, others = grid[:, :, label], np.delete(grid, label, axis=2).max(axis=2)
    won = grid.argmax(axis=2) == label
    return Region(label, np.where(won, own, np.float32(np.nan)), own - others)


def _area(info: BoundaryInfo, region: Region) -> Spec:
    """A region in its class colour, the stronger the surer the model is."""
    tint, name = color(region.label), info.points.class_names[region.label]
    return {
        "type": "heatmap",
        **{"x": info.x, "y": info.y, "z": region.confidence},
        **{"zmin": 1 / len(info.regions), "zmax": 1, "showscale": False},
        "colorscale": [[0, translucent(tint, 0.08)], [1, translucent(tint, 0.42)]],
        "hovertemplate": f"{name}: %{{z:.2f}}<extra></extra>",
        "hoverongaps": False,
    }


def _border(info: BoundaryInfo, region: Region) -> Spec:
    return {
        "type": "contour",
        **{"x": info.x, "y": info.y, "z": region.margin, "showscale": False},
        "contours": {"start": 0, "end": 0, "size": 1, "coloring": "none"},
        "line": {"color": GREY, "width": 2},
        "hoverinfo": "skip",
    }


def _surface(info: BoundaryInfo, values: FloatArray) -> Spec:
    return {
        "type": "heatmap",
        **{"x": info.x, "y": info.y, "z": values, "zsmooth": "best"},
        "coloraxis": "coloraxis",
        "hovertemplate": "Predicted %{z:.3~g}<extra></extra>",
    }


def _rings(info: BoundaryInfo) -> list[Spec]:
    """Dark within light, so that a ring is seen on every colour; one legend entry."""
    shared = {"type": "scatter", "mode": "markers", "hoverinfo": "skip"}
    shared |= {"x": info.wrong[0], "y": info.wrong[1], "legendgroup": "wrong"}
    return [
        shared | {"showlegend": first, "name": "Wrong", "marker": marker}
        for first, marker in (
            (False, _ring("#ffffff", 4)),
            (True, _ring("#1a1a1a", 1.8)),
        )
    ]


def _ring(tint: str, width: float) -> Spec:
    return {"symbol": "circle-open", "size": 16, "color": tint, "line": {"width": width}}
