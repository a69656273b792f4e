"""Plotly's library for charts that are drawn in place: which one, and when browsers hear of it."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import plotly
import pytest
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from streamlit.testing.v1 import AppTest

from core.ui import live_chart

ADDRESS = f"/{live_chart.LIBRARY}"
PAGE = b"text/html,application/xhtml+xml"


def ask(path, accept=b"*/*"):
    """Headers and text of the answer, where the server says the same to everything else."""
    sent = []

    async def keep(message):
        sent.append(message)

    async def stays():
        await asyncio.Event().wait()

    scope = {"type": "http", "method": "GET", "path": path, "headers": [(b"accept", accept)]}
    app = live_chart.PlotlyLibrary(PlainTextResponse("a page"))
    asyncio.run(app(scope, stays, keep))
    body = b"".join(part.get("body", b"") for part in sent[1:])
    return Headers(raw=sent[0]["headers"]), body.decode()


def release(script: str) -> str:
    """The release a file of Plotly's library names in its first lines."""
    found = re.search(r"plotly\.js (?:\(\w+ - minified\) )?v([\d.]+)", script[:200])
    assert found is not None
    return found[1]


def test_library_is_of_the_release_the_python_package_draws_for():
    full = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    _, sent = ask(ADDRESS)
    assert release(sent) == release(full.read_text("utf-8")) == live_chart.VERSION


def test_library_is_kept_by_browsers():
    assert "immutable" in ask(ADDRESS)[0]["cache-control"]


@pytest.mark.parametrize("path", ["/", "/history", "/below/", "/below/history"])
def test_page_with_such_a_chart_tells_of_the_library(path):
    headers, _ = ask(path, PAGE)
    assert headers["link"].startswith(f"<{live_chart.LIBRARY}>; rel=preload; as=script")


@pytest.mark.parametrize(("path", "accept"), [("/data", PAGE), ("/", b"*/*")])
def test_all_else_does_not(path, accept):
    headers, text = ask(path, accept)
    assert (text, "link" in headers) == ("a page", False)


def test_chart_is_drawn_of_a_run_whose_id_has_two_underscores():
    script = 'from core.ui import live_chart; live_chart.show("{}", "live-a__b-loss", "300px")'
    assert not AppTest.from_string(script).run().exception
