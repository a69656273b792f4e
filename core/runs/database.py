"""Opens the run database: engine, SQLite's settings, and migration to the newest schema."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text

from core.errors import StoreUnavailable
from core.runs.schema import Base

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "0003"
BUSY_S = 10
_RETRY_S = 0.01


def connect(url: str) -> Engine:
    """An engine for `url` whose tables are those of the newest schema."""
    location = make_url(url)
    if location.get_backend_name() == "sqlite" and location.database:
        Path(location.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(location, pool_pre_ping=True)
    if location.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _tune_sqlite)
    with engine.begin() as connection:
        if _revision(connection) != HEAD:
            _bring_up(connection)
    return engine


def _tune_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    """Write-ahead log: readers never wait for the writer. Writers wait for each other."""
    connection.execute(f"PRAGMA busy_timeout={1000 * BUSY_S}")
    _log_ahead(connection)
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=ON")


def _log_ahead(connection: sqlite3.Connection) -> None:
    """Set WAL mode. SQLite does not wait for a process that does the same; so this does."""
    deadline = time.monotonic() + BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(_RETRY_S)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _bring_up(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        # Take the write lock now: of two processes that start together, one does the work.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    if inspect(connection).get_table_names():
        if _revision(connection) != HEAD:
            _migrate(connection)
    else:
        _create(connection)


def _create(connection: Connection) -> None:
    """Make the tables as they are today, without Alembic and the 11 MB it takes."""
    Base.metadata.create_all(connection)
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)"))
    connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})


def _migrate(connection: Connection) -> None:
    """Run Alembic, imported only where there is a schema to change."""
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreUnavailable(
            f"The run database {connection.engine.url.render_as_string()} belongs to a newer "
            "Epochscope. Install that one, or use another folder as EPOCHSCOPE_HOME."
        ) from error
