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
from core.figures.chart import Table, counted
from core.figures.theme import (
    BLUE,
    GREY,
    INK,
    Spec,
    all_inert,
    class_axis,
    margin,
    spec,
    styled,
    translucent,
)
from core.formats import percent

# With more classes the numbers no longer fit into their cells.
MOST_NUMBERED_CLASSES = 25
MISTAKE = "#C04A00"  # vermillion, darkened until white numbers are readable on it

# Opacity by share of the true class. Rare mistakes show; the jump past one half keeps numbers
# readable, as no cell is half-way between one that wants dark text and one that wants white.
OPACITY = ((0.002, 0.14), (0.02, 0.22), (0.1, 0.38), (0.5, 0.60), (0.54, 0.95), (1.0, 1.0))
WHITE_TEXT_FROM = 0.52
EMPTY = translucent(GREY, 0.08)


@dataclass(frozen=True)
class ConfusionInfo:
    """Class names, and by true and predicted class: counts, row shares, and cell texts."""

    names: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    shares: tuple[tuple[float, ...], ...]
    texts: tuple[tuple[str, ...], ...]


def confusion_info(
    matrix: NDArray[np.int64], class_names: Sequence[str], normalize: bool = False
) -> ConfusionInfo:
    """Prepare a (k, k) count matrix; `normalize` writes percent of the true class instead."""
    counts = tuple(map(tuple, matrix.tolist()))
    shares = tuple(map(tuple, normalize_rows(matrix).tolist()))
    texts: tuple[tuple[str, ...], ...] = ()
    if len(counts) <= MOST_NUMBERED_CLASSES:
        texts = tuple(
            tuple(_text(*cell, normalize) for cell in zip(*row, strict=True))
            for row in zip(counts, shares, strict=True)
        )
    return ConfusionInfo(tuple(class_names), counts, shares, texts)


def confusion_figure(info: ConfusionInfo) -> go.Figure:
    """Draw the matrix, true classes down and predicted classes across."""
    count = len(info.names)
    diagonal = np.eye(count, dtype=bool)
    traces = [_tiles(info, diagonal, BLUE), _tiles(info, ~diagonal, MISTAKE)]
    if info.texts:
        strong = np.array(info.shares) >= WHITE_TEXT_FROM
        traces += [_numbers(info, strong, "#ffffff"), _numbers(info, ~strong, INK)]
    edges = [-0.5, count - 0.5]
    return styled(
        traces,
        height=int(np.clip(110 + 38 * count, 260, 720)),
        revision=f"confusion {count}",
        margin=margin(8),
        xaxis=class_axis("Predicted class", info.names) | spec(range=edges),
        yaxis=class_axis("True class", info.names) | spec(range=edges[::-1]),
    )


def confusion_sentence(info: ConfusionInfo) -> str:
    """The share of right answers, and the most frequent mistake."""
    counts = np.array(info.counts)
    total, right = int(counts.sum()), int(np.trace(counts))
    share = f", {percent(right / total)}" if total else ""
    words = (
        f"Confusion matrix of {counted(len(info.names), 'class', 'classes')}: {right:,} of "
        f"{counted(total, 'sample')} are right{share}."
    )
    mistakes = counts - np.diag(np.diag(counts))
    if not mistakes.any():
        return words
    row, column = (int(place) for place in np.unravel_index(mistakes.argmax(), mistakes.shape))
    return (
        f"{words} Most frequent mistake: {counted(int(mistakes[row, column]), 'sample')} of "
        f"{info.names[row]} predicted as {info.names[column]}, "
        f"{percent(info.shares[row][column])} of that class."
    )


def confusion_table(info: ConfusionInfo) -> Table:
    """A row a true class, a column a predicted one, with counts."""
    columns = [(f"Predicted {name}", column) for name, column in _columns(info)]
    return {"True class": info.names} | dict(columns)


def _columns(info: ConfusionInfo) -> list[tuple[str, tuple[int, ...]]]:
    return list(zip(info.names, zip(*info.counts, strict=True), strict=True))


def _text(count: int, share: float, normalize: bool) -> str:
    """What a cell says; nothing for none, so that the mistakes stand out."""
    if count == 0:
        return ""
    if not normalize:
        return str(count)
    return "<1" if share < 0.01 else f"{100 * share:.0f}"


def _tiles(info: ConfusionInfo, kept: NDArray[np.bool_], tint: str) -> Spec:
    scale = [[0, EMPTY], [OPACITY[0][0], EMPTY]]
    scale += [[share, translucent(tint, opacity)] for share, opacity in OPACITY]
    gap = 2 if info.texts else 0
    return spec(
        type="heatmap",
        x=all_inert(info.names),
        y=all_inert(info.names),
        z=np.where(kept, np.array(info.shares), np.nan),
        customdata=np.array(info.counts),
        colorscale=scale,
        hovertemplate="True: %{y}<br>Predicted: %{x}<br>"
        "%{customdata:,} samples, %{z:.1%} of the true class<extra></extra>",
        **spec(zmin=0, zmax=1, showscale=False, xgap=gap, ygap=gap, hoverongaps=False),
    )


def _numbers(info: ConfusionInfo, kept: NDArray[np.bool_], ink: str) -> Spec:
    """The texts of the cells `kept`, in one colour."""
    cells = [(int(row), int(column)) for row, column in np.argwhere(kept)]
    count, names = len(info.names), all_inert(info.names)
    return spec(
        type="scatter",
        mode="text",
        x=[names[column] for _, column in cells],
        y=[names[row] for row, _ in cells],
        text=[info.texts[row][column] for row, column in cells],
        textfont=spec(size=14 if count <= 6 else 12 if count <= 12 else 9, color=ink),
        hoverinfo="skip",
        showlegend=False,
    )
