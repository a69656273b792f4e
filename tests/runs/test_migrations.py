"""Databases of earlier versions: brought up when they are opened, with all that is in them."""

from __future__ import annotations

import json

import pytest
import sqlalchemy
from alembic import command
from alembic.config import Config

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


@pytest.fixture(params=["0001", "0002"])
def old(request, database_url, tmp_path) -> str:
    """The URL of a database of an earlier schema, with two runs of two epochs."""
    (tmp_path / "home").mkdir()
    engine = sqlalchemy.create_engine(database.located(database_url))
    config = Config()
    config.set_main_option("script_location", str(database.MIGRATIONS))
    experiment = SHORT.model_dump(mode="json")
    if request.param == "0001":
        del experiment["callbacks"]  # there were none
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, request.param)
        for run in (ENDED, STOPPING):
            row = {"experiment": json.dumps(experiment), **run}
            connection.execute(sqlalchemy.text(RUN), row)
            for number in range(2):
                metrics = json.dumps(epoch(number).metrics)
                row = {"id": run["id"], "epoch": number, "metrics": metrics}
                connection.execute(sqlalchemy.text(EPOCH), row)
    engine.dispose()
    return database_url


def test_migrated_database_keeps_its_runs(old, store):
    run = store.get("ended")
    assert (run.experiment, run.status) == (SHORT, Status.FINISHED)
    assert (run.reason, run.evaluation, run.epochs_done) == ("a reason", {"loss": 0.25}, 2)
    assert run.created_at.isoformat() == "2024-05-06T07:08:09+00:00"


def test_migrated_database_keeps_its_epochs(old, store):
    assert store.epochs("ended") == (epoch(0), epoch(1))


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
        with pytest.raises(Exception, match=r"The power failed\."):
            RunStore(old)
    opened = RunStore(old)
    assert len(opened.recent()) == 2
    opened.close()
