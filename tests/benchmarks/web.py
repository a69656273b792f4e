"""What a visitor waits for and what the server holds, in the real app with a real browser."""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median

from playwright.sync_api import Browser, Page

from core.records import RunRecord
from core.runs import RunStore
from tests.benchmarks import machine
from tests.benchmarks.figures import MEGABYTE, megabytes, milliseconds, percentile, seconds
from tests.benchmarks.table import Row
from tests.browser import app, tabs
from tests.browser.app import App, ScriptRun

PAGES = ("Data", "Model", "History", "Confusion matrix", "Predictions", "Compare", "Train")
VISIT_S = 2.0
CHART_S = 3.5
MEGABITS, LATENCY_MS = 10, 10
FIRST_EPOCH_S = 1.5
SCRIPT_S = 0.150
WEB_MB = 250
HOST_MB = 2_700
ENDLESS_EPOCHS = 1_000
PAUSE_MS = 200
RUN_S = 120.0


def visits(quick: bool) -> Iterator[Row]:
    """How long until Train may be pressed, on a server that has just started and later."""
    cold, web, later, again = [], [], [], []
    with tabs.opened() as chromium:
        for start in range(1 if quick else 3):
            machine.wait_until_quiet()
            with app.running() as running:
                with tabs.visitor(chromium) as page:
                    cold.append(tabs.visit(page, running.url))
                    tabs.wait_until_idle(page)
                    web.append(running.web_bytes())
                if start == 0:
                    _train_once(chromium, running)
                    later, again = _later_visits(chromium, running, 5 if quick else 9)
    until = "from opening the address until Train is enabled"
    yield Row(
        "First visit ever",
        seconds(cold),
        f"≤ {VISIT_S:g} s",
        median(cold) <= VISIT_S,
        f"{until}; {len(cold)} server starts, browser without cache, workers warming",
    )
    yield Row(
        "Visit of somebody new",
        seconds(later),
        f"≤ {VISIT_S:g} s",
        median(later) <= VISIT_S,
        f"{until}; {len(later)} visits, browser without cache, workers warm",
    )
    yield Row(
        "Visit again",
        seconds(again),
        f"≤ {VISIT_S:g} s",
        median(again) <= VISIT_S,
        f"{until}; {len(again)} visits with the browser's cache",
    )
    yield _web_memory("Web process after the first page", max(web))


def charts(quick: bool) -> Iterator[Row]:
    """How long until somebody new sees a run's curves, on this network and on a slow one."""
    times: dict[str, list[float]] = {"no limit": [], f"{MEGABITS} Mbit/s": []}
    with tabs.opened() as chromium, app.running() as running:
        run = _train_once(chromium, running)
        for _ in range(3 if quick else 9):
            for name, waits in times.items():
                machine.wait_until_quiet()
                with tabs.visitor(chromium) as page:
                    if name.endswith("Mbit/s"):
                        tabs.slow_down(page, MEGABITS, LATENCY_MS)
                    waits.append(tabs.first_chart(page, f"{running.url}/?run={run.id}"))
    for name, waits in times.items():
        yield Row(
            f"First chart, {name}",
            seconds(waits),
            f"≤ {CHART_S:g} s",
            median(waits) <= CHART_S,
            f"from opening a run's address until a curve is drawn; {len(waits)} visits in turn "
            "with the other row's, browser without cache",
        )


def clicks(quick: bool) -> Iterator[Row]:
    """How long from pressing Train to the first epoch on the chart, with warm workers."""
    with tabs.opened() as chromium, app.running() as running:
        _train_once(chromium, running)
        waits = []
        with tabs.visitor(chromium) as page:
            tabs.visit(page, running.url)
            tabs.choose(page, "Dataset", "Handwritten digits")
            for seed in range(1, 6 if quick else 11):
                tabs.set_number(page, "Seed", seed)
                machine.wait_until_quiet()
                waits.append(tabs.press_train(page))
                _wait_until_finished(running)
    yield Row(
        "Click on Train → first epoch",
        seconds(waits),
        f"≤ {FIRST_EPOCH_S:g} s",
        median(waits) <= FIRST_EPOCH_S,
        f"digits, by the page's clock until the point is on the chart; {len(waits)} clicks; "
        f"the first, {waits[0]:.2f} s, also loads Plotly into the browser",
    )


def walk(quick: bool) -> Iterator[Row]:
    """How long the script of each page takes while a run trains, and the memory after it all."""
    with tabs.opened() as chromium, app.running() as running:
        finished = _train_once(chromium, running)
        with tabs.visitor(chromium) as trainer, tabs.visitor(chromium) as walker:
            tabs.visit(trainer, running.url)
            tabs.set_number(trainer, "Epochs", ENDLESS_EPOCHS)
            tabs.press_train(trainer)
            tabs.visit(walker, f"{running.url}/?run={finished.id}")
            _compare_two(walker)
            machine.put_browsers_last()
            before = len(running.script_runs())
            _walk(walker, 5 if quick else 20)
            found = running.script_runs()[before:]
            if _newest(running).status.final:
                raise RuntimeError("the run ended before the walk did")
            web, workers = running.web_bytes(), running.worker_bytes()
    yield from _script_rows(found)
    yield _web_memory("Web process after a walk", web)
    yield Row(
        "Web process and workers together",
        megabytes(web + sum(workers)),
        f"≤ {HOST_MB:,} MB",
        web + sum(workers) <= HOST_MB * MEGABYTE,
        "resident (RSS); workers and helpers: " + ", ".join(map(megabytes, workers)),
    )


def _train_once(chromium: Browser, running: App) -> RunRecord:
    """A run with the settings of a first visit; afterwards every worker is warm."""
    with tabs.visitor(chromium) as page:
        tabs.visit(page, running.url)
        tabs.press_train(page)
    return _wait_until_finished(running)


def _later_visits(chromium: Browser, running: App, count: int) -> tuple[list[float], list[float]]:
    """Seconds of visits by browsers without a cache, and of second visits."""
    new, again = [], []
    for _ in range(count):
        with tabs.visitor(chromium) as page:
            machine.wait_until_quiet()
            new.append(tabs.visit(page, running.url))
            machine.wait_until_quiet()
            again.append(tabs.visit(page, running.url))
    return new, again


def _compare_two(page: Page) -> None:
    tabs.open_page(page, "Compare")
    for _ in range(2):
        tabs.pick(page, page.get_by_role("combobox", name="Runs"), page.get_by_role("option").first)
        page.keyboard.press("Escape")
        tabs.wait_until_idle(page)


def _walk(page: Page, rounds: int) -> None:
    for _ in range(rounds):
        for title in PAGES:
            tabs.open_page(page, title)
            page.wait_for_timeout(PAUSE_MS)


def _script_rows(found: list[ScriptRun]) -> Iterator[Row]:
    """All pages together, then each."""
    groups = {"Script of any page": found}
    groups |= {f"… {title}": [run for run in found if run.page == title] for title in PAGES}
    for name, runs in groups.items():
        times = [run.wall_s for run in runs]
        yield Row(
            name,
            milliseconds(times),
            f"p95 ≤ {1000 * SCRIPT_S:.0f} ms",
            percentile(times, 95) <= SCRIPT_S,
            f"{len(runs)} runs while another visitor's run trains and is watched, browsers at low "
            f"priority; of it on a core "
            f"{milliseconds([run.cpu_s for run in runs])}, waiting for one "
            f"{milliseconds([run.queued_s for run in runs])}",
        )


def _web_memory(what: str, size_bytes: int) -> Row:
    return Row(
        what,
        megabytes(size_bytes),
        f"≤ {WEB_MB} MB",
        size_bytes <= WEB_MB * MEGABYTE,
        "resident (RSS): Streamlit and the Dask scheduler",
    )


def _wait_until_finished(running: App) -> RunRecord:
    deadline = time.monotonic() + RUN_S
    while not (run := _newest(running)).status.final:
        if time.monotonic() > deadline:
            raise RuntimeError(f"run {run.id} did not end within {RUN_S:g} s")
        time.sleep(0.2)
    if run.reason:
        raise RuntimeError(f"run {run.id} ended with: {run.reason}")
    return run


def _newest(running: App) -> RunRecord:
    store = RunStore(f"sqlite:///{running.home / 'runs.sqlite3'}")
    try:
        return store.recent(1)[0]
    finally:
        store.close()
