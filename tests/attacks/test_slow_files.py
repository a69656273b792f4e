"""A file that takes long to read: others have their turn, and it ends with its visitor."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from core.data import own
from core.errors import LimitExceeded, StoreUnavailable, UnusableUpload
from core.ui import adding, platform, readers, uploads
from core.ui.readers import Rests, Turns

WAIT_S = 30
SOON_S = 0.05


@pytest.fixture
def threads():
    with ThreadPoolExecutor(8) as found:
        yield found


def wait_for(turns: Turns, count: int) -> None:
    """Until as many wait for their turn."""
    for _ in range(3_000):
        if len(turns._waiting) == count:
            return
        threading.Event().wait(0.01)
    raise AssertionError(f"{turns._waiting} wait")


def test_second_file_of_a_visitor_does_not_even_wait():
    turns = Turns()
    with (
        turns.turn("anna", WAIT_S),
        pytest.raises(LimitExceeded, match="another file of yours"),
        turns.turn("anna", WAIT_S),
    ):
        raise AssertionError("both were read")


def test_who_waited_too_long_is_told(threads):
    turns = Turns()
    with (
        turns.turn("anna", WAIT_S),
        pytest.raises(LimitExceeded, match="files of others"),
        turns.turn("ben", SOON_S),
    ):
        raise AssertionError("both were read")
    with turns.turn("ben", SOON_S):
        pass


def test_whose_files_took_long_comes_after_others(threads):
    turns, order = Turns(), []
    turns.count("mallory", 300)

    def read(visitor: str) -> None:
        with turns.turn(visitor, WAIT_S):
            order.append(visitor)

    with turns.turn("somebody", WAIT_S):
        asked = []
        for count, visitor in enumerate(("mallory", "anna", "ben"), start=1):
            asked.append(threads.submit(read, visitor))
            wait_for(turns, count)
    for one in asked:
        one.result(WAIT_S)
    assert order == ["anna", "ben", "mallory"]


def test_error_while_reading_gives_the_turn_to_the_next():
    turns = Turns()
    with pytest.raises(UnusableUpload), turns.turn("anna", WAIT_S):
        raise UnusableUpload("It is damaged.")
    with turns.turn("ben", SOON_S):
        pass


@pytest.fixture
def now(monkeypatch) -> list[float]:
    moment = [1_000.0]
    monkeypatch.setattr(readers.time, "monotonic", lambda: moment[0])
    return moment


def test_who_read_for_long_stands_back_for_as_long_while_others_want_to(now):
    rests = Rests()
    rests.begin("mallory", 300)
    rests.begin("anna", 5)
    rests.note("ben")
    rests.check("anna")
    with pytest.raises(LimitExceeded, match=r"Try again in 300 s"):
        rests.check("mallory")
    now[0] += 301
    rests.check("mallory")


def test_who_read_for_long_goes_on_where_nobody_else_wants_to(now):
    rests = Rests()
    rests.begin("anna", 300)
    rests.check("anna")
    rests.note("anna")
    rests.check("anna")


def test_others_come_first_until_they_have_had_their_turn(now):
    rests = Rests()
    rests.begin("mallory", 300)
    rests.note("ben")
    rests.check("ben")
    rests.check("mallory")


@pytest.fixture
def endless(tmp_path) -> Path:
    """A file whose reader waits for somebody to write."""
    path = tmp_path / "upload"
    os.mkfifo(path)
    return path


def children() -> list[psutil.Process]:
    return psutil.Process().children()


def test_look_ends_with_its_visitor(endless):
    before = len(children())
    asked = []

    def wanted() -> bool:
        asked.append(len(children()))
        return len(asked) < 2

    with pytest.raises(UnusableUpload, match="it was cancelled"):
        own.look(endless, "a.csv", wanted=wanted)
    assert asked[0] == before + 1
    assert len(children()) == before
    assert list(endless.parent.glob(".look-*")) == []


def test_look_has_a_limit_of_time(endless):
    with pytest.raises(UnusableUpload, match="took longer to read than the 1 seconds"):
        own.look(endless, "a.csv", own.ReadLimits(seconds=1))


def test_conversion_ends_with_its_visitor_and_leaves_nothing(endless, tmp_path, monkeypatch):
    monkeypatch.setattr(adding, "_WATCH_S", SOON_S)
    choices = own.TableChoices("y", ("x",), "classification")
    folder = tmp_path / "made"
    conversion = own.start(endless, "a.csv", choices, folder)
    one = adding.Adding("A", "table", conversion, folder)
    one.watch("anna", lambda: False)
    assert conversion.done()
    assert not folder.exists()


class Visitor:
    visitor = "anna"


@pytest.mark.parametrize("step", ["look", "start"])
def test_full_disk_is_told_and_no_error_page(tmp_path, monkeypatch, step):
    def no_space(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(platform, "library", Visitor)
    monkeypatch.setattr(own, step, no_space)
    upload = uploads.Upload(tmp_path / "upload", "a.csv")
    choices = own.TableChoices("y", ("x",), "classification")
    act = {"look": lambda: adding.look(upload), "start": lambda: adding.start(upload, "A", choices)}
    with pytest.raises(StoreUnavailable, match="no room for your file"):
        act[step]()
