"""The real app in its own processes, and visitors with a real Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import app as apps
from tests.browser import tabs

expect.set_options(timeout=60_000)  # a busy computer is slow, not wrong


@pytest.fixture(scope="package")
def app() -> Iterator[apps.App]:
    with apps.running() as running:
        yield running


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with tabs.opened() as opened:
        yield opened


@pytest.fixture
def visitor(app: apps.App, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page of the app as someone new; all tabs are closed after the test."""
    with ExitStack() as opened:

        def open_tab(path: str = "", **options: object) -> Page:
            page = opened.enter_context(tabs.visitor(browser, **options))
            page.goto(f"{app.url}/{path}")
            page.get_by_role("heading", level=1).wait_for()
            tabs.wait_until_idle(page)
            return page

        yield open_tab
    app.stop_runs()
