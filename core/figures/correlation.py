"""How far features go together: a heatmap of Pearson's correlation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

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
