"""What people do: press Train, watch, leave, come back, stop; and what goes wrong meanwhile."""

from __future__ import annotations

import re
import signal

import psutil
import pytest
from playwright.sync_api import Page, expect

from tests.browser import tabs

pytestmark = pytest.mark.browser

RUN_IN_URL = re.compile(r"run=[\w-]+")
ENDED_MS = 240_000
EPOCHS_ON_CHART = """() => Math.max(0, ...[...document.querySelectorAll('.js-plotly-plot')]
    .flatMap(plot => plot.calcdata ?? [])
    .filter(points => points[0]?.trace?.name !== 'Within the epoch')
    .map(points => points.filter(point => Number.isFinite(point?.y)).length))"""


def choose_digits(page: Page, epochs: int) -> None:
    tabs.choose(page, "Dataset", "Handwritten digits")
    tabs.set_number(page, "Epochs", epochs)


def choose_long_run(page: Page) -> None:
    """A thousand epochs of small batches: minutes, on a fast computer too."""
    choose_digits(page, 1000)
    tabs.set_number(page, "Batch size", 2)


def wait_for_epochs(page: Page, count: int) -> None:
    page.wait_for_function(
        f"() => ({EPOCHS_ON_CHART})() >= {count}", timeout=ENDED_MS, polling=tabs.POLL_MS
    )


def badge(page: Page, text: str):
    return page.locator(".stMarkdownBadge").filter(has_text=text)


def main(page: Page):
    return page.get_by_test_id("stMain")


def test_newcomer_presses_train_and_sees_the_chart_grow_to_a_result(visitor):
    page = visitor()
    tabs.set_number(page, "Epochs", 4)
    tabs.train_button(page).click()
    wait_for_epochs(page, 1)
    wait_for_epochs(page, 3)
    expect(main(page)).to_contain_text("test samples it has never seen", timeout=ENDED_MS)
    expect(page).to_have_url(RUN_IN_URL)
    accuracy = float(re.search(r"accuracy ([\d.]+) %", main(page).inner_text())[1])
    assert accuracy > 75


def test_refresh_while_training_shows_the_run_going_on_with_all_its_epochs(visitor):
    page = visitor()
    choose_long_run(page)
    tabs.train_button(page).click()
    wait_for_epochs(page, 5)
    page.reload()
    expect(badge(page, "Training")).to_be_visible(timeout=ENDED_MS)
    wait_for_epochs(page, 8)
    expect(page.get_by_role("spinbutton", name="Epochs")).to_have_value("1000")
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(badge(page, "Stopped")).to_be_visible(timeout=ENDED_MS)


def test_closed_tab_is_found_again_by_its_url(visitor):
    first = visitor()
    choose_long_run(first)
    tabs.train_button(first).click()
    wait_for_epochs(first, 3)
    url, cookies = first.url, first.context.storage_state()
    first.close()
    again = visitor("?" + url.partition("?")[2], storage_state=cookies)
    wait_for_epochs(again, 6)
    again.get_by_role("button", name="Stop", exact=True).click()
    expect(badge(again, "Stopped")).to_be_visible(timeout=ENDED_MS)


def test_stop_keeps_the_epochs_so_far_and_their_results(visitor):
    page = visitor()
    choose_long_run(page)
    tabs.train_button(page).click()
    wait_for_epochs(page, 3)
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(badge(page, "Stopped")).to_be_visible(timeout=ENDED_MS)
    wait_for_epochs(page, 3)
    tabs.open_page(page, "Confusion matrix")
    expect(main(page)).to_contain_text("Scores by class")


def test_two_visitors_train_at_once_and_keep_their_own_sidebars(visitor):
    one, other = visitor(), visitor()
    choose_digits(one, 15)
    tabs.choose(other, "Dataset", "Moons (2-D)")
    tabs.set_number(other, "Epochs", 16)
    tabs.train_button(one).click()
    tabs.train_button(other).click()
    for page, title, epochs in ((one, "Handwritten digits", 15), (other, "Moons (2-D)", 16)):
        expect(main(page)).to_contain_text("test samples it has never seen", timeout=ENDED_MS)
        expect(main(page)).to_contain_text(f"{epochs} of {epochs} epochs")
        expect(page.get_by_role("spinbutton", name="Epochs")).to_have_value(str(epochs))
        dataset = page.get_by_role("combobox", name="Dataset")
        expect(dataset).to_have_value(title)


def test_run_goes_on_after_its_worker_was_killed(visitor, app):
    page = visitor()
    choose_long_run(page)
    tabs.train_button(page).click()
    wait_for_epochs(page, 2)
    for child in app.process.children(recursive=True):
        if "spawn_main" in " ".join(child.cmdline()) and child.memory_info().rss > 4e8:
            psutil.Process(child.pid).send_signal(signal.SIGKILL)
    done = page.evaluate(EPOCHS_ON_CHART)
    wait_for_epochs(page, done + 20)
    expect(badge(page, "Training")).to_be_visible()
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(badge(page, "Stopped")).to_be_visible(timeout=ENDED_MS)


def test_diverging_run_says_so_and_keeps_its_curves(visitor):
    page = visitor()
    tabs.choose(page, "Dataset", "Plane (2-D, numbers)")
    tabs.choose(page, "Optimizer", "SGD")
    tabs.set_number(page, "Learning rate", 50)
    expect(page.get_by_test_id("stSidebar")).to_contain_text("Learning rate: 50 is very large")
    tabs.train_button(page).click()
    expect(badge(page, "Failed")).to_be_visible(timeout=ENDED_MS)
    expect(main(page)).to_contain_text("training diverged")
