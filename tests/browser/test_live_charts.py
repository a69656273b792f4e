"""Charts of a run that goes on: zoom is kept, and everything is of a size to be read."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import tabs
from tests.browser.test_training import (
    ENDED_MS,
    EPOCHS_ON_CHART,
    badge,
    choose_digits,
    choose_long_run,
    main,
    wait_for_epochs,
)

pytestmark = pytest.mark.browser

CHART = ".epochscope-chart"
RANGES = f"""() => {{
    const layout = document.querySelector('{CHART}').layout
    return [...layout.xaxis.range, ...layout.yaxis.range]
}}"""
FONT_SIZES = f"""() => [...document.querySelectorAll('{CHART} text')]
    .filter(text => text.textContent.trim())
    .map(text => parseFloat(getComputedStyle(text).fontSize))"""
IS_DRAWN = f"() => document.querySelector('{CHART}')?.querySelector('.xtick') != null"


def drag(page: Page) -> list[float]:
    """Zoom with the mouse into a part of the first chart; what it then shows."""
    page.wait_for_function(IS_DRAWN, polling=tabs.POLL_MS)
    before = page.evaluate(RANGES)
    plot = page.locator(f"{CHART} .nsewdrag").first.bounding_box()
    assert plot is not None
    start = plot["x"] + 0.2 * plot["width"], plot["y"] + 0.2 * plot["height"]
    end = plot["x"] + 0.7 * plot["width"], plot["y"] + 0.8 * plot["height"]
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=5)
    page.wait_for_timeout(1_200)  # somebody is slower than a redraw, which must not end the drag
    page.mouse.move(*end, steps=5)
    page.mouse.up()
    page.wait_for_function(
        f"before => ({RANGES})().every((bound, index) => bound !== before[index])", arg=before
    )
    zoomed: list[float] = page.evaluate(RANGES)
    return zoomed


@pytest.mark.parametrize("title", ["Train", "History"])
def test_zoom_is_kept_while_epochs_arrive_and_when_the_run_ends(visitor, title):
    page = visitor()
    choose_long_run(page)
    tabs.train_button(page).click()
    wait_for_epochs(page, 1)
    if title != "Train":
        tabs.open_page(page, title)
    zoomed = drag(page)
    wait_for_epochs(page, page.evaluate(EPOCHS_ON_CHART) + 3)
    assert page.evaluate(RANGES) == zoomed
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(badge(page, "Stopped")).to_be_visible(timeout=ENDED_MS)
    page.wait_for_function(IS_DRAWN, polling=tabs.POLL_MS)
    assert page.evaluate(RANGES) == zoomed


@pytest.mark.parametrize(("width", "height"), [(1024, 768), (390, 844)])
def test_result_and_verdict_are_in_sight_when_a_run_ends(visitor, width, height):
    page = visitor()
    choose_digits(page, 30)
    page.set_viewport_size({"width": width, "height": height})
    sidebar = page.get_by_test_id("stSidebar")
    if width < 768:
        expect(sidebar).to_have_attribute("data-collapsed", "true")
        page.get_by_test_id("stExpandSidebarButton").click()
    expect(sidebar).to_have_attribute("data-collapsed", "false")
    tabs.train_button(page).click()
    if width < 768:
        expect(sidebar).to_have_attribute("data-collapsed", "true")
    expect(badge(page, "Finished")).to_be_visible(timeout=ENDED_MS)
    expect(main(page).get_by_test_id("stAlert").first).to_be_in_viewport(ratio=0.9)
    expect(main(page).get_by_text("Try next:").first).to_be_in_viewport(ratio=0.9)


def test_charts_are_large_enough_to_be_read_on_a_projector(visitor):
    page = visitor()
    choose_digits(page, 3)
    tabs.train_button(page).click()
    expect(badge(page, "Finished")).to_be_visible(timeout=ENDED_MS)
    page.set_viewport_size({"width": 1024, "height": 768})
    page.wait_for_function(IS_DRAWN, polling=tabs.POLL_MS)
    for box in (chart.bounding_box() for chart in page.locator(CHART).all()):
        assert box is not None
        assert box["height"] >= 300
    assert min(page.evaluate(FONT_SIZES)) >= 14
