"""Opens the run database: engine, each database's settings, and migration to the newest schema."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path, PurePath
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError

from core.errors import StoreUnavailable
from core.runs.schema import Base

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "0006"
BUSY_S = 10
_RETRY_S = 0.01
_DRIVERS = {
    "sqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
# One transaction at a time may make or change the tables; the number is arbitrary, but fixed.
_TABLES_LOCK = 7_264_519_003
# What libpq is told, in its own units: to give up on a server that does not answer.
_PATIENCE = {"connect_timeout": BUSY_S, "tcp_user_timeout": 1000 * BUSY_S}


def located(url: str) -> URL:
    """Where `url` points, with the driver that is used for it.

    Raises:
        StoreUnavailable: it is not the URL of a database that can hold runs.
    """
    scheme = url.partition(":")[0]
    try:
        location = make_url(url)
    except (ArgumentError, ValueError):
        raise _refused(f"{scheme}:…, which is not a complete URL") from None  # it may hold secrets
    if location.drivername not in _DRIVERS:
        raise _refused(f"a URL of {scheme!r}")
    if location.drivername == "sqlite" and location.database in (None, "", ":memory:"):
        raise _refused("SQLite without a file, which other processes cannot see")
    if location.drivername != "sqlite" and "@" in f"{location.host}{location.database}":
        # What follows a password's first @ would be taken for the host, and be told to everybody.
        raise _refused(f"{scheme}:…, with more than one @; one in a password is written %40")
    return location.set(drivername=_DRIVERS[location.drivername])


def shown(location: URL) -> str:
    """The URL as people may see it: no password, no parameters."""
    plain = location.set(drivername=location.get_backend_name(), query={})
    return plain.render_as_string(hide_password=True)


def database_name(url: str) -> str:
    """The name of the database at `url`, or of its file: no folder, host or user.

    Raises:
        StoreUnavailable: it is not the URL of a database that can hold runs.
    """
    return PurePath(located(url).database or "").name


def connect(location: URL) -> Engine:
    """An engine for `location` whose tables are those of the newest schema."""
    if location.get_backend_name() == "sqlite":
        Path(str(location.database)).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(location)  # a file is never restarted: no ping before each use
        event.listen(engine, "connect", _tune_sqlite)
    else:
        patience = {name: most for name, most in _PATIENCE.items() if name not in location.query}
        engine = create_engine(location, pool_pre_ping=True, connect_args=patience)
        event.listen(engine, "connect", _tune_postgresql)
    with engine.begin() as connection:
        if _revision(connection) != HEAD:
            _bring_up(connection)
    return engine


def _refused(given: str) -> StoreUnavailable:
    return StoreUnavailable(
        f"EPOCHSCOPE_DATABASE_URL is {given}. Allowed are sqlite:///folder/runs.sqlite3 and "
        "postgresql://user:password@host:5432/database. Correct it, or remove it to keep runs in "
        "EPOCHSCOPE_HOME; then start again."
    )


def _tune_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    """Write-ahead log: readers never wait for the writer. Writers wait for each other."""
    connection.execute(f"PRAGMA busy_timeout={1000 * BUSY_S}")
    _log_ahead(connection)
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=ON")


def _tune_postgresql(connection: Any, _record: Any) -> None:
    """Wait for another's lock as long as SQLite does, and not for one whose computer is gone."""
    connection.execute(f"SET lock_timeout = '{BUSY_S}s'")
    connection.execute(f"SET idle_in_transaction_session_timeout = '{6 * BUSY_S}s'")
    connection.commit()


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
    # Take a lock now: of two processes that start together, one does the work.
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _TABLES_LOCK})
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
        newer = "belongs to a newer Epochscope. Install that one, or use another "
        remedy = "folder as EPOCHSCOPE_HOME, or another database as EPOCHSCOPE_DATABASE_URL."
        cause = f"The run database {shown(connection.engine.url)} {newer}{remedy}"
        raise StoreUnavailable(f"The run database {newer}{remedy}", cause) from error
