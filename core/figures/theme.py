"""The look all figures share: colours, dashes, symbols, and the layout around a plot.

Text, grid and hover colours are left to Streamlit's own theme, which knows light from dark. Every
colour here has a contrast of at least 3 to 1 on white and on Streamlit's dark page (WCAG 2.2,
1.4.11). Blue, vermillion, green and purple are those of Okabe and Ito (Color Universal Design,
2008); their yellow, orange and sky blue are too pale for white, so the last two are darkened.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

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

# Pixels, to be read from the back of a room.
TEXT_SIZE, TITLE_SIZE = 14, 15
CLEAR = "rgba(0,0,0,0)"
# Streamlit's page swaps this for the theme's strongest text colour (GRAY_90 in
# streamlit.elements.lib.streamlit_plotly_theme); anywhere else it is all but black.
INK = "#000037"


def spec(**settings: Any) -> Spec:
    """A piece of a figure, with Plotly's names."""
    return settings


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


def packed(values: Sequence[float | None]) -> NDArray[np.float64]:
    """Numbers as Plotly handles them fastest, None as NaN: it looks at every item of a tuple."""
    return np.array(values, dtype=np.float64)


def shortened(text: str, length: int, tail: int = 0) -> str:
    """`text` cut to `length` characters, an ellipsis in place of what is before the `tail`."""
    if len(text) <= length:
        return text
    return text[: length - tail - 1].rstrip() + "…" + text[len(text) - tail :]


def inert(text: str) -> str:
    """`text` with all that Plotly would take for markup, a placeholder or a formula spelled out."""
    return "".join(f"&#{ord(sign)};" if sign in "&<>%${}" else sign for sign in text)


def all_inert(names: Iterable[str]) -> tuple[str, ...]:
    """Names of classes or features as Plotly shows them: somebody's own data may hold any."""
    return tuple(inert(name) for name in names)


def axis(title: str, **settings: Any) -> Spec:
    """An axis with a title close to its labels and room made for both."""
    large = spec(text=title, standoff=12, font=spec(size=TITLE_SIZE))
    return spec(title=large, tickfont=spec(size=TEXT_SIZE), automargin=True) | settings


def class_axis(title: str, names: Sequence[str]) -> Spec:
    """An axis of classes in order; long names are shortened, and turned where they are tight."""
    aliases = {inert(name): inert(shortened(name, 16)) for name in names if len(name) > 16}
    kind = spec(type="category", categoryorder="array", categoryarray=all_inert(names))
    shown = spec(showgrid=False, zeroline=False, labelalias=aliases)
    return axis(title, autotickangles=[0, -45, -90], **kind, **shown)


def label(text: str, **settings: Any) -> Spec:
    """Words in the plot, without an arrow."""
    return spec(text=text, showarrow=False) | settings


def note(text: str) -> Spec:
    """A line in the middle of an empty plot."""
    return label(text, xref="paper", x=0.5, yref="paper", y=0.5)


def margin(top: int) -> Spec:
    """Pixels around the plot; `top` has to hold the legend, if there is one."""
    return spec(l=8, r=8, t=top, b=8)


def styled(traces: Sequence[Spec], height: int, revision: str, **layout: Any) -> go.Figure:
    """A figure in the shared look, `height` pixels high.

    Zoom and hidden legend entries survive an update as long as `revision` stays the same.
    """
    legend = spec(orientation="h", x=0, xanchor="left", y=1.02, yanchor="bottom")
    font = spec(size=TEXT_SIZE)
    shared = spec(
        height=height,
        margin=margin(36),
        paper_bgcolor=CLEAR,
        plot_bgcolor=CLEAR,
        hovermode="closest",
        hoverlabel=spec(font=font),
        uirevision=revision,
        font=font,
    )
    layout["legend"] = legend | spec(font=font) | layout.get("legend", {})
    return go.Figure(spec(data=list(traces), layout=shared | layout))
