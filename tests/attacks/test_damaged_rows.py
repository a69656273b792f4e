"""A damaged row of the run database: it is left out and told; everybody else's runs are there."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Callable

import pytest

from core.errors import ResultsDamaged, RunNotFound, StoreUnavailable
from core.experiment import Experiment
from core.records import EpochRecord, Status
from core.runs import RunStore
from tests.runs.making import own_facts

# A column, and what an accident may have left in it.
DAMAGE = {
    "status nobody knows": ("status", "trainng"),
    "control nobody knows": ("control", "\x00\x7f"),
    "JSON cut short": ("experiment", '{"data": {"data'),
    "JSON of another kind": ("experiment", "[1, 2]"),
    "JSON that is no experiment": ("experiment", '{"data": 5, "training": 7}'),
    "evaluation that is no mapping": ("evaluation", '"good"'),
    "evaluation of words": ("evaluation", '{"loss": "low"}'),
    "expectation cut short": ("expected", '{"seco'),
    "date that is none": ("created_at", "yesterday"),
    "date cut short": ("started_at", "2026-1"),
    "date of numbers": ("finished_at", 12345),
}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "runs.sqlite3"


@pytest.fixture
def store(path):
    store = RunStore(f"sqlite:///{path}")
    yield store
    store.close()


@pytest.fixture
def damage(store, path) -> Callable[[str, str, object], None]:
    def change(run_id: str, column: str, value: object) -> None:
        with sqlite3.connect(path) as connection:
            connection.execute(f"UPDATE runs SET {column} = ? WHERE id = ?", (value, run_id))
        connection.close()

    return change


def ended(store: RunStore) -> str:
    run = store.create(Experiment(), owner="anna")
    lease = store.claim(run.id)
    lease.add_epoch(EpochRecord(0, {"loss": 1.0}, 0.1, 0.001))
    lease.settle(Status.FINISHED, evaluation={"loss": 0.5})
    return run.id


@pytest.mark.parametrize("kind", DAMAGE)
def test_list_of_runs_leaves_a_damaged_one_out(store, damage, kind):
    sound, broken = ended(store), ended(store)
    damage(broken, *DAMAGE[kind])
    assert [run.id for run in store.recent(viewer="ben")] == [sound]
    assert [run.id for run in store.some([broken, sound])] == [sound]


@pytest.mark.parametrize("kind", DAMAGE)
def test_queue_goes_on_beside_a_damaged_run(store, damage, kind):
    sound, broken = (store.create(Experiment(), owner="anna").id for _ in range(2))
    damage(broken, *DAMAGE[kind])
    assert sound in [run.id for run in store.line().waiting]
    assert sound in [run.id for run in store.going("anna", 10)]
    assert store.claim(sound) is not None


@pytest.mark.parametrize("kind", DAMAGE)
def test_what_runs_took_is_read_beside_a_damaged_one(store, damage, kind):
    sound, broken = ended(store), ended(store)
    damage(broken, *DAMAGE[kind])
    assert sound in [row.id for row in store.measured(())]


def test_damaged_run_says_so(store, damage):
    broken = ended(store)
    damage(broken, "experiment", '{"data"')
    with pytest.raises(RunNotFound, match=f"run '{broken}' is damaged"):
        store.get(broken)


def test_damaged_run_is_counted_and_logged_once(store, damage, caplog):
    ended(store)
    broken = ended(store)
    damage(broken, "status", "trainng")
    with caplog.at_level(logging.ERROR, "core.runs"):
        for _ in range(3):
            store.recent()
    assert store.damaged == 1
    assert [record.run for record in caplog.records] == [broken]


def test_damaged_epoch_says_so(store, path):
    run_id = ended(store)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE epochs SET metrics = '{\"los'")
    connection.close()
    with pytest.raises(ResultsDamaged, match="epochs of run"):
        store.epochs(run_id)
    assert [run.id for run in store.recent()] == [run_id]
    assert store.damaged == 0


def test_own_set_that_is_damaged_is_left_out(store, path):
    store.add_own("anna", own_facts(), 1)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE own_data SET facts = ?", (json.dumps({"key": 1})[:5],))
    connection.close()
    assert store.own_sets("anna") == ()


def test_corrupt_database_says_so_and_names_no_place(store, path):
    ended(store)
    store.close()
    content = bytearray(path.read_bytes())
    content[100:] = b"\xff" * (len(content) - 100)
    path.write_bytes(content)
    for left in path.parent.glob("*-wal"):
        left.unlink()
    with pytest.raises(StoreUnavailable) as caught:
        store.recent()
    assert str(caught.value).startswith("The run database is damaged.")
    assert "free" not in str(caught.value)
    assert "not lost" not in str(caught.value)
    assert str(path.parent) not in str(caught.value)
    assert str(path) in caught.value.cause
