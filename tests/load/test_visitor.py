"""One visitor of the load test, against the real app."""

from __future__ import annotations

import asyncio
import time

from core.records import Status
from core.runs import RunStore
from tests.browser import app as apps
from tests.load.session import Session
from tests.load.visitor import Log, Visitor

AT_ONCE = (0.0, 0.05)


def test_a_visitor_without_a_browser_presses_train_and_sees_the_run_end():
    log = Log()

    async def visit(url: str) -> str:
        async with Session(url, log.errors.append) as tab:
            await tab.open()
            end = await Visitor(url, 1, log, AT_ONCE).train(tab)
            await tab.open_page("History")
            assert next(tab.elements.of_kind("heading")).body == "History"
            return end

    with apps.running() as app:
        assert asyncio.run(visit(app.url)) == "Finished"
        store = RunStore(f"sqlite:///{app.home / 'runs.sqlite3'}")
        (run,) = store.recent()
        store.close()
    assert {run.id} == log.started
    assert run.status is Status.FINISHED
    assert run.experiment.data.dataset == "digits"
    assert run.owner.startswith("browser-"), "the cookie of the page came back"
    assert log.errors == []


def test_visitor_who_clears_the_servers_caches_ends_nobodys_training():
    """Streamlit does so for any browser that asks, whatever its menu shows."""
    log = Log()

    async def visit(url: str) -> None:
        async with Session(url) as stranger, Session(url, log.errors.append) as tab:
            await tab.open()
            await Visitor(url, 1, log, AT_ONCE).train(tab)
            await stranger.open()
            await stranger.clear_caches()
            await stranger.open_page("Data")
            await Visitor(url, 2, log, AT_ONCE).train(tab)

    with apps.running() as app:
        workers = app.started_ids()
        asyncio.run(visit(app.url))
        assert app.started_ids() == workers
    assert (list(log.ended.values()), log.errors) == (["Finished"] * 2, [])


def test_what_goes_wrong_is_told_and_ends_the_visit():
    log = Log()
    nobody = "http://localhost:9"
    asyncio.run(Visitor(nobody, 7, log).visit(time.perf_counter()))
    (error,) = log.errors
    assert error.startswith("visitor 7:")
