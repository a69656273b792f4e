"""What people do to runs is logged with the run's id; by whom is not."""

from __future__ import annotations

import logging

import pytest

from core.errors import NotYours
from core.experiment import Experiment
from core.records import Status
from core.runs import Library, RunStore

VISITOR = "visitor-4711"


@pytest.fixture
def store(tmp_path):
    opened = RunStore(f"sqlite:///{tmp_path / 'runs.sqlite3'}")
    yield opened
    opened.close()


@pytest.fixture
def library(store) -> Library:
    return Library(store, VISITOR)


@pytest.fixture
def told(caplog):
    """The events logged since it was last asked, each with its run."""
    caplog.set_level(logging.INFO, "core")

    def since() -> list[tuple[str, str]]:
        found = [(line.getMessage(), line.run) for line in caplog.records]
        assert VISITOR not in str([vars(line) for line in caplog.records])
        caplog.clear()
        return found

    return since


def test_making_naming_and_hiding_is_told(library, told):
    run = library.create(Experiment())
    child = library.continue_from(run.id, Experiment())
    library.rename(run.id, "a name of my own")
    library.set_private(run.id, True)
    library.set_private(run.id, False)
    assert told() == [
        ("made", run.id),
        (f"made, to go on from {run.id}", child.id),
        ("renamed", run.id),
        ("made private", run.id),
        ("made public", run.id),
    ]


def test_what_is_asked_of_a_run_is_told(library, store, told):
    run = library.create(Experiment())
    told()
    store.pause(run.id)
    store.resume(run.id)
    store.pause(run.id)
    store.resume(run.id, step=True)
    store.request_stop(run.id)
    assert [event for event, _ in told()] == [
        "asked to pause",
        "asked to go on",
        "asked to pause",
        "asked to train one epoch",
        "asked to stop",
    ]


def test_what_changes_nothing_is_not_told(library, store, told):
    run = library.create(Experiment())
    store.settle(run.id, Status.STOPPED)
    told()
    store.pause(run.id)
    store.resume(run.id)
    store.request_stop(run.id)
    with pytest.raises(NotYours):
        Library(store, "somebody else").rename(run.id, "mine")
    assert told() == []
