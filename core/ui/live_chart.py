"""A chart that is drawn in place while a run goes on, so that zoom and hidden curves stay.

Streamlit's `st.plotly_chart` is another element of the page as soon as its figure is another (its
id is a hash of the figure): each epoch would undo a zoom, and end a drag half way.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import FileResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_FOLDER = Path(__file__).parent
_NAME = "epochscope.live_chart"
# Plotly's distribution for lines and bars (npm: plotly.js-basic-dist-min), of the release the
# Python package draws for. The full one is four times as large, and a browser needs a second to
# start it.
VERSION = "4.1.1"
_FILE = _FOLDER / "plotly_js" / "plotly-basic.min.js"
# Below the folder of Streamlit's own files: it is compressed and kept as they are.
LIBRARY = f"static/epochscope/plotly-basic-{VERSION}.min.js"
# Told with these pages, it comes while Streamlit starts, not only when the first chart is drawn.
_PAGES = ("/", "/history")
_HINT = f"<{LIBRARY}>; rel=preload; as=script; fetchpriority=low"
_A_YEAR = "public, max-age=31536000, immutable"  # another version has another address


class PlotlyLibrary:
    """ASGI middleware that gives browsers Plotly's own library, and tells of it early."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for the library, tell of it with a page that draws with it, pass all else on."""
        if scope["type"] == "http" and scope["path"].endswith(f"/{LIBRARY}"):
            answer = FileResponse(_FILE, headers={"cache-control": _A_YEAR})
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, _with_hint(send) if _asks_for_chart(scope) else send)


def show(figure: str, key: str, height: str, words: str = "") -> None:
    """Draw `figure`, in Plotly's JSON, in the place named `key`, as high as `height` says in CSS.

    `words` tell those who do not see it what it shows. A zoom is kept as long as `key` and the
    figure's `uirevision` stay.
    """
    data = {
        "name": key,
        "figure": figure,
        "height": height,
        "words": words,
        "library": LIBRARY,
    }
    # Streamlit refuses a key with two underscores in a row, which a run's id may have.
    _component()(key=key.replace("_", "~"), data=data)


def _asks_for_chart(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["path"].endswith(_PAGES)
        and "text/html" in Headers(scope=scope).get("accept", "")
    )


def _with_hint(send: Send) -> Send:
    async def send_with_hint(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).append("link", _HINT)
        await send(message)

    return send_with_hint


@cache
def _component() -> Callable[..., object]:
    code, style = ((_FOLDER / f"live_chart.{kind}").read_text("utf-8") for kind in ("js", "css"))
    return st.components.v2.component(_NAME, js=code, css=style, isolate_styles=False)
