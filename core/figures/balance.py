"""How many samples of each class there are to train, validate and test on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from core.figures.theme import (
    SPLIT_COLORS,
    SPLIT_TITLES,
    SPLITS,
    Spec,
    all_inert,
    axis,
    class_axis,
    spec,
    styled,
)


@dataclass(frozen=True)
class SplitCounts:
    """One split's samples of each class, in class order."""

    split: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class BalanceInfo:
    """Class names, and the counts of each split that has samples."""

    names: tuple[str, ...]
    splits: tuple[SplitCounts, ...]


def balance_info(counts: Mapping[str, Sequence[int]], class_names: Sequence[str]) -> BalanceInfo:
    """Take counts in class order by split name: `train`, `validation`, `test`."""
    present = [split for split in SPLITS if sum(counts.get(split, ()))]
    parts = tuple(SplitCounts(split, tuple(map(int, counts[split]))) for split in present)
    return BalanceInfo(tuple(class_names), parts)


def balance_figure(info: BalanceInfo) -> go.Figure:
    """Draw a group of bars for each class."""
    return styled(
        [_bars(info.names, part) for part in info.splits],
        height=320,
        revision="balance",
        barmode="group",
        bargap=0.25,
        bargroupgap=0.05,
        xaxis=class_axis("Class", info.names),
        yaxis=axis("Samples", tickformat=",d"),
    )


def _bars(names: tuple[str, ...], part: SplitCounts) -> Spec:
    title = SPLIT_TITLES[part.split]
    return spec(
        type="bar",
        name=title,
        x=all_inert(names),
        y=part.counts,
        marker=spec(color=SPLIT_COLORS[part.split], cornerradius=3),
        hovertemplate=f"%{{x}}: %{{y:,}} samples<extra>{title}</extra>",
    )
