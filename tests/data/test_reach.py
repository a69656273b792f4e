"""Whether a server can be reached: told at once, asked in the background, kept for a minute."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest

from core import data
from core.data import cifar, reach, registry

URL = "https://example.org/sets/"
WAIT_S = 60.0


def eventually(found: Callable[[], object]) -> object:
    """What `found` gives once it is not None."""
    deadline = time.monotonic() + WAIT_S
    pause = threading.Event()
    while (value := found()) is None and time.monotonic() < deadline:
        pause.wait(0.005)
    return value


@pytest.fixture
def clock(monkeypatch) -> list[float]:
    """The time, in its only item."""
    now = [1000.0]
    monkeypatch.setattr(reach, "time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


@pytest.fixture
def answers(monkeypatch) -> Iterator[list[bool]]:
    """What servers will say, one after another; each is waited for."""
    given: list[bool] = []
    monkeypatch.setattr(reach, "connects", lambda url: given.pop(0))
    monkeypatch.setattr(reach, "Thread", Immediately)
    yield given


class Immediately:
    """A thread that has ended when it has started."""

    def __init__(self, target, args, **_: object) -> None:
        self.start = lambda: target(*args)


def test_asking_takes_no_time_however_long_the_server_takes(monkeypatch):
    release = threading.Event()
    monkeypatch.setattr(reach, "connects", lambda url: release.wait(WAIT_S))
    asked = reach.Reach()
    assert asked.reachable(URL) is None
    assert not release.is_set()
    release.set()
    assert eventually(lambda: asked.reachable(URL)) is True


def test_server_that_takes_too_long_is_out_of_reach(monkeypatch, clock):
    release = threading.Event()
    monkeypatch.setattr(reach, "connects", lambda url: release.wait(WAIT_S))
    asked = reach.Reach()
    asked.reachable(URL)
    clock[0] += reach.PATIENCE_S + 0.1
    assert asked.reachable(URL) is False
    release.set()


@pytest.mark.parametrize("answer", [True, False])
def test_answer_is_kept_for_a_minute(answer, answers, clock):
    asked = reach.Reach()
    answers += [answer, not answer]
    asked.reachable(URL)
    clock[0] += reach.REMEMBERED_S - 1
    assert asked.reachable(URL) is answer


def test_after_a_minute_the_server_is_asked_again(answers, clock):
    asked = reach.Reach()
    answers += [False, True]
    asked.reachable(URL)
    clock[0] += reach.REMEMBERED_S + 1
    asked.reachable(URL)
    assert asked.reachable(URL) is True


def test_old_answer_holds_while_the_server_is_asked_again(monkeypatch, answers, clock):
    asked = reach.Reach()
    answers.append(True)
    asked.reachable(URL)
    release = threading.Event()
    monkeypatch.setattr(reach, "Thread", threading.Thread)
    monkeypatch.setattr(reach, "connects", lambda url: release.wait(WAIT_S))
    clock[0] += reach.REMEMBERED_S + 1
    assert asked.reachable(URL) is True
    release.set()


def test_server_is_asked_once_at_a_time(monkeypatch):
    release, calls = threading.Event(), []

    def slow(url: str) -> bool:
        calls.append(url)
        return release.wait(WAIT_S)

    monkeypatch.setattr(reach, "connects", slow)
    asked = reach.Reach()
    for _ in range(5):
        asked.reachable(URL)
    release.set()
    eventually(lambda: asked.reachable(URL))
    assert calls == [URL]


@pytest.fixture
def no_proxy(monkeypatch) -> None:
    monkeypatch.setattr(reach, "getproxies", dict)


@pytest.mark.usefixtures("no_proxy")
def test_server_that_listens_is_reached():
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert reach.connects(f"http://127.0.0.1:{server.getsockname()[1]}/")


@pytest.mark.usefixtures("no_proxy")
@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "https://nowhere.invalid/"])
def test_server_that_is_not_there_is_out_of_reach(url):
    assert not reach.connects(url)


def test_proxy_is_asked_in_the_server_s_place(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        proxy = f"http://127.0.0.1:{server.getsockname()[1]}"
        monkeypatch.setattr(reach, "getproxies", lambda: {"https": proxy})
        monkeypatch.setattr(reach, "proxy_bypass", lambda host: False)
        assert reach.connects("https://nowhere.invalid/")


def test_server_that_needs_no_proxy_is_asked_itself(monkeypatch):
    monkeypatch.setattr(reach, "getproxies", lambda: {"http": "http://127.0.0.1:1"})
    monkeypatch.setattr(reach, "proxy_bypass", lambda host: True)
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert reach.connects(f"http://127.0.0.1:{server.getsockname()[1]}/")


@pytest.mark.parametrize("name", registry.PUBLISHED)
def test_message_says_what_to_do(name):
    text = data.out_of_reach(name)
    published = registry.PUBLISHED[name]
    for words in (published.title, published.instead, str(published.cache), *published.sizes):
        assert words in text


@pytest.mark.parametrize("name", cifar.PUBLISHED)
def test_set_of_another_server_asks_that_one(name):
    assert "www.cs.toronto.edu" in data.out_of_reach(name)
