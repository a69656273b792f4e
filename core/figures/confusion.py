"""The confusion matrix as a heat map: right answers blue, mistakes orange, rows by true class.

Cells go from see-through to full colour, so the page shows through in light and dark mode alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.analysis import normalize_rows
from core.figures.theme import BLUE, GREY, Spec, axis, shortened, styled, translucent

# With more classes the numbers no longer fit into their cells.
MOST_NUMBERED_CLASSES = 25
MISTAKE = "#C04A00"  # vermillion, darkened until white numbers are readable on it

# Opacity by share of the true class: rare mistakes show; the jump past one half keeps numbers
# readable, as no cell is half-way between one that wants dark text and one that wants white.
_OPACITY = ((0.0, 0.0), (0.002, 0.10), (0.02, 0.16), (0.1, 0.32), (0.5, 0.60), (0.54, 0.90), (1, 1))
_WHITE_TEXT_FROM = 0.52

Rows = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class ConfusionInfo:
    """Class names, counts and row shares (true by predicted), and the text of each cell."""

    names: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    shares: Rows
    texts: tuple[tuple[str, ...], ...]
    normalized: bool


def confusion_info(
    matrix: NDArray[np.int64], class_names: Sequence[str], normalize: bool = False
) -> ConfusionInfo:
    """Prepare a (k, k) count matrix; `normalize` writes percent of the true class instead."""
    shares = normalize_rows(matrix)
    numbered = len(matrix) <= MOST_NUMBERED_CLASSES
    texts = tuple(
        tuple(
            _text(int(count), float(share), normalize) if numbered else ""
            for count, share in zip(*pair, strict=True)
        )
        for pair in zip(matrix, shares, strict=True)
    )
    return ConfusionInfo(
        names=tuple(class_names),
        counts=tuple(tuple(int(count) for count in row) for row in matrix),
        shares=tuple(tuple(float(share) for share in row) for row in shares),
        texts=texts,
        normalized=normalize,
    )


def confusion_figure(info: ConfusionInfo) -> go.Figure:
    """Draw the matrix, true classes down and predicted classes across."""
    count = len(info.names)
    diagonal = np.eye(count, dtype=bool)
    traces = [_tiles(info, diagonal, BLUE), _tiles(info, ~diagonal, MISTAKE)]
    if count <= MOST_NUMBERED_CLASSES:
        strong = np.array(info.shares) >= _WHITE_TEXT_FROM
        traces += [_numbers(info, strong, "#ffffff"), _numbers(info, ~strong, None)]
    flat = {
        **{"type": "category", "showgrid": False, "zeroline": False},
        "labelalias": {name: shortened(name, 16) for name in info.names if len(name) > 16},
    }
    edges = [-0.5, count - 0.5]
    return styled(
        traces,
        height=int(np.clip(110 + 38 * count, 260, 720)),
        revision=f"confusion {count}",
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        xaxis=axis("Predicted class", range=edges, **flat),
        yaxis=axis("True class", range=edges[::-1], **flat),
    )


def _text(count: int, share: float, normalize: bool) -> str:
    """What a cell says; nothing for none, so that the mistakes stand out."""
    if count == 0:
        return ""
    if not normalize:
        return str(count)
    return "<1" if share < 0.01 else f"{100 * share:.0f}"


def _tiles(info: ConfusionInfo, kept: NDArray[np.bool_], tint: str) -> Spec:
    scale = [[at, translucent(tint, alpha)] for at, alpha in _OPACITY[1:]]
    return {
        "type": "heatmap",
        "z": np.where(kept, np.array(info.shares), np.nan),
        "customdata": np.array(info.counts),
        **{"zmin": 0, "zmax": 1, "showscale": False},
        **({"xgap": 2, "ygap": 2} if len(info.names) <= MOST_NUMBERED_CLASSES else {}),
        "colorscale": [[0, translucent(GREY, 0.08)], [0.0019, translucent(GREY, 0.08)], *scale],
        "x": info.names,
        "y": info.names,
        "hovertemplate": "True: %{y}<br>Predicted: %{x}<br>"
        "%{customdata:,} samples, %{z:.1%} of the true class<extra></extra>",
        "hoverongaps": False,
    }


def _numbers(info: ConfusionInfo, kept: NDArray[np.bool_], tint: str | None) -> Spec:
    """Cell texts in one colour; None leaves it to the page's theme."""
    rows, columns = np.nonzero(kept)
    count = len(info.names)
    return {
        "type": "scatter",
        "mode": "text",
        "x": [info.names[column] for column in columns],
        "y": [info.names[row] for row in rows],
        "text": [info.texts[row][column] for row, column in zip(rows, columns, strict=True)],
        "textfont": {"size": 14 if count <= 6 else 12 if count <= 12 else 9}
        | ({"color": tint} if tint else {}),
        "hoverinfo": "skip",
        "showlegend": False,
    }
