"""The computer's clock is set back while runs train: none stays *Training* for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.experiment import Experiment
from core.records import Status
from core.runs import RunStore, controls, lease
from core.runs import store as store_module

PATIENCE_S = 30


@pytest.fixture
def store(tmp_path):
    store = RunStore(f"sqlite:///{tmp_path / 'runs.sqlite3'}")
    yield store
    store.close()


@pytest.fixture
def set_back(monkeypatch):
    """Sets the clock back by so many seconds."""

    def change(seconds: float) -> None:
        moment = store_module.now() - timedelta(seconds=seconds)
        for module in (store_module, controls, lease):
            monkeypatch.setattr(module, "now", lambda: moment)

    return change


@pytest.mark.parametrize("seconds", [31, 3_600, 10 * 365 * 86_400])
def test_run_looked_after_in_the_future_is_taken_up(store, set_back, seconds):
    run = store.create(Experiment())
    store.claim(run.id)
    set_back(seconds)
    assert store.adopt(PATIENCE_S) == (run.id,)
    assert store.get(run.id).status is Status.QUEUED


def test_run_of_a_server_whose_clock_is_a_little_ahead_is_left_to_it(store, set_back):
    run = store.create(Experiment())
    store.claim(run.id)
    set_back(PATIENCE_S - 1)
    assert store.adopt(PATIENCE_S) == ()
