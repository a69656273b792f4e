"""Texts and tables as a visitor meets them: chosen, trained on, read; on a desk and a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import tabs

pytestmark = pytest.mark.browser

NOVELS = "Jane Austen's novels (text)"
ENDED_MS = 240_000
TOO_WIDE = """() => {
    const main = document.querySelector('[data-testid="stMain"]')
    return main.scrollWidth - main.clientWidth
}"""
PHONE = {"width": 390, "height": 844}


def finish_two_epochs(page: Page) -> None:
    tabs.set_number(page, "Epochs", 2)
    tabs.train_button(page).click()
    main = page.get_by_test_id("stMain")
    expect(main).to_contain_text("test samples it has never seen", timeout=ENDED_MS)
    tabs.wait_until_idle(page)


def shows_no_error(page: Page) -> None:
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)


def test_visitor_trains_on_novels_and_reads_what_was_predicted(visitor):
    page = visitor()
    tabs.choose(page, "Dataset", NOVELS)
    finish_two_epochs(page)
    tabs.open_page(page, "Predictions")
    main = page.get_by_test_id("stMain")
    expect(main).to_contain_text("600 of 600 test samples")
    expect(main.get_by_test_id("stDataFrame").first.locator("canvas").first).to_be_visible()
    main.get_by_role("tab", name="One sample").click()
    tabs.wait_until_idle(page)
    expect(main.locator(".js-plotly-plot").first).to_be_visible()
    shows_no_error(page)


@pytest.mark.parametrize("dataset", [NOVELS, "Wine (table)", "Diabetes (table, numbers)"])
def test_every_tab_of_the_data_page_fits_a_phone(visitor, dataset):
    page = visitor("data")  # where the sidebar is open
    tabs.choose(page, "Dataset", dataset)
    page.set_viewport_size(PHONE)
    for name in ("Values", "Preparation", "Samples"):
        page.get_by_test_id("stMain").get_by_role("tab", name=name).click()
        tabs.wait_until_idle(page)
        assert page.evaluate(TOO_WIDE) <= 0, name
        shows_no_error(page)


def test_open_tab_stays_open_when_another_dataset_is_chosen(visitor):
    page = visitor("data")
    main = page.get_by_test_id("stMain")
    main.get_by_role("tab", name="Values").click()
    expect(main.get_by_role("heading", name="Duplicates")).to_be_visible()
    tabs.choose(page, "Dataset", "Wine (table)")
    expect(main.get_by_role("heading", name="Correlation")).to_be_visible()
    expect(main.get_by_role("tab", name="Values")).to_have_attribute("aria-selected", "true")
