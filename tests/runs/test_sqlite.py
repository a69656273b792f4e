"""SQLite alone: its settings, and files that are damaged, full, locked or read-only."""

from __future__ import annotations

import os
import sqlite3

import pytest
import sqlalchemy

from core.errors import StoreUnavailable
from core.experiment import Experiment
from core.records import EpochRecord, Status
from core.runs import Lease, RunStore, database


@pytest.fixture
def path(tmp_path):
    return tmp_path / "deep" / "runs.sqlite3"


@pytest.fixture
def database_url(path):
    return f"sqlite:///{path}"


@pytest.fixture
def engine(store, database_url):
    """A connection of the test's own, past the store."""
    engine = sqlalchemy.create_engine(database_url)
    yield engine
    engine.dispose()


def test_write_ahead_log_is_on(engine):
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_reader_does_not_wait_for_a_writer(store, engine):
    run = store.create(Experiment())
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE runs SET reason = 'half written'")
        assert store.get(run.id).reason == ""


def test_folder_is_made(path, store):
    assert path.exists()


def unavailable(action) -> StoreUnavailable:
    """The error: its text is for visitors, its cause for whoever runs the server."""
    with pytest.raises(StoreUnavailable) as caught:
        action()
    for text in (str(caught.value), caught.value.cause):
        assert "Traceback" not in text
        assert "sqlalche.me" not in text
    assert "/" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("content", [b"this is no database\n" * 100, b"\0" * 5000])
def test_file_that_is_no_database_is_named(tmp_path, content):
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    error = unavailable(lambda: RunStore(f"sqlite:///{path}"))
    assert str(error).startswith("The run database is damaged.")
    assert str(path) in error.cause
    assert "file is not a database" in error.cause
    assert path.read_bytes() == content


def test_database_that_was_damaged_is_told(store, path):
    run = store.create(Experiment())
    store.close()
    content = bytearray(path.read_bytes())
    content[100:] = b"\xff" * (len(content) - 100)
    path.write_bytes(content)
    for left in path.parent.glob("*-wal"):
        left.unlink()
    error = unavailable(lambda: store.get(run.id))
    assert "put back a copy that was made before" in str(error)
    assert "A damaged file can be replaced by a copy" in error.cause


@pytest.mark.parametrize("part", ["", "file/runs.sqlite3"])
def test_place_that_cannot_hold_a_database_is_named(tmp_path, part):
    (tmp_path / "file").write_text("in the way")
    error = unavailable(lambda: RunStore(f"sqlite:///{tmp_path / part}"))
    assert str(tmp_path) in error.cause


@pytest.fixture
def hampered(path, monkeypatch):
    """Opens the store with one more setting of SQLite's."""
    tune = database._tune_sqlite

    def open_with(pragma: str) -> RunStore:
        def tune_and_hamper(connection, record):
            tune(connection, record)
            connection.execute(f"PRAGMA {pragma}")

        monkeypatch.setattr(database, "_tune_sqlite", tune_and_hamper)
        return RunStore(f"sqlite:///{path}")

    return open_with


def held(store: RunStore, run_id: str) -> Lease:
    """A lease on any run."""
    return Lease(store._session, run_id, 1)


WRITES = {
    "create": lambda store, run_id: store.create(Experiment()),
    "claim": lambda store, run_id: store.claim(run_id),
    "add_epoch": lambda store, run_id: held(store, run_id).add_epoch(EpochRecord(0, {}, 1.0, 0.1)),
    "pause": lambda store, run_id: store.pause(run_id),
    "resume": lambda store, run_id: store.resume(run_id),
    "restart": lambda store, run_id: store.restart(run_id, most=3),
    "fail": lambda store, run_id: store.fail(run_id, "A reason."),
    "settle": lambda store, run_id: store.settle(run_id, Status.FAILED),
    "cancel": lambda store, run_id: store.cancel(run_id),
    "request_stop": lambda store, run_id: store.request_stop(run_id),
    "beat": lambda store, run_id: store.beat([run_id]),
}


@pytest.mark.parametrize("write", WRITES)
def test_every_write_to_a_read_only_database_is_told(store, hampered, write):
    run = store.create(Experiment())
    read_only = hampered("query_only=ON")  # SQLite's own words for a file one may only read
    error = unavailable(lambda: WRITES[write](read_only, run.id))
    assert "may not be read or written by this server" in str(error)
    assert "attempt to write a readonly database" in error.cause
    assert read_only.get(run.id) == run
    read_only.close()


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to root")
def test_read_only_file_is_told(store, path):
    store.create(Experiment())
    store.close()
    path.chmod(0o444)
    path.parent.chmod(0o555)
    try:
        error = unavailable(lambda: RunStore(f"sqlite:///{path}").create(Experiment()))
    finally:
        path.parent.chmod(0o755)
    assert "may not be read or written by this server" in str(error)


def test_full_disk_is_told(store, hampered):
    full = hampered("max_page_count=1")  # no page more than there are
    error = unavailable(lambda: [full.create(Experiment()) for _ in range(1000)])
    assert str(error).startswith("The run database has no room left.")
    assert "has free space" in error.cause
    full.close()


def test_locked_database_is_told(store, hampered, path):
    impatient = hampered("busy_timeout=20")
    blocker = sqlite3.connect(path)
    blocker.execute("BEGIN IMMEDIATE")
    error = unavailable(lambda: impatient.create(Experiment()))
    assert str(error).startswith("The run database is busy.")
    assert "database is locked" in error.cause
    blocker.rollback()
    blocker.close()
    assert impatient.create(Experiment()).status is Status.QUEUED
    impatient.close()
