"""The schema and what is kept in it, on every database."""

from __future__ import annotations

import json
import math

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from core.errors import StoreUnavailable
from core.experiment import Experiment
from core.records import EpochRecord, Status
from core.runs import RunStore, database
from core.runs.schema import Base
from tests.runs.making import running


@pytest.fixture
def engine(database_url):
    """A connection of the test's own, past the store."""
    engine = sqlalchemy.create_engine(database.located(database_url))
    yield engine
    engine.dispose()


@pytest.fixture
def before_the_first_migration(database_url, engine, tmp_path):
    """A database that Alembic knows, and has yet to do everything for."""
    (tmp_path / "home").mkdir()
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)"
        )


def same_default(_context, _inspected, _column, in_database, _of_model, in_model):
    """Whether defaults differ that Alembic cannot compare: JSON, and SQLite's empty text."""
    if in_database in ("('')", "'{}'", "'{}'::json"):
        return str(in_model).strip("'") != in_database.split("::")[0].strip("(')")
    return None


def differences(engine):
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": same_default}
        context = MigrationContext.configure(connection, opts=options)
        return compare_metadata(context, Base.metadata)


def test_new_schema_is_that_of_the_models(store, engine):
    assert differences(engine) == []


def test_migrated_schema_is_that_of_the_models(before_the_first_migration, store, engine):
    assert differences(engine) == []


def test_migrated_database_is_at_the_newest_revision(before_the_first_migration, store, engine):
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").all()
    assert found == [(database.HEAD,)]


def test_comparison_of_schemas_would_see_a_difference(store, engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE runs ADD COLUMN mood TEXT")
        context = MigrationContext.configure(connection)
        assert len(compare_metadata(context, Base.metadata)) == 1


def test_database_is_at_the_newest_revision(store, engine):
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").all()
    assert found == [(database.HEAD,)]


def test_head_is_alembics_head():
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(database.MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [database.HEAD]


def not_json(literal: str):
    raise AssertionError(f"{literal} is no JSON")


def test_what_is_not_finite_is_stored_as_json_that_every_database_takes(store, engine):
    lease, values = running(store), {"loss": math.nan, "mae": math.inf}
    lease.add_epoch(EpochRecord(0, values, 1.0, 0.1))
    lease.settle(Status.FAILED, evaluation=values)
    with engine.connect() as connection:
        for column, table in (("metrics", "epochs"), ("evaluation", "runs")):
            query = f"SELECT CAST({column} AS TEXT) FROM {table}"
            text = connection.exec_driver_sql(query).scalar()
            assert json.loads(text, parse_constant=not_json) == {"loss": "nan", "mae": "inf"}


def test_opening_again_keeps_what_is_there(store, database_url):
    run = store.create(Experiment())
    again = RunStore(database_url)
    assert again.recent() == (run,)
    again.close()


def test_database_of_a_newer_program_is_left_alone(store, database_url, engine):
    store.create(Experiment())
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreUnavailable, match="belongs to a newer Epochscope") as caught:
        RunStore(database_url)
    assert database.shown(engine.url) in caught.value.cause
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM runs").scalar() == 1
