"""What people do with data of their own: add a table or images, train, look, take it away again."""

from __future__ import annotations

import io
import re
import zipfile

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser import tabs

pytestmark = pytest.mark.browser

ENDED_MS = 240_000
RANDOM = np.random.default_rng(6)
HOSTILE = "<b>few</b> **stars**"


def table(rows: int = 12_000) -> bytes:
    """A CSV of more than a megabyte, which goes to the server's disk."""
    features = RANDOM.normal(size=(rows, 6))
    frame = pd.DataFrame(features, columns=[f"feature {number}" for number in range(6)])
    frame["stars"] = np.where(features[:, 0] + features[:, 1] > 0, "many", HOSTILE)
    content = frame.to_csv(index=False).encode()
    assert len(content) > 2**20
    return content


def images() -> bytes:
    """A zip with a folder for each of two classes, and a file in it that is no image."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, level in (("bright", 200), ("dark", 50)):
            for number in range(30):
                pixels = RANDOM.normal(level, 20, (40, 30, 3)).clip(0, 255).astype(np.uint8)
                file = io.BytesIO()
                Image.fromarray(pixels).save(file, "PNG")
                archive.writestr(f"photos/{name}/{number}.png", file.getvalue())
        archive.writestr("photos/dark/broken.png", b"no image")
    return buffer.getvalue()


def add(page: Page, content: bytes, name: str) -> None:
    main = page.get_by_test_id("stMain")
    main.get_by_text("Use your own data").click()
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    main.locator("input[type=file]").set_input_files(files=[file])
    main.get_by_role("button", name="Add this dataset").click(timeout=ENDED_MS)
    expect(main.get_by_text("Added, and chosen in the sidebar")).to_be_visible(timeout=ENDED_MS)
    tabs.wait_until_idle(page)


def train(page: Page) -> None:
    tabs.set_number(page, "Epochs", 2)
    tabs.train_button(page).click()
    badge = page.locator(".stMarkdownBadge").filter(has_text="Finished")
    expect(badge).to_be_visible(timeout=ENDED_MS)


def test_visitor_adds_a_table_trains_on_it_and_looks_at_every_page(visitor):
    page = visitor("data")
    add(page, table(), "films.csv")
    dataset = page.get_by_test_id("stSidebar").get_by_role("combobox", name="Dataset")
    expect(dataset).to_have_value("films")
    train(page)
    for title in ("History", "Confusion matrix", "Predictions", "Compare", "Runs", "Model", "Data"):
        tabs.open_page(page, title)
        expect(page.get_by_test_id("stException")).to_have_count(0)
        expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)
    tabs.open_page(page, "Confusion matrix")
    ticks = page.locator(".xtick text")
    expect(ticks.filter(has_text=re.compile("few"))).to_have_text([re.compile(r"^<b>few</b> \*")])


def test_visitor_adds_images_trains_on_them_and_sees_their_predictions(visitor):
    page = visitor("data")
    add(page, images(), "photos.zip")
    expect(page.get_by_text("photos/dark/broken.png")).to_be_visible()
    train(page)
    tabs.open_page(page, "Predictions")
    expect(page.get_by_text("1 to 12 of 12 test samples")).to_be_visible()


def test_nobody_else_finds_the_data_or_the_run(visitor):
    owner = visitor("data")
    add(owner, images(), "secret.zip")
    train(owner)
    other = visitor(owner.url.rpartition("/")[2])
    expect(other.get_by_text("There is no run")).to_be_visible()
    box = other.get_by_test_id("stSidebar").get_by_role("combobox", name="Dataset")
    box.click()
    expect(other.get_by_role("option", name="Handwritten digits")).to_be_visible()
    expect(other.get_by_role("option", name="secret")).to_have_count(0)


def test_owner_takes_the_data_away_again(visitor):
    page = visitor("data")
    add(page, images(), "brief.zip")
    page.get_by_test_id("stMain").get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Remove for good").click()
    tabs.wait_until_idle(page)
    dataset = page.get_by_test_id("stSidebar").get_by_role("combobox", name="Dataset")
    expect(dataset).to_have_value("Fashion-MNIST 10k (bundled)")
    expect(page.get_by_text("Your datasets")).to_have_count(0)


def test_file_that_is_not_what_it_says_is_refused_in_words(visitor):
    page = visitor("data")
    main = page.get_by_test_id("stMain")
    main.get_by_text("Use your own data").click()
    file = {"name": "x.npz", "mimeType": "", "buffer": b"no array at all"}
    main.locator("input[type=file]").set_input_files(files=[file])
    expect(main.get_by_test_id("stAlertContentError")).to_contain_text("x.npz is not the .npz file")
