"""How many samples of each class there are to train, validate and test on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from core.figures.theme import (
    SPLIT_COLORS,
    SPLIT_TITLES,
    SPLITS,
    Spec,
    axis,
    shortened,
    styled,
)


@dataclass(frozen=True)
class BalanceInfo:
    """Class names, and for each split that has samples its counts in class order."""

    names: tuple[str, ...]
    splits: tuple[tuple[str, tuple[int, ...]], ...]


def balance_info(labels: Mapping[str, ArrayLike], class_names: Sequence[str]) -> BalanceInfo:
    """Count integer labels (n,) by split name: `train`, `validation`, `test`."""
    counted = []
    for split in SPLITS:
        found = np.asarray(labels.get(split, ())).ravel().astype(np.int64)
        if found.size:
            counts = np.bincount(found, minlength=len(class_names))
            counted.append((split, tuple(counts.tolist())))
    return BalanceInfo(tuple(class_names), tuple(counted))


def balance_figure(info: BalanceInfo) -> go.Figure:
    """Draw a group of bars for each class."""
    names = [shortened(name, 16) for name in info.names]
    positions = list(range(len(names)))
    return styled(
        [_bars(info.names, split, counts) for split, counts in info.splits],
        height=320,
        revision="balance",
        barmode="group",
        bargap=0.25,
        bargroupgap=0.05,
        xaxis=axis("Class", showgrid=False, tickvals=positions, ticktext=names),
        yaxis=axis("Samples", tickformat=",d"),
    )


def _bars(names: tuple[str, ...], split: str, counts: tuple[int, ...]) -> Spec:
    return {
        "type": "bar",
        "name": SPLIT_TITLES[split],
        "x": list(range(len(names))),
        "y": counts,
        "customdata": names,
        "marker": {"color": SPLIT_COLORS[split], "cornerradius": 3},
        "hovertemplate": f"%{{customdata}}: %{{y:,}} samples<extra>{SPLIT_TITLES[split]}</extra>",
    }
