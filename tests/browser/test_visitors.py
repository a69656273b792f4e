"""Two people with a browser each: what one trains, the other cannot take."""

from __future__ import annotations

import contextlib
import re
import time

import pytest
from playwright.sync_api import Locator, Page, expect

from core.ui.visitors import LASTS_S
from tests.browser import tabs
from tests.browser.test_training import (
    ENDED_MS,
    badge,
    choose_digits,
    choose_long_run,
    main,
    wait_for_epochs,
)

pytestmark = pytest.mark.browser

PAGES = ("", "data", "model", "history", "confusion_matrix", "predictions", "compare")
CLICKS = 4
CLICK_SHOWS_MS = 15_000
NAME = "Unheard-of name"
HOSTILE = "<b>bold</b> **stars** :red[red] $x$"


def run_of(page: Page) -> str:
    """The part of the page's address that names its run."""
    expect(page).to_have_url(re.compile("run="))
    return "?" + page.url.partition("?")[2]


def visitor_cookie(page: Page) -> dict[str, object]:
    found = [
        cookie
        for cookie in page.context.cookies()
        if cookie["name"].startswith("epochscope_visitor")
    ]
    assert len(found) == 1
    return found[0]


def train(page: Page, epochs: int | None = None, *, private: bool = False) -> str:
    """Start a run of so many epochs, or one that takes minutes; its place in the address."""
    if epochs is None:
        choose_long_run(page)
    else:
        choose_digits(page, epochs)
    if private:
        switch = page.get_by_test_id("stSidebar").get_by_text("Private run", exact=True)
        switch.click()
        tabs.wait_until_idle(page)
    tabs.train_button(page).click()
    wait_for_epochs(page, 1)
    return run_of(page)


def rename(page: Page, name: str) -> None:
    page.get_by_role("button", name="Rename").click()
    field = page.get_by_role("textbox", name="Name")
    field.fill(name)
    field.press("Enter")
    tabs.wait_until_idle(page)
    page.keyboard.press("Escape")
    expect(chosen_run(page)).to_have_value(re.compile(re.escape(name)))


def chosen_run(page: Page):
    return main(page).get_by_role("combobox", name="Run")


def stop_button(page: Page):
    return page.get_by_role("button", name="Stop", exact=True)


def stop(page: Page) -> None:
    stop_button(page).click()
    expect(badge(page, "Stopped")).to_be_visible(timeout=ENDED_MS)


def compare(page: Page, option: Locator, count: int) -> None:
    """Add a run on the Compare page; `count` are chosen then.

    A click that falls into a redraw, on a busy computer, is lost: it is made again then.
    """
    chosen = page.get_by_role("button", name="Remove")
    for _ in range(CLICKS):
        tabs.pick(page, page.get_by_role("combobox", name="Runs"), option)
        page.keyboard.press("Escape")
        with contextlib.suppress(AssertionError):
            expect(chosen).to_have_count(count, timeout=CLICK_SHOWS_MS)
            break
    expect(chosen).to_have_count(count)
    tabs.wait_until_idle(page)


def reload(page: Page) -> None:
    page.reload()
    page.get_by_role("heading", level=1).wait_for()
    tabs.wait_until_idle(page)


def test_first_page_brings_a_cookie_that_stays_and_no_script_can_read(visitor):
    page = visitor()
    first = visitor_cookie(page)
    assert (first["httpOnly"], first["sameSite"], first["path"]) == (True, "Lax", "/")
    assert first["expires"] > time.time() + 0.9 * LASTS_S
    assert first["name"] not in page.evaluate("document.cookie")
    reload(page)
    assert visitor_cookie(page)["value"] == first["value"]


def test_private_run_is_not_there_for_anyone_else(visitor):
    anna, ben = visitor(), visitor()
    run = train(anna, 3, private=True)
    expect(main(anna)).to_contain_text("test samples it has never seen", timeout=ENDED_MS)
    rename(anna, NAME)
    for path in PAGES:
        stranger = visitor(f"{path}{run}")
        expect(stranger.get_by_test_id("stApp")).not_to_contain_text(NAME)
        assert NAME not in stranger.content()
        if path in ("", "history", "confusion_matrix", "predictions"):
            expect(main(stranger)).to_contain_text("There is no run")
        expect(stranger.locator(".js-plotly-plot .scatterlayer .trace")).to_have_count(0)
    expect(main(ben)).not_to_contain_text(NAME)
    tabs.open_page(ben, "History")
    assert NAME not in ben.content()
    reload(anna)
    expect(chosen_run(anna)).to_have_value(re.compile(f"🔒 {NAME}"))
    expect(main(anna)).to_contain_text("test samples it has never seen")


def test_run_of_another_can_be_watched_but_not_stopped_or_renamed(visitor):
    anna = visitor()
    run = train(anna)
    ben = visitor(run)
    wait_for_epochs(ben, 3)
    expect(chosen_run(ben)).to_have_value(re.compile("by someone else"))
    expect(stop_button(ben)).to_have_count(0)
    expect(ben.get_by_role("button", name="Rename")).to_have_count(0)
    reload(anna)
    wait_for_epochs(anna, 5)
    stop(anna)
    expect(badge(ben, "Stopped")).to_be_visible(timeout=ENDED_MS)


def test_run_hidden_while_another_watches_is_gone_for_them(visitor):
    anna = visitor()
    run = train(anna)
    ben = visitor(run)
    wait_for_epochs(ben, 3)
    anna.get_by_role("button", name="Rename").click()
    anna.get_by_text("Keep it private", exact=True).click()
    tabs.wait_until_idle(anna)
    anna.keyboard.press("Escape")
    expect(main(ben)).to_contain_text("There is no run", timeout=ENDED_MS)
    expect(ben.locator(".js-plotly-plot .scatterlayer .trace")).to_have_count(0)
    stop(anna)


def test_who_deletes_the_cookie_is_somebody_new(visitor):
    page = visitor()
    run = train(page, 2, private=True)
    first = visitor_cookie(page)
    page.context.clear_cookies()
    page.goto(page.url)
    expect(main(page)).to_contain_text("There is no run")
    assert run in page.url
    assert visitor_cookie(page)["value"] != first["value"]


def test_forged_cookie_opens_nothing(visitor):
    anna, ben = visitor(), visitor()
    run = train(anna, 2, private=True)
    cookie = visitor_cookie(anna)
    who = str(cookie["value"]).rpartition(".")[0]
    stolen = str(visitor_cookie(ben)["value"]).rpartition(".")[2]
    ben.context.clear_cookies()
    host = {"domain": cookie["domain"], "path": "/"}
    ben.context.add_cookies([{"name": cookie["name"], "value": f"{who}.{stolen}", **host}])
    ben.goto(ben.url.partition("?")[0] + run)
    expect(main(ben)).to_contain_text("There is no run")
    assert visitor_cookie(ben)["value"] != f"{who}.{stolen}"


def test_hostile_name_is_shown_as_it_was_typed(visitor):
    page = visitor()
    train(page, 2)
    expect(main(page)).to_contain_text("test samples it has never seen", timeout=ENDED_MS)
    rename(page, HOSTILE)
    tabs.open_page(page, "Compare")
    compare(page, page.get_by_role("option", name=HOSTILE), 1)
    compare(page, page.get_by_role("option").last, 2)
    legend = page.locator(".legendtext").filter(has_text="bold")
    expect(legend.first).to_have_text(HOSTILE)
    assert page.locator(".legendtext b, .legendtext [style*=bold]").count() == 0
