"""Runs are ticked, compared, and found again by the address."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from core.experiment import Experiment
from core.records import EpochRecord, RunRecord, Status
from core.runs import RunStore
from tests.browser import tabs
from tests.browser.test_live_charts import RANGES, drag

pytestmark = pytest.mark.browser

IS_FAINT = """() =>
    document.querySelector('.epochscope-chart').data.some(trace => trace.opacity < 1)"""
OPTIMIZERS = ("adam", "sgd", "nadam")
BOX_X, HEADER, ROW = 16, 35, 35  # pixels of a table: the middle of its tick boxes, its rows


@pytest.fixture(scope="module")
def runs(app) -> list[RunRecord]:
    """Runs that differ in the optimizer alone, the newest last."""
    store = RunStore(f"sqlite:///{app.home / 'runs.sqlite3'}")
    try:
        return [_finished(store, name) for name in OPTIMIZERS]
    finally:
        store.close()


def _finished(store: RunStore, optimizer: str) -> RunRecord:
    settings = {"data": {"dataset": "digits"}, "training": {"optimizer": optimizer, "epochs": 4}}
    run = store.create(Experiment.model_validate(settings))
    lease = store.claim(run.id)
    for epoch in range(4):
        loss = 1 / (epoch + 1)
        lease.add_epoch(EpochRecord(epoch, {"loss": loss, "val_loss": loss * 1.1}, 0.1, 0.001))
    lease.settle(Status.FINISHED, evaluation={"loss": 0.3, "accuracy": 0.9})
    return store.get(run.id)


@pytest.fixture(scope="module")
def with_diverged(app, runs) -> str:
    """The address of a comparison of a run that went well and one whose loss grew a millionfold."""
    store = RunStore(f"sqlite:///{app.home / 'runs.sqlite3'}")
    try:
        settings = {"data": {"dataset": "digits"}, "training": {"optimizer": "sgd", "epochs": 4}}
        run = store.create(Experiment.model_validate(settings))
        lease = store.claim(run.id)
        for epoch, loss in enumerate((3.0, 3e3, 3e6)):
            lease.add_epoch(EpochRecord(epoch, {"loss": loss, "val_loss": loss}, 0.1, 0.001))
        lease.settle(Status.FAILED, "training diverged: the loss is no longer a number.")
    finally:
        store.close()
    return f"compare?runs={runs[0].id},{run.id}"


def highest(page: Page) -> float:
    """Where the axis of the first chart ends."""
    return float(page.evaluate("document.querySelector('.epochscope-chart').layout.yaxis.range[1]"))


def tick(page: Page, row: int) -> None:
    grid = page.get_by_test_id("stDataFrame").locator(".dvn-scroller").first
    grid.click(position={"x": BOX_X, "y": HEADER + ROW * row + ROW // 2})
    tabs.wait_until_idle(page)


def legend(page: Page):
    return page.locator(".legendtext")


def test_ticked_runs_are_compared_and_stand_in_the_address(visitor, runs):
    page = visitor("runs")
    page.get_by_test_id("stDataFrame").wait_for()
    tick(page, 0)
    tick(page, 1)
    page.get_by_role("button", name="Compare 2 runs").click()
    expect(page.get_by_role("heading", name="Compare", level=1)).to_be_visible()
    newest, second = runs[2].id, runs[1].id
    expect(page).to_have_url(re.compile(f"runs={newest}(,|%2C){second}"))
    expect(page.get_by_role("button", name="Remove")).to_have_count(2)
    page.reload()
    expect(page.get_by_role("button", name="Remove")).to_have_count(2)


def test_link_shows_somebody_else_the_same_runs(visitor, runs):
    page = visitor("compare?runs=" + ",".join([*(run.id for run in runs), "no-such-run"]))
    expect(legend(page).filter(has_text="Nadam")).to_have_count(1)
    assert legend(page).all_text_contents()[-3:] == ["Adam", "SGD", "Nadam"]
    expect(page.get_by_test_id("stMain")).to_contain_text("1 run of this comparison cannot")


def test_choice_made_by_hand_survives_another_page(visitor, runs):
    page = visitor("compare")
    box = page.get_by_role("combobox", name="Runs")
    for count, title in enumerate(("Adam", "SGD"), start=1):
        tabs.pick(page, box, page.get_by_role("option", name=re.compile(title)).first)
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="Remove")).to_have_count(count)
        tabs.wait_until_idle(page)
    tabs.open_page(page, "Data")
    tabs.open_page(page, "Compare")
    expect(page.get_by_role("button", name="Remove")).to_have_count(2)
    expect(page).to_have_url(re.compile("runs="))


def test_double_click_shows_what_the_axis_leaves_out_and_then_leaves_it_out_again(
    visitor, with_diverged
):
    page = visitor(with_diverged)
    plot = page.locator(".epochscope-chart .nsewdrag").first
    plot.wait_for()
    assert highest(page) < 10
    for is_shown in ("> 1e6", "< 10"):
        plot.dblclick()
        page.wait_for_function(
            f"() => document.querySelector('.epochscope-chart').layout.yaxis.range[1] {is_shown}"
        )


def test_what_is_zoomed_into_stays_when_a_run_is_highlighted(visitor, runs):
    page = visitor("compare?runs=" + ",".join(run.id for run in runs))
    zoomed = drag(page)
    box = page.get_by_role("combobox", name="Highlight")
    tabs.pick(page, box, page.get_by_role("option", name="Nadam"))
    page.wait_for_function(IS_FAINT)
    assert page.evaluate(RANGES) == zoomed
