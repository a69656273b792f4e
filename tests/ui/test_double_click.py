"""The second click of two has a script of its own, and ends that of the first where it stands."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
import streamlit as st
from streamlit.runtime.scriptrunner_utils.exceptions import StopException

from core.records import RunRecord
from core.ui import actions

WITHIN_S = 10.0


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """A session that the scripts of both clicks share."""
    shared: dict[str, object] = {}
    monkeypatch.setattr(st, "session_state", shared)
    return shared


def test_second_click_gets_the_run_that_the_first_is_making(add_run):
    run, making, made = add_run(), Event(), Event()
    times = []

    def make() -> RunRecord:
        times.append(1)
        making.set()
        made.wait(WITHIN_S)
        return run

    with ThreadPoolExecutor(2) as scripts:
        first = scripts.submit(actions._queued, "the same", [make])
        assert making.wait(WITHIN_S)
        second = scripts.submit(actions._queued, "the same", [make])
        made.set()
        assert first.result() == second.result() == (run.id,)
    assert len(times) == 1


def test_second_click_makes_the_runs_that_the_first_was_kept_from(add_run):
    runs = [add_run(), add_run(), add_run()]
    times = [0, 0, 0]

    def make(number: int) -> RunRecord:
        times[number] += 1
        if times == [1, 1, 0]:
            raise StopException
        return runs[number]

    makes = [lambda number=number: make(number) for number in range(3)]
    with pytest.raises(StopException):
        actions._queued("three", makes)
    assert actions._queued("three", makes) == tuple(run.id for run in runs)
    assert times == [1, 2, 1]


def test_two_wishes_are_no_double_click(add_run):
    runs = [add_run(), add_run()]
    made = [actions._queued(run.id, [lambda run=run: run]) for run in runs]
    assert made == [(run.id,) for run in runs]
