"""The look all figures share: colours, dashes, symbols, and the layout around a plot.

Text, grid and hover colours are left to Streamlit's own theme, which knows light from dark. Every
colour here has a contrast of at least 3 to 1 on white and on Streamlit's dark #0e1117 (WCAG 2.2,
1.4.11). Blue, vermillion, green and purple are those of Okabe and Ito (Color Universal Design,
2008); their yellow, orange and sky blue are too pale for white, so the last two are darkened.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import plotly.graph_objects as go

Spec = dict[str, Any]

BLUE = "#0072B2"
VERMILLION = "#D55E00"
GREEN = "#009E73"
PURPLE = "#CC79A7"
SKY = "#2F97D0"
GOLD = "#BF8300"
GREY = "#808080"

PALETTE = (BLUE, VERMILLION, GREEN, PURPLE, SKY, GOLD, GREY)
# Past the first four, some people cannot tell the colours apart: each has a symbol as well.
SYMBOLS = ("circle", "diamond", "square", "triangle-up", "cross", "x", "star")

SPLITS = ("train", "validation", "test")
SPLIT_TITLES = {"train": "Train", "validation": "Validation", "test": "Test"}
SPLIT_COLORS = {"train": BLUE, "validation": VERMILLION, "test": GREEN}
DASHES = {"train": "solid", "validation": "dash", "test": "dot"}

CLEAR = "rgba(0,0,0,0)"


def color(position: int) -> str:
    """The colour of the run or class at `position` (from 0); they repeat after seven."""
    return PALETTE[position % len(PALETTE)]


def symbol(position: int) -> str:
    """The marker symbol that goes with `color(position)`."""
    return SYMBOLS[position % len(SYMBOLS)]


def translucent(hex_color: str, alpha: float) -> str:
    """`#rrggbb` as CSS `rgba(...)` with an opacity from 0 to 1."""
    red, green, blue = (int(hex_color[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"


def plain(values: Iterable[float]) -> tuple[float | None, ...]:
    """Numbers for a figure: what is NaN or infinite becomes None, which Plotly leaves out."""
    floats = (float(value) for value in values)
    return tuple(value if abs(value) < float("inf") else None for value in floats)


def shortened(text: str, length: int) -> str:
    """`text` cut to `length` characters, with an ellipsis where something is missing."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def axis(title: str, **settings: Any) -> Spec:
    """An axis with a title close to its labels and room made for both."""
    return {"title": {"text": title, "standoff": 8}, "automargin": True, **settings}


def note(text: str) -> Spec:
    """A line in the middle of an empty plot."""
    return {
        "text": text,
        "showarrow": False,
        **{"xref": "paper", "x": 0.5, "yref": "paper", "y": 0.5},
    }


def styled(traces: Sequence[Spec], height: int, revision: str, **layout: Any) -> go.Figure:
    """A figure in the shared look, `height` pixels high.

    Zoom and hidden legend entries survive an update as long as `revision` stays the same.
    """
    shared: Spec = {
        "height": height,
        "margin": {"l": 8, "r": 8, "t": 36, "b": 8},
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "hovermode": "closest",
        "uirevision": revision,
        "legend": {
            "orientation": "h",
            **{"x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
        },
    }
    return go.Figure({"data": list(traces), "layout": {**shared, **layout}})
