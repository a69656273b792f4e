"""axe-core on every page, light and dark: no moderate, serious or critical fault."""

from __future__ import annotations

import itertools
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page, expect

from tests.browser import tabs
from tests.browser.prepared import finished_run
from tests.browser.test_training import badge, choose_long_run, wait_for_epochs

pytestmark = pytest.mark.browser

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
PAGES = ("", "data", "model", "history", "confusion_matrix", "predictions", "compare", "runs")
SCHEMES = ("light", "dark")
NONE: dict[str, list[str]] = {"light": [], "dark": []}
IS_SHOWN_IN = """scheme =>
    getComputedStyle(document.querySelector('[data-testid="stApp"]')).colorScheme === scheme"""
GRAVE = ("moderate", "serious", "critical")
HEADINGS = "() => [...document.querySelectorAll('h1, h2, h3, h4')].map(head => +head.tagName[1])"


@pytest.fixture(scope="module")
def runs(app) -> dict[str, str]:
    """A run of each kind of data: images, points, a table, numbers to predict, texts."""
    kinds = ("digits", "moons", "wine", "diabetes", "novels")
    return {kind: finished_run(app, data={"dataset": kind}).id for kind in kinds}


def faults(page: Page) -> list[str]:
    """What axe finds that is not minor, as lines of text."""
    page.wait_for_function("() => document.querySelector('#epochscope-pages')")
    page.evaluate(AXE)
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{fault['impact']} {fault['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"
        for fault in found["violations"]
        if fault["impact"] in GRAVE
        for node in fault["nodes"]
    ]


def faults_in_both(page: Page) -> dict[str, list[str]]:
    """The faults in light and in dark colours; the page follows the browser's wish at once."""
    found = {}
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(IS_SHOWN_IN, arg=scheme)
        found[scheme] = faults(page)
    return found


@pytest.mark.parametrize("path", PAGES)
def test_page_of_a_run_has_no_fault(visitor, runs, path):
    assert faults_in_both(visitor(f"{path}?run={runs['digits']}")) == NONE


@pytest.mark.parametrize("kind", ["moons", "wine", "diabetes", "novels"])
@pytest.mark.parametrize("path", ["data", "confusion_matrix", "predictions"])
def test_page_of_other_data_has_no_fault(visitor, runs, path, kind):
    assert faults_in_both(visitor(f"{path}?run={runs[kind]}")) == NONE


@pytest.mark.parametrize("path", ["", "history", "compare"])
def test_page_without_a_run_has_no_fault(visitor, path):
    assert faults_in_both(visitor(path)) == NONE


def test_page_that_is_dark_from_the_beginning_has_no_fault(visitor, runs):
    page = visitor(f"?run={runs['digits']}", color_scheme="dark")
    page.wait_for_function(IS_SHOWN_IN, arg="dark")
    assert faults(page) == []


def test_open_sidebar_and_tables_have_no_fault(visitor, runs):
    page = visitor(f"confusion_matrix?run={runs['digits']}")
    for title in ("Augmentation", "Callbacks", "Expert"):
        page.get_by_test_id("stSidebar").get_by_text(title, exact=True).click()
        tabs.wait_until_idle(page)
    page.get_by_text("Numbers as a table").first.click()
    page.get_by_test_id("stDataFrame").nth(1).wait_for()
    tabs.wait_until_idle(page)
    assert faults_in_both(page) == NONE


def test_run_in_training_has_no_fault(visitor):
    page = visitor()
    choose_long_run(page)
    tabs.train_button(page).click()
    wait_for_epochs(page, 2)
    assert faults_in_both(page) == NONE
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(badge(page, "Stopped")).to_be_visible(timeout=60_000)


@pytest.mark.parametrize("path", PAGES)
def test_headings_leave_out_no_level(visitor, runs, path):
    levels = visitor(f"{path}?run={runs['wine']}").evaluate(HEADINGS)
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(lower <= upper + 1 for upper, lower in itertools.pairwise(levels))


@pytest.mark.parametrize("path", PAGES)
def test_every_chart_is_a_figure_with_a_name(visitor, runs, path):
    page = visitor(f"{path}?run={runs['diabetes']}")
    for chart in page.get_by_test_id("stPlotlyChart").all():
        assert chart.get_attribute("role") == "figure"
        assert len(chart.get_attribute("aria-label") or "") > 20


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("", "Train · Epochscope"),
        ("data", "Data · Epochscope"),
        ("confusion_matrix", "Confusion matrix · Epochscope"),
        ("runs", "Runs · Epochscope"),
    ],
)
def test_each_page_has_its_own_title(visitor, path, title):
    expect(visitor(path)).to_have_title(title)


def test_title_follows_the_visitor(visitor):
    page = visitor()
    tabs.open_page(page, "History")
    expect(page).to_have_title("History · Epochscope")


def test_progress_and_end_of_a_run_are_read_out(visitor):
    page = visitor()
    tabs.choose(page, "Dataset", "Handwritten digits")
    tabs.set_number(page, "Epochs", 3)
    tabs.train_button(page).click()
    status = page.locator('[aria-live="polite"][role="status"]')
    expect(status).to_contain_text("Training has finished after 3 of 3 epochs, test accuracy")


def test_end_of_a_run_that_was_not_followed_is_not_read_out(visitor, runs):
    page = visitor(f"?run={runs['digits']}")
    page.wait_for_function("() => document.querySelector('#epochscope-pages')")
    expect(page.locator('[aria-live="polite"][role="status"]')).to_have_text("")
