"""What a model says about one sample: the probability of every class as bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from core.figures.chart import Table, counted
from core.figures.theme import (
    BLUE,
    GREY,
    INK,
    PALETTE,
    axis,
    color,
    inert,
    margin,
    shortened,
    spec,
    styled,
    translucent,
)
from core.formats import percent

# More bars than this do not fit beside a picture.
MOST_BARS = 12


@dataclass(frozen=True)
class Bar:
    """One class, its probability, whether it is the true and the predicted one, and its colour."""

    name: str
    probability: float
    is_true: bool
    is_predicted: bool
    color: str

    @property
    def text(self) -> str:
        """The probability, and in words what the class is."""
        role = "true class" if self.is_true else ""
        if self.is_predicted:
            role = "predicted ✓" if self.is_true else "predicted ✗"
        return f"{percent(self.probability)}  {role}".rstrip()


@dataclass(frozen=True)
class ProbabilitiesInfo:
    """The bars in class order, and how many classes were left out."""

    bars: tuple[Bar, ...]
    left_out: int


def probabilities_info(
    probabilities: ArrayLike, class_names: Sequence[str], true: int | None = None
) -> ProbabilitiesInfo:
    """Prepare one sample's probabilities (k,); `true` is its label, None if it is not known.

    With many classes, the most probable ones and the true one are kept.
    """
    values = np.asarray(probabilities, dtype=np.float64).ravel()
    order = np.argsort(-values, kind="stable").tolist()
    kept = order[:MOST_BARS]
    if true is not None and true not in kept:
        kept[-1] = true
    bars = tuple(
        Bar(
            class_names[place],
            float(values[place]),
            place == true,
            place == order[0],
            _tint(place, len(order), place in (true, order[0])),
        )
        for place in sorted(kept)
    )
    return ProbabilitiesInfo(bars, len(order) - len(bars))


def _tint(place: int, class_count: int, matters: bool) -> str:
    """A class's colour where each has one; else blue for the true and the predicted class."""
    if class_count <= len(PALETTE):
        return color(place)
    return BLUE if matters else translucent(GREY, 0.55)


def probabilities_sentence(info: ProbabilitiesInfo) -> str:
    """The predicted class and the true one, with their probabilities."""
    words = "Probability of each class for one sample. "
    words += " ".join(
        f"{'Predicted' if bar.is_predicted else 'True class'}: {bar.name}, "
        f"{percent(bar.probability)}{_judged(bar)}."
        for bar in sorted(info.bars, key=lambda bar: not bar.is_predicted)
        if bar.is_predicted or bar.is_true
    )
    left_out = f" {counted(info.left_out, 'more class', 'more classes')} not shown."
    return words + left_out * bool(info.left_out)


def probabilities_table(info: ProbabilitiesInfo) -> Table:
    """A row a class: its probability, and whether it is the predicted or true one."""
    return {
        "Class": [bar.name for bar in info.bars],
        "Probability": [bar.probability for bar in info.bars],
        "": [bar.text.partition("  ")[2] for bar in info.bars],
    }


def _judged(bar: Bar) -> str:
    return ", which is the true class" if bar.is_predicted and bar.is_true else ""


def probabilities_figure(info: ProbabilitiesInfo) -> go.Figure:
    """Draw the bars from top to bottom in class order."""
    places = list(range(len(info.bars)))
    trace = spec(
        type="bar",
        orientation="h",
        x=[bar.probability for bar in info.bars],
        y=places,
        customdata=[inert(bar.name) for bar in info.bars],
        text=[f"<b>{bar.text}</b>" if bar.is_predicted else bar.text for bar in info.bars],
        textposition="outside",
        textfont=spec(color=INK),
        cliponaxis=False,
        marker=spec(color=[bar.color for bar in info.bars], cornerradius=4),
        hovertemplate="%{customdata}: %{x:.1%}<extra></extra>",
    )
    names = (inert(shortened(bar.name, 18)) for bar in info.bars)
    ticks = [f"<b>{n}</b>" if bar.is_true else n for n, bar in zip(names, info.bars, strict=True)]
    title = "Probability" + (f"<br>{info.left_out} more classes not shown" * bool(info.left_out))
    steady = spec(fixedrange=True, showgrid=False, zeroline=False)
    return styled(
        [trace],
        height=75 + 28 * len(places) + 16 * bool(info.left_out),
        revision="probabilities",
        margin=margin(8),
        bargap=0.3,
        # The words behind the longest bar need the last third of the width.
        xaxis=axis(
            title, domain=[0, 0.68], range=[0, 1], tickvals=[0, 0.5, 1], tickformat="~%", **steady
        ),
        yaxis=axis("", tickvals=places, ticktext=ticks, range=[len(places) - 0.5, -0.5], **steady),
    )
