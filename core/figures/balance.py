"""How many samples of each class there are to train, validate and test on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from core.figures.chart import Table, counted
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

# More classes have no room for a group of bars each: the splits stand on each other there.
MOST_GROUPED_CLASSES = 25


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
    """Draw a group of bars for each class, or of many one bar with the splits on each other."""
    grouped = len(info.names) <= MOST_GROUPED_CLASSES
    bars = spec(barmode="group", bargap=0.25, bargroupgap=0.05)
    return styled(
        [_bars(info.names, part, 3 if grouped else 0) for part in info.splits],
        height=320,
        revision="balance",
        xaxis=class_axis("Class", info.names),
        yaxis=axis("Samples", tickformat=",d"),
        **(bars if grouped else spec(barmode="stack", bargap=0.3)),
    )


def balance_sentence(info: BalanceInfo) -> str:
    """Of each part, how many samples it has, and its smallest and largest class."""
    return f"Samples of {counted(len(info.names), 'class', 'classes')}. " + " ".join(
        _part_words(info.names, part) for part in info.splits
    )


def balance_table(info: BalanceInfo) -> Table:
    """A row a class, a column for each part."""
    parts: Table = {SPLIT_TITLES[part.split]: part.counts for part in info.splits}
    return {"Class": info.names} | parts


def _part_words(names: tuple[str, ...], part: SplitCounts) -> str:
    start = f"{SPLIT_TITLES[part.split]}: {sum(part.counts):,}"
    fewest, most = min(part.counts), max(part.counts)
    if fewest == most:
        return f"{start}, {most:,} of each class."
    few, many = names[part.counts.index(fewest)], names[part.counts.index(most)]
    return f"{start}, from {fewest:,} of {few} to {most:,} of {many}."


def _bars(names: tuple[str, ...], part: SplitCounts, radius: int) -> Spec:
    title = SPLIT_TITLES[part.split]
    return spec(
        type="bar",
        name=title,
        x=all_inert(names),
        y=part.counts,
        marker=spec(color=SPLIT_COLORS[part.split], cornerradius=radius),
        hovertemplate=f"%{{x}}: %{{y:,}} samples<extra>{title}</extra>",
    )
