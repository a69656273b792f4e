"""A chart that is drawn in place while a run goes on, so that zoom and hidden curves stay.

Streamlit's `st.plotly_chart` is another element of the page as soon as its figure is another (its
id is a hash of the figure): each epoch would undo a zoom, and end a drag half way.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import streamlit as st
from starlette.responses import FileResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_FOLDER = Path(__file__).parent
_NAME = "epochscope.live_chart"
# Below the folder of Streamlit's own files: it is compressed and kept as they are.
LIBRARY = f"static/epochscope/plotly-{version('plotly')}.min.js"
_A_YEAR = "public, max-age=31536000, immutable"  # another version has another address


class Figure(Protocol):
    """What is drawn: Plotly's figures, and all that are written like them."""

    def to_json(self) -> str:
        """The figure as Plotly's JSON."""


class PlotlyLibrary:
    """ASGI middleware that gives browsers Plotly's own library, as the Python package brings it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for the library, and pass all else on."""
        if scope["type"] == "http" and scope["path"].endswith(f"/{LIBRARY}"):
            answer = FileResponse(_library(), headers={"cache-control": _A_YEAR})
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, send)


def show(figure: Figure, key: str, height: str, words: str = "") -> None:
    """Draw `figure` in the place named `key`, as high as `height` says in CSS.

    `words` tell those who do not see it what it shows. A zoom is kept as long as `key` and the
    figure's `uirevision` stay.
    """
    data = {
        "name": key,
        "figure": figure.to_json(),
        "height": height,
        "words": words,
        "library": LIBRARY,
    }
    _component()(key=key, data=data)


@cache
def _component() -> Callable[..., object]:
    code, style = ((_FOLDER / f"live_chart.{kind}").read_text("utf-8") for kind in ("js", "css"))
    return st.components.v2.component(_NAME, js=code, css=style, isolate_styles=False)


def _library() -> Path:
    """Where the package plotly has its JavaScript."""
    found = find_spec("plotly")
    folders = (found and found.submodule_search_locations) or ()
    return next(iter(map(Path, folders))) / "package_data" / "plotly.min.js"
