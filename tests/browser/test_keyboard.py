"""The app by the keyboard alone: few stops on the way, and the focus is seen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import tabs
from tests.browser.prepared import finished_run

pytestmark = pytest.mark.browser

FOCUSED = """() => {
    const found = document.activeElement
    return found.getAttribute('aria-label') || found.innerText?.split('\\n').pop().trim() || ''
}"""
# The outline of what has the focus, or of what is drawn in its place, with its colour.
OUTLINE = """() => {
    let found = document.activeElement
    for (let step = 0; step < 3 && found; step++, found = found.parentElement) {
        const style = getComputedStyle(found)
        const isDrawn = found.getBoundingClientRect().width > 4
        if (isDrawn && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2)
            return [parseFloat(style.outlineWidth), style.outlineColor]
    }
    return [0, '']
}"""
RING = "rgb(31, 135, 196)"


def stops(page: Page, count: int) -> list[str]:
    """The names of the next `count` stops of the Tab key."""
    found = []
    for _ in range(count):
        page.keyboard.press("Tab")
        found.append(page.evaluate(FOCUSED))
    return found


def ready(page: Page) -> Page:
    page.wait_for_function("() => document.querySelector('#epochscope-pages')")
    return page


def test_train_is_pressed_after_few_stops(visitor):
    page = ready(visitor())
    expect(tabs.train_button(page)).to_be_enabled()
    assert any(stops(page, 1) == ["Train"] for _ in range(4))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Waiting").or_(page.get_by_text("Training")).first).to_be_visible()


def test_pages_are_one_step_away(visitor):
    page = ready(visitor())
    assert stops(page, 1) == ["Skip to the pages"]
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED) == "Train"
    assert stops(page, 1) == ["Data"]
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Data", exact=True, level=1).wait_for()


def test_help_of_a_control_is_reached_from_it(visitor):
    page = ready(visitor())
    page.get_by_role("spinbutton", name="Epochs").focus()
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(FOCUSED) == "Help for Epochs"
    expect(page.get_by_test_id("stTooltipContent").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_stop_is_seen(visitor, app, scheme):
    run = finished_run(app, data={"dataset": "digits"}).id
    page = ready(visitor(f"predictions?run={run}", color_scheme=scheme))
    unseen = []
    for _ in range(45):
        page.keyboard.press("Tab")
        is_main = page.evaluate("() => document.activeElement.matches('.stMain, body')")
        if page.evaluate(OUTLINE)[1] != RING and not is_main:
            unseen.append(page.evaluate("() => document.activeElement.outerHTML.slice(0, 120)"))
    assert unseen == []


def test_code_is_scrolled_by_the_keyboard(visitor):
    page = ready(visitor("model"))
    code = page.get_by_role("region", name="Code").first
    code.focus()
    expect(code).to_be_focused()


def test_motion_is_left_out_for_whom_it_disturbs(visitor):
    page = ready(visitor(reduced_motion="reduce"))
    lasting = page.locator("button").first.evaluate("e => getComputedStyle(e).transitionDuration")
    assert max(float(part.strip().removesuffix("s")) for part in lasting.split(",")) < 0.01


def test_page_says_its_language_and_which_link_leads_to_it(visitor):
    page = ready(visitor("history"))
    assert page.evaluate("() => document.documentElement.lang") == "en"
    expect(page.locator('[aria-current="page"]')).to_contain_text("History")
