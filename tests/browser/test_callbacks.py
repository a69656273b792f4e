"""Callbacks, files to take away, and going on: with real training, in a real browser."""

from __future__ import annotations

import zipfile

import pytest
from playwright.sync_api import Page, expect

from tests.browser import tabs
from tests.browser.test_training import ENDED_MS, choose_digits, main

pytestmark = pytest.mark.browser


def open_expander(page: Page, where: str, title: str) -> None:
    page.get_by_test_id(where).locator("summary").filter(has_text=title).click()
    tabs.wait_until_idle(page)


def train_to_the_end(page: Page) -> None:
    tabs.train_button(page).click()
    expect(main(page)).to_contain_text("test samples it has never seen", timeout=ENDED_MS)


def test_early_stopping_ends_the_run_and_both_weights_can_be_looked_at(visitor):
    page = visitor()
    choose_digits(page, 400)
    tabs.set_number(page, "Learning rate", 0.01)
    open_expander(page, "stSidebar", "Callbacks")
    tabs.switch(page, "Early stopping")
    tabs.switch(page, "Restore best weights", on=False)
    train_to_the_end(page)
    expect(main(page)).to_contain_text("Early stopping ended the run after epoch")
    expect(page.locator(".js-plotly-plot").first).to_contain_text("Stopped early")
    tabs.open_page(page, "Confusion matrix")
    page.get_by_text("Best epoch (").click()
    tabs.wait_until_idle(page)
    expect(main(page)).to_contain_text("Scores by class")


def test_files_are_downloaded_and_the_model_is_tested_again_with_equal_numbers(visitor, tmp_path):
    page = visitor()
    choose_digits(page, 3)
    open_expander(page, "stSidebar", "Callbacks")
    tabs.switch(page, "TensorBoard")
    train_to_the_end(page)
    tabs.open_page(page, "History")
    open_expander(page, "stMain", "Model and files")
    for name in ("model.keras", "tensorboard.zip"):
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        download.value.save_as(tmp_path / name)
        assert zipfile.ZipFile(tmp_path / name).testzip() is None
    page.get_by_role("button", name="Test again").click()
    expect(main(page)).to_contain_text("Equal to the last bit", timeout=ENDED_MS)


def test_a_finished_run_goes_on_as_a_new_one_with_all_its_epochs(visitor):
    page = visitor()
    choose_digits(page, 3)
    train_to_the_end(page)
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(main(page)).to_contain_text("13 of 13 epochs", timeout=ENDED_MS)
    expect(main(page)).to_contain_text("goes on where another one ended")


@pytest.mark.parametrize("loop", ["model.fit (plain Keras)", "GradientTape (by hand)"])
def test_the_other_loops_train_too(visitor, loop):
    page = visitor()
    choose_digits(page, 2)
    open_expander(page, "stSidebar", "Expert")
    tabs.choose(page, "Training loop", loop)
    train_to_the_end(page)
    expect(main(page)).to_contain_text("2 of 2 epochs")
