"""How far features go together: a heatmap of Pearson's correlation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from core.figures.chart import Table, counted
from core.figures.theme import all_inert, axis, margin, spec, styled

# Diverging, told apart with and without colour blindness: ColorBrewer's blue to red.
_COLORS = "RdBu"
_CELL, _AROUND = 22, 170
_NUMBERS_UP_TO = 14  # features; with more, the numbers would not fit into their cells


@dataclass(frozen=True)
class CorrelationInfo:
    """Names of the features, and a row of numbers from -1 to 1 for each."""

    names: tuple[str, ...]
    rows: tuple[tuple[float, ...], ...]


def correlation_info(names: Sequence[str], matrix: ArrayLike) -> CorrelationInfo:
    """Take the names and the correlation matrix (k, k)."""
    rows = np.asarray(matrix, np.float64)
    return CorrelationInfo(tuple(names), tuple(tuple(row) for row in rows.tolist()))


def correlation_sentence(info: CorrelationInfo) -> str:
    """The two features that go together most, and the two most opposed."""
    count = len(info.names)
    words = f"Correlation of {counted(count, 'column')}, each with each."
    pairs = [
        (info.rows[one][other], info.names[one], info.names[other])
        for one in range(count)
        for other in range(one)
        if np.isfinite(info.rows[one][other])
    ]
    if not pairs:
        return words
    (low, *least), (high, *most) = min(pairs), max(pairs)
    words += f" Highest: {most[1]} and {most[0]}, {high:.2f}."
    return words + (f" Lowest: {least[1]} and {least[0]}, {low:.2f}." if len(pairs) > 1 else "")


def correlation_table(info: CorrelationInfo) -> Table:
    """The matrix, with the names in front."""
    columns: Table = dict(zip(info.names, zip(*info.rows, strict=True), strict=True))
    return {"Column": info.names} | columns


def correlation_figure(info: CorrelationInfo) -> go.Figure:
    """Draw the matrix, the first feature at the top left."""
    shows_numbers = len(info.names) <= _NUMBERS_UP_TO
    heatmap = spec(
        type="heatmap",
        x=all_inert(info.names),
        y=all_inert(info.names),
        z=info.rows,
        zmin=-1,
        zmax=1,
        colorscale=_COLORS,
        reversescale=False,
        colorbar=spec(thickness=10),
        texttemplate="%{z:.2f}" if shows_numbers else "",
        hovertemplate="%{x}<br>%{y}: %{z:.2f}<extra></extra>",
    )
    return styled(
        [heatmap],
        height=max(320, _CELL * len(info.names) + _AROUND),
        revision="correlation",
        margin=margin(12),
        xaxis=axis("", tickangle=-45, showgrid=False, automargin=True),
        yaxis=axis("", autorange="reversed", showgrid=False, automargin=True),
    )
