"""A run that goes on where another ended, and databases from before there were such runs."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy
from alembic import command
from alembic.config import Config

from core.errors import RunNotFound
from core.experiment import Experiment
from core.records import EpochRecord, Status
from core.runs import RunStore, database

SHORT = Experiment.model_validate({"training": {"epochs": 2}})
LONG = Experiment.model_validate({"training": {"epochs": 5}})
METRICS = {"loss": 0.5, "val_loss": float("inf")}
RUN = (
    "INSERT INTO runs (id, experiment, status, control, reason, evaluation, epochs_done, "
    "created_at, heartbeat_at) VALUES (?, ?, 'finished', '', 'a reason', '{\"loss\": 0.25}', 2, "
    "'2024-05-06 07:08:09.000000', '2024-05-06 07:08:09.000000')"
)
EPOCH = 'INSERT INTO epochs VALUES (?, ?, \'{"loss": 0.5, "val_loss": "inf"}\', 1.5, 0.001)'


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "runs.sqlite3"


@pytest.fixture
def store(path):
    opened = RunStore(f"sqlite:///{path}")
    yield opened
    opened.close()


def epoch(number: int) -> EpochRecord:
    return EpochRecord(number, METRICS, 1.5, 0.001)


@pytest.fixture
def parent(store):
    """A finished run of two epochs."""
    run = store.create(SHORT)
    for number in range(2):
        store.add_epoch(run.id, epoch(number))
    store.settle(run.id, Status.FINISHED, evaluation={"loss": 0.25})
    return store.get(run.id)


def test_continued_run_has_a_copy_of_its_parents_epochs(store, parent):
    child = store.continue_from(parent.id, LONG)
    assert store.epochs(child.id) == store.epochs(parent.id) == (epoch(0), epoch(1))
    assert child.epochs_done == 2


def test_continued_run_knows_its_parent(store, parent):
    child = store.continue_from(parent.id, LONG)
    assert child.parent_id == parent.id != child.id
    assert store.get(child.id) == child


def test_continued_run_is_a_new_one_that_waits_its_turn(store, parent):
    child = store.continue_from(parent.id, LONG)
    assert child.status is Status.QUEUED
    assert child.experiment == LONG
    assert (child.evaluation, child.reason, child.finished_at) == ({}, "", None)
    assert store.claim(child.id)


def test_continuing_leaves_the_parent_as_it_was(store, parent):
    child = store.continue_from(parent.id, LONG)
    store.add_epoch(child.id, epoch(2))
    assert store.get(parent.id) == parent
    assert len(store.epochs(parent.id)) == 2
    assert store.get(child.id).epochs_done == 3


def test_run_can_be_continued_twice_and_its_child_too(store, parent):
    child, twin = (store.continue_from(parent.id, LONG) for _ in range(2))
    grandchild = store.continue_from(child.id, LONG)
    assert len({parent.id, child.id, twin.id, grandchild.id}) == 4
    assert grandchild.parent_id == child.id
    assert store.epochs(grandchild.id) == store.epochs(parent.id)


def test_run_without_epochs_is_continued_from_its_beginning(store):
    child = store.continue_from(store.create(SHORT).id, LONG)
    assert child.epochs_done == 0
    assert store.epochs(child.id) == ()


@pytest.mark.parametrize("run_id", ["unknown", "", "../x", "x" * 100])
def test_unknown_run_cannot_be_continued(store, run_id):
    with pytest.raises(RunNotFound):
        store.continue_from(run_id, LONG)
    assert store.recent() == ()


def test_run_from_the_beginning_has_no_parent(store):
    assert store.create(SHORT).parent_id is None


@pytest.fixture
def old(path) -> Path:
    """A database of schema 0001 with a run of two epochs."""
    engine = sqlalchemy.create_engine(f"sqlite:///{path}")
    config = Config()
    config.set_main_option("script_location", str(database.MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()
    experiment = SHORT.model_dump(mode="json")
    del experiment["callbacks"]  # there were none
    with sqlite3.connect(path) as connection:
        connection.execute(RUN, ("old-run", json.dumps(experiment)))
        connection.executemany(EPOCH, [("old-run", 0), ("old-run", 1)])
    connection.close()
    return path


def columns(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    found = [row[1] for row in connection.execute("PRAGMA table_info(runs)")]
    connection.close()
    return found


def test_database_of_the_first_schema_gets_the_new_column(old):
    assert "parent_id" not in columns(old)
    RunStore(f"sqlite:///{old}").close()
    assert columns(old)[-1] == "parent_id"


def test_migrated_database_keeps_its_runs(old, store):
    [run] = store.recent()
    assert (run.id, run.experiment, run.status) == ("old-run", SHORT, Status.FINISHED)
    assert (run.reason, run.evaluation, run.epochs_done) == ("a reason", {"loss": 0.25}, 2)
    assert run.created_at.isoformat() == "2024-05-06T07:08:09+00:00"
    assert run.parent_id is None
    assert store.epochs("old-run") == (epoch(0), epoch(1))


def test_run_of_a_migrated_database_can_be_continued(old, store):
    child = store.continue_from("old-run", LONG)
    assert child.parent_id == "old-run"
    assert store.epochs(child.id) == (epoch(0), epoch(1))
