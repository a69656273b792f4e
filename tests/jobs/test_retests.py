"""A visitor has one kept model tested at a time: whoever presses in several tabs waits."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import suppress
from types import SimpleNamespace

import pytest

from core.errors import LimitExceeded, TrainingError, WorkersUnavailable
from core.jobs import Jobs, Mailroom, cluster
from core.jobs.retests import Retests
from core.records import LAST_WEIGHTS
from core.runs import RunStore
from core.settings import Settings

WAIT_S = 60
SOON_S = 0.01
FOUND = {"accuracy": 0.9}


@pytest.fixture(autouse=True)
def nothing_has_begun(monkeypatch) -> None:
    monkeypatch.setattr(cluster, "has_begun", lambda _: False)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as found:
        yield found


class Sent:
    """Stands in for the scheduler: keeps the tasks it is sent, and says when there is one."""

    def __init__(self) -> None:
        self.tasks: list[Future] = []
        self.arrived = threading.Semaphore(0)

    def __call__(self, *_: object, **__: object) -> Future:
        self.tasks.append(Future())
        self.arrived.release()
        return self.tasks[-1]


def refused(action: Callable[[], object]) -> str:
    with pytest.raises(LimitExceeded) as caught:
        action()
    return str(caught.value)


def test_second_test_of_a_visitor_waits_for_the_first(threads):
    retests, sent = Retests(), Sent()
    first = threads.submit(retests.run, "me", sent, WAIT_S)
    assert sent.arrived.acquire(timeout=WAIT_S)
    assert refused(lambda: retests.run("me", sent, WAIT_S)) == (
        "Test: one of yours is still going on, but only one at a time can. Wait until it has "
        "ended, then test again."
    )
    assert len(sent.tasks) == 1
    sent.tasks[0].set_result(FOUND)
    assert first.result(WAIT_S) == FOUND


def test_other_visitors_do_not_wait(threads):
    retests, sent = Retests(), Sent()
    both = [threads.submit(retests.run, visitor, sent, WAIT_S) for visitor in ("me", "you")]
    assert sent.arrived.acquire(timeout=WAIT_S)
    assert sent.arrived.acquire(timeout=WAIT_S)
    for task in sent.tasks:
        task.set_result(FOUND)
    assert [one.result(WAIT_S) for one in both] == [FOUND] * 2


def ended(error: Exception | None = None) -> Future:
    """A task that is over."""
    task: Future = Future()
    if error:
        task.set_exception(error)
    else:
        task.set_result(FOUND)
    return task


@pytest.mark.parametrize("error", [None, CancelledError(), RuntimeError("it failed")])
def test_test_that_has_ended_however_it_did_makes_room_for_the_next(error):
    retests = Retests()
    with suppress(WorkersUnavailable, TrainingError):
        retests.run("me", lambda: ended(error), WAIT_S)
    assert retests.run("me", ended, WAIT_S) == FOUND


def test_test_that_could_not_be_sent_makes_room_for_the_next():
    def away() -> Future:
        raise OSError("no scheduler")

    retests = Retests()
    with pytest.raises(OSError, match="no scheduler"):
        retests.run("me", away, WAIT_S)
    assert retests.run("me", ended, WAIT_S) == FOUND


def test_test_that_waits_for_too_long_is_called_back():
    retests, sent = Retests(), Sent()
    with pytest.raises(WorkersUnavailable, match="All training processes are busy"):
        retests.run("me", sent, SOON_S)
    assert sent.tasks[0].cancelled()
    assert retests.run("me", ended, WAIT_S) == FOUND


def test_test_that_has_begun_is_waited_for_and_counts(threads, monkeypatch):
    retests, sent, asked = Retests(), Sent(), threading.Semaphore(0)
    monkeypatch.setattr(cluster, "has_begun", lambda _: asked.release() or True)
    first = threads.submit(retests.run, "me", sent, SOON_S)
    for _ in range(3):  # its patience has ended as often
        assert asked.acquire(timeout=WAIT_S)
    assert "still going on" in refused(lambda: retests.run("me", sent, SOON_S))
    sent.tasks[0].set_result(FOUND)
    assert first.result(WAIT_S) == FOUND


@pytest.fixture
def jobs(tmp_path, monkeypatch) -> Iterator[tuple[Jobs, Sent]]:
    """`Jobs` whose cluster trains nothing, and what it was sent."""
    sent = Sent()
    client = SimpleNamespace(
        status="running",
        submit=sent,
        subscribe_topic=lambda *_: None,
        cluster=None,
        close=lambda: None,
    )
    monkeypatch.setattr(cluster, "connect", lambda *_: client)
    monkeypatch.setattr(cluster, "workers", lambda _: ())
    settings = Settings(home=tmp_path, data_dir=None, workers=1)
    store = RunStore(settings.database_url)
    opened = Jobs(store, settings, Mailroom())
    assert opened.wait_until_ready(WAIT_S)
    yield opened, sent
    opened.close()
    store.close()


def test_jobs_send_one_test_of_a_visitor_to_the_workers(jobs, threads):
    opened, sent = jobs
    first = threads.submit(opened.evaluate, "some-run", LAST_WEIGHTS, "me", WAIT_S)
    assert sent.arrived.acquire(timeout=WAIT_S)
    text = refused(lambda: opened.evaluate("other-run", LAST_WEIGHTS, "me", WAIT_S))
    assert "still going on" in text
    assert len(sent.tasks) == 1
    sent.tasks[0].set_result(FOUND)
    assert first.result(WAIT_S) == FOUND
