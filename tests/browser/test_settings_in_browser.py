"""What is set in the sidebar is still set after the page is loaded again, and can be handed on."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import tabs

pytestmark = pytest.mark.browser


def field(page: Page, label: str):
    return page.get_by_test_id("stSidebar").get_by_role("spinbutton", name=label, exact=True)


def box(page: Page, label: str):
    return page.get_by_test_id("stSidebar").get_by_role("combobox", name=label, exact=True)


def reload(page: Page) -> None:
    page.reload(wait_until="commit")
    expect(tabs.train_button(page)).to_be_visible()
    tabs.wait_until_idle(page)


def test_settings_are_there_after_a_reload_and_on_every_page(visitor):
    page = visitor()
    tabs.choose(page, "Dataset", "Spirals (2-D)")
    expect(field(page, "Epochs")).to_have_value("60")
    tabs.set_number(page, "Epochs", 12)
    tabs.choose(page, "Optimizer", "SGD")
    expect(field(page, "Learning rate")).to_have_value("0.01")
    tabs.set_number(page, "Batch size", 0)
    expect(page).to_have_url(re.compile("set=1~data.dataset-spirals"))
    reload(page)
    expect(box(page, "Dataset")).to_have_value("Spirals (2-D)")
    expect(field(page, "Epochs")).to_have_value("12")
    expect(box(page, "Optimizer")).to_have_value("SGD")
    expect(field(page, "Batch size")).to_have_value("0")
    expect(tabs.train_button(page)).to_be_disabled()
    tabs.set_number(page, "Batch size", 16)
    tabs.open_page(page, "Data")
    reload(page)
    expect(field(page, "Batch size")).to_have_value("16")
    expect(field(page, "Hidden layers")).to_have_value("3")


def test_own_rate_stays_when_optimizers_change_and_the_usual_one_does_not(visitor):
    page = visitor()
    expect(field(page, "Learning rate")).to_have_value("0.001")
    tabs.choose(page, "Optimizer", "SGD")
    expect(field(page, "Learning rate")).to_have_value("0.01")
    tabs.choose(page, "Optimizer", "RMSprop")
    expect(field(page, "Learning rate")).to_have_value("0.001")
    rate = field(page, "Learning rate")
    rate.fill("0.05")
    rate.press("Enter")
    tabs.wait_until_idle(page)
    tabs.choose(page, "Optimizer", "Adam")
    expect(field(page, "Learning rate")).to_have_value("0.05")


def test_back_leads_to_the_page_before_with_the_settings_as_they_are(visitor):
    page = visitor()
    tabs.open_page(page, "History")
    tabs.set_number(page, "Epochs", 4)
    page.go_back()
    tabs.wait_until_idle(page)
    page.go_back()
    expect(page.get_by_role("heading", name="Train", exact=True, level=1)).to_be_visible()
    tabs.wait_until_idle(page)
    expect(field(page, "Epochs")).to_have_value("4")
    expect(page).to_have_url(re.compile("training.epochs-4"))
