"""Large files are downloaded: they never stand in the web process's memory."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.records import LAST_WEIGHTS
from tests.browser.prepared import finished_run
from tests.browser.test_training import main

pytestmark = pytest.mark.browser

MB = 1_000_000
LARGE = 400 * MB
MOST_MORE = 60 * MB  # that the web process may grow by meanwhile


def test_memory_stays_while_large_files_are_downloaded(app, visitor):
    run = finished_run(app, data={"dataset": "digits"})
    folder = app.home / "artifacts" / run.id / "files"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LAST_WEIGHTS).open("wb") as file:
        file.truncate(LARGE)
    page: Page = visitor(f"history?run={run.id}")
    main(page).get_by_text("Model and files").click()
    button = main(page).get_by_role("button", name=LAST_WEIGHTS)
    expect(button).to_be_visible()
    before = app.web_bytes()
    for _ in range(2):
        with page.expect_download() as download:
            button.click()
        assert Path(download.value.path()).stat().st_size == LARGE
    assert app.web_bytes() - before < MOST_MORE
