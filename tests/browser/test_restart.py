"""The app is killed and started again: every run is there, and those not at their end go on."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import app as apps
from tests.browser import tabs
from tests.browser.test_controls import epochs_done, paused
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


@pytest.fixture
def app(monkeypatch):
    """The app with one training process, so that a second run waits."""
    monkeypatch.setenv("EPOCHSCOPE_WORKERS", "1")
    with apps.running() as running:
        yield running


def test_paused_and_waiting_runs_are_there_after_the_app_was_killed(browser, app):
    with tabs.visitor(browser) as page:
        page.goto(app.url)
        tabs.wait_until_idle(page)
        choose_long_run(page)
        tabs.train_button(page).click()
        wait_for_epochs(page, 3)
        paused(page)
        laid_down, done = page.url, epochs_done(page)
        for epochs, word in ((300, "Training"), (299, "Waiting")):
            tabs.set_number(page, "Epochs", epochs)
            tabs.train_button(page).click()
            expect(badge(page, word)).to_be_visible(timeout=ENDED_MS)
        waits = page.url

        again = apps.killed_and_restarted(app)
        try:
            page.goto(laid_down)
            expect(badge(page, "Paused")).to_be_visible(timeout=ENDED_MS)
            assert epochs_done(page) == done
            page.goto(waits)
            wait_for_epochs(page, 1)
        finally:
            apps.end(again.process)


def test_runs_go_on_after_the_app_was_killed(browser):
    with apps.running() as app, tabs.visitor(browser) as page:
        page.goto(app.url)
        tabs.wait_until_idle(page)
        choose_digits(page, 3)
        tabs.train_button(page).click()
        expect(main(page)).to_contain_text("test samples it has never seen", timeout=ENDED_MS)
        finished = page.url
        choose_long_run(page)
        tabs.train_button(page).click()
        expect(badge(page, "Training")).to_be_visible(timeout=ENDED_MS)
        wait_for_epochs(page, 4)
        done = page.evaluate(EPOCHS_ON_CHART)

        again = apps.killed_and_restarted(app)
        try:
            page.goto(page.url)
            wait_for_epochs(page, done + 5)
            expect(badge(page, "Training")).to_be_visible(timeout=ENDED_MS)
            page.goto(finished)
            expect(main(page)).to_contain_text("test samples it has never seen", timeout=ENDED_MS)
        finally:
            apps.end(again.process)
