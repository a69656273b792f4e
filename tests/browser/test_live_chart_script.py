"""The script of a chart that is drawn in place, alone on a page, with a real mouse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

from core.figures import history_figure, history_info, live_figure, live_info
from core.records import EpochRecord
from tests.browser import tabs

pytestmark = pytest.mark.browser

UI = Path(__file__).parents[2] / "core" / "ui"
SCRIPT = UI / "live_chart.js"
LIBRARY = UI / "plotly_js" / "plotly-basic.min.js"
PAGE = """<html><head><script src="/static/js/streamlit.js"></script></head>
<body style="--st-text-color: #222; --st-font: sans-serif; --st-border-color-light: #ddd;
--st-background-color: #fff; --st-border-color: #ccc"><div id="place"></div></body></html>"""
LOAD = """async code => {
    const url = URL.createObjectURL(new Blob([code], {type: 'text/javascript'}))
    window.chart = await import(url)
}"""
SHOW = """async figure => {
    const data = {figure, name: 'a', height: '320px', words: 'A chart', library: 'plotly.min.js'}
    await chart.default({data, parentElement: document.getElementById('place')})
}"""
DRAWN = "document.querySelector('.epochscope-chart')"
RANGES = f"() => [...{DRAWN}.layout.xaxis.range, ...{DRAWN}.layout.yaxis.range]"
POINTS = f"""() => Math.max(...{DRAWN}.calcdata
    .map(points => points.filter(point => Number.isFinite(point?.y)).length))"""

# Plotly takes a press within 300 ms of the one before for the second of a double click.
DRAG_IS_OVER = f"() => Date.now() - {DRAWN}._mouseDownTime > 400"


def records(count: int) -> tuple[EpochRecord, ...]:
    """So many epochs of a loss that falls."""
    return tuple(
        EpochRecord(epoch, {"loss": 3 / (epoch + 1), "val_loss": 3.3 / (epoch + 1)}, 0.1, 0.001)
        for epoch in range(count)
    )


def live(count: int) -> str:
    return str(live_figure(live_info(records(count), 40, ("loss",))).to_json())


def course(count: int) -> str:
    return str(history_figure(history_info(records(count), "loss")).to_json())


@pytest.fixture
def page(browser) -> Iterator[Page]:
    """A page with the script alone; what it asks for is answered from this computer."""

    def answer(route: Route) -> None:
        if "plotly" in route.request.url:
            route.fulfill(path=LIBRARY, content_type="text/javascript")
        elif route.request.url.endswith(".js"):
            route.fulfill(body="", content_type="text/javascript")
        else:
            route.fulfill(body=PAGE, content_type="text/html")

    with tabs.visitor(browser) as opened:
        opened.route("http://chart.test/**", answer)
        opened.goto("http://chart.test/history")
        opened.evaluate(LOAD, SCRIPT.read_text("utf-8"))
        yield opened


def drag(page: Page, meanwhile: str) -> list[float]:
    """Zoom into a part, while another figure arrives; what is shown then."""
    box = page.locator(".nsewdrag").first.bounding_box()
    assert box is not None
    before = page.evaluate(RANGES)
    page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 0.2 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"], steps=4)
    page.evaluate(SHOW, meanwhile)
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.8 * box["height"], steps=4)
    page.mouse.up()
    changed = f"before => ({RANGES})().every((bound, place) => bound !== before[place])"
    page.wait_for_function(changed, arg=before, polling=tabs.POLL_MS)
    zoomed: list[float] = page.evaluate(RANGES)
    return zoomed


def show(page: Page, figure: str, points: int) -> None:
    page.evaluate(SHOW, figure)
    page.wait_for_function(f"points => ({POINTS})() === points", arg=points, polling=tabs.POLL_MS)


@pytest.fixture(params=[live, course], ids=["Train", "History"])
def figure(request) -> Callable[[int], str]:
    return request.param


def test_zoom_is_kept_through_a_slow_drag_and_all_epochs_after_it(page, figure):
    show(page, figure(3), 3)
    zoomed = drag(page, figure(5))
    for count in (8, 20, 40):
        show(page, figure(count), count)
        assert page.evaluate(RANGES) == zoomed


def test_zoom_is_kept_where_the_page_draws_the_chart_elsewhere(page, figure):
    show(page, figure(3), 3)
    zoomed = drag(page, figure(5))
    page.evaluate("() => document.getElementById('place').replaceChildren()")
    show(page, figure(40), 40)
    assert page.evaluate(RANGES) == zoomed


def test_double_click_shows_all_epochs_again(page, figure):
    show(page, figure(3), 3)
    whole = page.evaluate(RANGES)
    drag(page, figure(3))
    page.wait_for_function(DRAG_IS_OVER, polling=tabs.POLL_MS)
    box = page.locator(".nsewdrag").first.bounding_box()
    assert box is not None
    page.mouse.dblclick(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    back = f"whole => String(({RANGES})()) === String(whole)"
    page.wait_for_function(back, arg=whole, polling=tabs.POLL_MS)


def test_curve_hidden_by_its_legend_stays_hidden(page):
    show(page, live(3), 3)
    page.locator(".legendtoggle").first.click()
    hidden = f"() => {DRAWN}.data[0].visible === 'legendonly'"
    page.wait_for_function(hidden, polling=tabs.POLL_MS)
    show(page, live(5), 5)
    assert page.evaluate(hidden)
