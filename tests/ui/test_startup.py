"""What the server does before it answers anybody."""

from __future__ import annotations

import asyncio
import logging
import sys

import pytest

from core.errors import StoreUnavailable
from core.ui import platform, startup


class Jobs:
    """Stands in for the workers; remembers what was done with it."""

    def __init__(self):
        self.waited = self.ended = False

    def __call__(self):
        return self

    def wait_until_ready(self, _timeout_s):
        self.waited = True

    def end(self):
        self.ended = True


def serve():
    async def server():
        async with startup.prepared(None):
            return

    asyncio.run(server())


@pytest.fixture
def jobs(monkeypatch):
    stand_in = Jobs()
    monkeypatch.setattr(platform, "jobs", stand_in)
    monkeypatch.setattr(startup.gc, "freeze", lambda: None)  # this process goes on testing
    return stand_in


def test_workers_are_warm_before_the_first_visitor_and_ended_after_the_last(jobs):
    serve()
    assert (jobs.waited, jobs.ended) == (True, True)


def test_views_are_imported(jobs):
    serve()
    assert "core.ui.compare_view" in sys.modules


def test_server_starts_without_a_store_and_says_so(jobs, monkeypatch, caplog):
    def broken(_timeout_s):
        raise StoreUnavailable("The disk is full.")

    monkeypatch.setattr(jobs, "wait_until_ready", broken)
    with caplog.at_level(logging.WARNING):
        serve()
    assert "The disk is full." in caplog.text


def test_runs_are_looked_after_once_there_is_a_store(jobs, monkeypatch):
    """Nobody has to open a page for it."""
    asked = []

    def there_at_the_third_time():
        asked.append(1)
        if len(asked) < 3:
            raise StoreUnavailable("The database is starting.")
        return jobs

    monkeypatch.setattr(startup, "AGAIN_S", 0.0)
    monkeypatch.setattr(platform, "jobs", there_at_the_third_time)
    monkeypatch.setattr(platform, "end", lambda: None)

    async def server():
        async with startup.prepared(None), asyncio.timeout(10):
            while len(asked) < 3:
                await asyncio.sleep(0.01)

    asyncio.run(server())
