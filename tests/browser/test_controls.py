"""Pause, Resume, Step and Stop as people press them, from two tabs and over a refresh too."""

from __future__ import annotations

import contextlib
import re

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as TooLate

from tests.browser import tabs
from tests.browser.test_training import ENDED_MS, badge, choose_long_run, main, wait_for_epochs

pytestmark = pytest.mark.browser
FIRST_ROWS_BUTTON = {"x": 70, "y": 52}  # pixels, after the tick boxes and below the header
CLICKS = 4  # one that falls between two drawings of the canvas is lost
AT_ONCE_MS = 60_000  # a second, and patience with a busy computer; `make bench` measures
CLICK_SHOWS_MS = 5_000  # then it is clicked again


def button(page: Page, name: str):
    return main(page).get_by_role("button", name=name, exact=True)


@pytest.fixture
def training(visitor):
    """A page with a run of a thousand epochs, some of them done."""
    page = visitor()
    choose_long_run(page)
    tabs.train_button(page).click()
    wait_for_epochs(page, 3)
    return page


def another_tab(page: Page, visitor, path: str = "") -> Page:
    """A tab of the same browser."""
    run = page.url.partition("?")[2]
    return visitor(f"{path}?{run}", storage_state=page.context.storage_state())


def epochs_done(page: Page) -> int:
    expect(main(page)).to_contain_text(re.compile(r"after epoch \d+ of 1000"))
    return int(re.search(r"after epoch (\d+) of 1000", main(page).inner_text())[1])


def paused(page: Page) -> Page:
    button(page, "Pause").click()
    expect(badge(page, "Paused")).to_be_visible(timeout=AT_ONCE_MS)
    return page


def test_pause_and_resume(training):
    page = paused(training)
    done = epochs_done(page)
    button(page, "Resume").click()
    expect(badge(page, "Training")).to_be_visible(timeout=ENDED_MS)
    wait_for_epochs(page, done + 3)


def test_step_trains_one_epoch_and_pauses_again(training):
    page = paused(training)
    done = epochs_done(page)
    button(page, "Step").click()
    expect(main(page)).to_contain_text(f"after epoch {done + 1} of 1000", timeout=ENDED_MS)
    expect(badge(page, "Paused")).to_be_visible()


def test_pause_in_one_tab_is_seen_in_another_and_resumed_there(training, visitor):
    other = another_tab(training, visitor)
    paused(training)
    expect(badge(other, "Paused")).to_be_visible()
    button(other, "Resume").click()
    expect(badge(training, "Training")).to_be_visible(timeout=ENDED_MS)


def test_paused_run_is_paused_after_a_refresh(training):
    page = paused(training)
    done = epochs_done(page)
    page.reload()
    expect(badge(page, "Paused")).to_be_visible(timeout=ENDED_MS)
    assert epochs_done(page) == done


def test_stop_of_a_paused_run_shows_its_results(training):
    page = paused(training)
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(badge(page, "Stopped")).to_be_visible(timeout=AT_ONCE_MS)
    expect(button(page, "Resume")).to_have_count(0)


def test_list_of_runs_pauses_resumes_and_ends(training, visitor):
    page = another_tab(training, visitor, "runs")
    button(page, "Pause").first.click()
    expect(badge(page, "Paused").first).to_be_visible(timeout=AT_ONCE_MS)
    expect(badge(training, "Paused")).to_be_visible()
    button(page, "Resume").first.click()
    expect(badge(page, "Training").first).to_be_visible(timeout=ENDED_MS)
    button(page, "Stop").first.click()
    expect(button(page, "Stop")).to_have_count(0, timeout=ENDED_MS)
    expect(badge(training, "Stopped")).to_be_visible()


def test_table_of_runs_leads_to_the_run_of_its_row(training, visitor):
    page = another_tab(training, visitor, "runs")
    table = page.get_by_test_id("stDataFrameResizable")
    expect(table).to_be_visible(timeout=ENDED_MS)
    train_page = main(page).get_by_role("heading", name="Train", exact=True)
    for _ in range(CLICKS):
        # A click that leads there late takes the table away before it is clicked again.
        with contextlib.suppress(AssertionError, TooLate):
            table.click(position=FIRST_ROWS_BUTTON, timeout=CLICK_SHOWS_MS)
            expect(train_page).to_be_visible(timeout=CLICK_SHOWS_MS)
            break
    expect(train_page).to_be_visible()
    assert page.url.partition("?")[2] == training.url.partition("?")[2]
