"""Web servers that share a database and a cluster: each looks after the runs it sent."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import StoreUnavailable
from core.experiment import Experiment
from core.jobs import Jobs, Mailroom, cluster, jobs
from core.records import Status
from core.runs import RunStore
from core.settings import settings

WITHIN_S = 10.0


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RunStore]:
    found = RunStore(f"sqlite:///{tmp_path}/runs.sqlite3")
    yield found
    found.close()


@pytest.fixture
def server(store, monkeypatch):
    """A web server's jobs whose cluster is not there yet, so that nothing is sent."""
    monkeypatch.setattr(cluster, "connect", lambda _, closing: closing.wait())
    opened = []

    def open_one(its_store=store) -> Jobs:
        opened.append(Jobs(its_store, replace(settings(), scheduler=None), Mailroom()))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


@pytest.fixture
def taken_over(store) -> str:
    """A run that was sent by one server, and then, as it seemed lost, by another."""
    run = store.create(Experiment())
    store.claim(run.id, "task-a")
    store.restart(run.id, most=3, task="task-a")
    store.claim(run.id, "task-b")
    return run.id


@pytest.mark.parametrize("error", [None, ValueError("no")], ids=["ended", "failed"])
def test_run_is_left_to_the_server_that_took_it_over(store, server, taken_over, error):
    before = store.get(taken_over)
    server()._settle(taken_over, "task-a", error)
    assert store.get(taken_over) == before
    assert before.status is Status.RUNNING


def test_run_whose_own_worker_was_lost_waits_again(store, server, taken_over):
    server()._settle(taken_over, "task-b", None)
    assert store.get(taken_over).status is Status.QUEUED


class Away:
    """A store that can be told to be away; counts what it is asked."""

    def __init__(self) -> None:
        self.beats, self.adoptions, self.away = 0, 0, False
        self.asked = threading.Condition()

    def beat(self, _) -> None:
        with self.asked:
            self.beats += 1
            self.asked.notify_all()
        if self.away:
            raise StoreUnavailable("The database does not answer.")

    def adopt(self, _) -> tuple[str, ...]:
        self.adoptions += 1
        return ()

    def until_asked(self, times: int) -> None:
        with self.asked:
            aim = self.beats + times
            assert self.asked.wait_for(lambda: self.beats >= aim, WITHIN_S)


def test_nothing_is_adopted_right_after_the_database_was_away(server, monkeypatch):
    """The others could not say either that they look after their runs."""
    monkeypatch.setattr(jobs, "BEAT_S", 0.01)
    store = Away()
    server(store)
    store.until_asked(3)
    assert store.adoptions
    store.away = True
    store.until_asked(3)
    store.away, before = False, store.adoptions
    store.until_asked(3)
    assert store.adoptions == before


def test_after_a_while_runs_are_adopted_again(server, monkeypatch):
    monkeypatch.setattr(jobs, "BEAT_S", 0.01)
    monkeypatch.setattr(jobs, "ABANDONED_AFTER_S", 0.0)
    store = Away()
    server(store)
    store.away = True
    store.until_asked(3)
    store.away, before = False, store.adoptions
    store.until_asked(3)
    assert store.adoptions > before
