"""Databases of earlier versions: brought up when they are opened, with all that is in them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from core.errors import StoreUnavailable
from core.experiment import Experiment
from core.records import Control, Status
from core.runs import RunStore, database
from tests.runs.making import claimed, epoch
from tests.runs.racing import PROCESSES, in_processes

SHORT = Experiment.model_validate({"training": {"epochs": 2}})
LONG = Experiment.model_validate({"training": {"epochs": 5}})
RUN = (
    "INSERT INTO runs (id, experiment, status, control, reason, evaluation, epochs_done, "
    "created_at, heartbeat_at) VALUES (:id, :experiment, :status, :control, 'a reason', "
    "'{\"loss\": 0.25}', 2, '2024-05-06 07:08:09.000000', '2024-05-06 07:08:09.000000')"
)
EPOCH = "INSERT INTO epochs VALUES (:id, :epoch, :metrics, 0.5, 0.001)"
ENDED = {"id": "ended", "status": "finished", "control": ""}
STOPPING = {"id": "stopping", "status": "running", "control": "stop"}


SCRIPTS = ScriptDirectory(database.MIGRATIONS)
EARLIER = sorted(script.revision for script in SCRIPTS.walk_revisions())[:-1]


@pytest.fixture(params=EARLIER)
def old(request, database_url, tmp_path) -> str:
    """The URL of a database of an earlier schema, with two runs of two epochs."""
    (tmp_path / "home").mkdir()
    experiment = SHORT.model_dump(mode="json")
    if request.param == "0001":
        del experiment["callbacks"]  # there were none
    with _upgraded(database_url, request.param) as connection:
        for run in (ENDED, STOPPING):
            row = {"experiment": json.dumps(experiment), **run}
            connection.execute(sqlalchemy.text(RUN), row)
            for number in range(2):
                metrics = json.dumps(epoch(number).metrics)
                row = {"id": run["id"], "epoch": number, "metrics": metrics}
                connection.execute(sqlalchemy.text(EPOCH), row)
    return database_url


def test_migrated_database_keeps_its_runs(old, store):
    run = store.get("ended")
    assert (run.experiment, run.status) == (SHORT, Status.FINISHED)
    assert (run.reason, run.evaluation, run.epochs_done) == ("a reason", {"loss": 0.25}, 2)
    assert run.created_at.isoformat() == "2024-05-06T07:08:09+00:00"


def test_migrated_database_keeps_its_epochs(old, store):
    assert store.epochs("ended") == (epoch(0), epoch(1))


def test_every_earlier_schema_is_tested():
    assert EARLIER == ["0001", "0002", "0003", "0004", "0005"]


def test_what_runs_had_since_leases_is_kept(database_url, since_leases, store):
    run = store.get("ended")
    assert (run.owner, run.name, run.private, run.checkpoint) == ("ann", "Mine", True, "epoch-1")
    assert (run.expected, run.measured) == ({"seconds": 2.0}, {"seconds": 3.0})
    assert claimed(store, "waits").fence == 8


@pytest.fixture(params=["0003", "0004", "0005"])
def since_leases(request, database_url, tmp_path) -> None:
    """A database that knows owners, leases, checkpoints and estimates, with two runs."""
    (tmp_path / "home").mkdir()
    more = {
        "owner": "ann",
        "name": "Mine",
        "private": True,
        "fence": 7,
        "checkpoint": "epoch-1",
        "expected": '{"seconds": 2.0}',
        "measured": '{"seconds": 3.0}',
    }
    waits = {"id": "waits", "status": "queued", "control": ""}
    with _upgraded(database_url, request.param) as connection:
        for run in (ENDED, waits):
            row = {"experiment": json.dumps(SHORT.model_dump(mode="json")), **run}
            connection.execute(sqlalchemy.text(RUN), row)
            new = ", ".join(f"{name} = :{name}" for name in more)
            change = sqlalchemy.text(f"UPDATE runs SET {new} WHERE id = :id")
            connection.execute(change, {"id": run["id"], **more})


@contextmanager
def _upgraded(url: str, revision: str) -> Iterator[sqlalchemy.Connection]:
    """A new database of an earlier schema."""
    engine = sqlalchemy.create_engine(database.located(url))
    config = Config()
    config.set_main_option("script_location", str(database.MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        yield connection
    engine.dispose()


def test_old_run_belongs_to_nobody_and_can_be_seen_by_all(old, store):
    run = store.get("ended")
    assert (run.owner, run.name, run.private, run.parent_id) == ("", "", False, None)
    assert (run.checkpoint, run.expected, run.measured) == (None, {}, {})


def test_old_run_can_be_continued(old, store):
    child = store.continue_from("ended", LONG)
    assert child.parent_id == "ended"
    assert store.epochs(child.id) == (epoch(0), epoch(1))


def test_old_run_that_was_not_over_is_adopted_and_goes_on(old, store):
    assert store.get("stopping").control is Control.STOP
    assert store.adopt(30) == ("stopping",)
    lease = claimed(store, "stopping")
    assert (lease.fence, lease.control()) == (1, Control.STOP)
    assert lease.settle(Status.STOPPED)


def test_migrating_again_does_nothing(old, store):
    runs = store.recent()
    again = RunStore(old)
    assert again.recent() == runs
    again.close()


def test_two_processes_that_open_an_old_database_migrate_it_once(old):
    opened = "[RunStore(url).count(Status.FINISHED) for url in urls]"
    assert in_processes(opened, [old], []) == [[1]] * PROCESSES


def test_migration_comes_whole_or_not_at_all(old, monkeypatch):
    def break_off(*_):
        raise OSError("The power failed.")

    with monkeypatch.context() as patch:
        patch.setattr("alembic.runtime.migration.HeadMaintainer.update_to_step", break_off)
        with pytest.raises(StoreUnavailable) as caught:
            RunStore(old)
    assert "The power failed." in caught.value.cause
    opened = RunStore(old)
    assert len(opened.recent()) == 2
    opened.close()


def test_layers_made_by_hand_keep_the_output_layer_that_was_added(database_url, tmp_path):
    layers = [{"kind": "Dense", "units": 3, "activation": "softmax"}]
    model = {"kind": "custom", "layers": layers, "preset": None}
    settings = {"data": {"dataset": "iris"}, "model": model}
    (tmp_path / "home").mkdir()
    with _upgraded(database_url, "0005") as connection:
        row = {"experiment": json.dumps(settings), **ENDED}
        connection.execute(sqlalchemy.text(RUN), row)
    opened = RunStore(database_url)
    found = opened.get("ended").experiment
    opened.close()
    assert [row.kind for row in found.summary] == ["Dense", "Dense"]
