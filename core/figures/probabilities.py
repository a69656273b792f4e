"""What a model says about one sample: the probability of every class as bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from core.figures.theme import BLUE, GREY, VERMILLION, shortened, styled, translucent

# More bars than this do not fit beside a picture.
MOST_BARS = 12


@dataclass(frozen=True)
class Bar:
    """One class, its probability, and whether it is the true and the predicted one."""

    name: str
    probability: float
    is_true: bool
    is_predicted: bool

    @property
    def text(self) -> str:
        """The probability to two decimals, and in words what the class is."""
        if self.is_true and self.is_predicted:
            role = "  predicted ✓"
        elif self.is_predicted:
            role = "  predicted ✗"
        else:
            role = "  true class" if self.is_true else ""
        return f"{self.probability:.2f}{role}"


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
    order = np.argsort(-values, kind="stable")
    predicted = int(order[0])
    kept = {int(label) for label in order[:MOST_BARS]}
    if true is not None and true not in kept:
        kept = kept - {int(order[MOST_BARS - 1])} | {true}
    bars = tuple(
        Bar(class_names[label], float(values[label]), label == true, label == predicted)
        for label in sorted(kept)
    )
    return ProbabilitiesInfo(bars, len(values) - len(bars))


def probabilities_figure(info: ProbabilitiesInfo) -> go.Figure:
    """Draw the bars from top to bottom in class order."""
    names = [shortened(bar.name, 18) for bar in info.bars]
    trace = {
        "type": "bar",
        "orientation": "h",
        "x": [bar.probability for bar in info.bars],
        "y": list(range(len(names))),
        "customdata": [bar.name for bar in info.bars],
        "text": [f"<b>{bar.text}</b>" if bar.is_predicted else bar.text for bar in info.bars],
        "textposition": "outside",
        "cliponaxis": False,
        "marker": {"color": [_color(bar) for bar in info.bars], "cornerradius": 4},
        "hovertemplate": "%{customdata}: %{x:.4f}<extra></extra>",
    }
    marked = [f"<b>{name}</b>" if bar.is_true else name for name, bar in zip(names, info.bars)]
    across = {"range": [0, 1.6], "tickvals": [0, 0.5, 1], "title": {"text": "Probability"}}
    return styled(
        [trace],
        height=70 + 28 * len(names),
        revision="probabilities",
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        xaxis={**across, "fixedrange": True, "zeroline": False, "automargin": True},
        yaxis={
            **{"tickvals": list(range(len(names))), "ticktext": marked, "automargin": True},
            **{"range": [len(names) - 0.5, -0.5], "showgrid": False, "fixedrange": True},
        },
        bargap=0.3,
    )


def _color(bar: Bar) -> str:
    """Blue for the truth, vermillion for a wrong guess, grey for the rest."""
    if bar.is_true:
        return BLUE
    return VERMILLION if bar.is_predicted else translucent(GREY, 0.55)
