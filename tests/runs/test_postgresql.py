"""PostgreSQL alone: its URL, its locks, and a server that goes away and comes back."""

from __future__ import annotations

import psycopg
import pytest
import sqlalchemy

from core.errors import StoreUnavailable
from core.experiment import Experiment
from core.records import Status
from core.runs import Lease, RunStore, database
from tests.postgresql import PASSWORD
from tests.runs.making import epoch, own_facts, running


@pytest.fixture
def database_url(postgresql):
    with postgresql.database() as url:
        yield url


def message(action) -> str:
    with pytest.raises(StoreUnavailable) as caught:
        action()
    assert "127.0.0.1" not in str(caught.value)
    return caught.value.cause


METHODS = {
    "create": lambda store, lease: store.create(Experiment()),
    "continue_from": lambda store, lease: store.continue_from(lease.run_id, Experiment()),
    "get": lambda store, lease: store.get(lease.run_id),
    "recent": lambda store, lease: store.recent(),
    "going": lambda store, lease: store.going("somebody", 10),
    "epochs": lambda store, lease: store.epochs(lease.run_id),
    "claim": lambda store, lease: store.claim(lease.run_id),
    "settle": lambda store, lease: store.settle(lease.run_id, Status.FAILED),
    "pause": lambda store, lease: store.pause(lease.run_id),
    "resume": lambda store, lease: store.resume(lease.run_id),
    "cancel": lambda store, lease: store.cancel(lease.run_id),
    "request_stop": lambda store, lease: store.request_stop(lease.run_id),
    "restart": lambda store, lease: store.restart(lease.run_id, most=3),
    "fail": lambda store, lease: store.fail(lease.run_id, "A reason."),
    "beat": lambda store, lease: store.beat([lease.run_id]),
    "adopt": lambda store, lease: store.adopt(30),
    "count": lambda store, lease: store.count(Status.RUNNING),
    "label": lambda store, lease: store.label(lease.run_id, "A name", private=True),
    "add_evaluation": lambda store, lease: store.add_evaluation(lease.run_id, {}),
    "line": lambda store, lease: store.line(),
    "active": lambda store, lease: store.active("somebody"),
    "some": lambda store, lease: store.some((lease.run_id,)),
    "measured": lambda store, lease: store.measured(()),
    "own_sets": lambda store, lease: store.own_sets("somebody"),
    "add_own": lambda store, lease: store.add_own("somebody", own_facts(), 1),
    "use_own": lambda store, lease: store.use_own("somebody", "0" * 64),
    "forget_own": lambda store, lease: store.forget_own("somebody", "0" * 64),
    "unused_own": lambda store, lease: store.unused_own(30),
    "own_bytes": lambda store, lease: store.own_bytes(),
    "own_keys": lambda store, lease: store.own_keys(),
    "lease.add_epoch": lambda store, lease: lease.add_epoch(epoch(1)),
    "lease.settle": lambda store, lease: lease.settle(Status.FINISHED),
    "lease.pause": lambda store, lease: lease.pause(),
    "lease.put_back": lambda store, lease: lease.put_back(),
    "lease.control": lambda store, lease: lease.control(),
}


def test_every_method_is_asked_of_a_server_that_is_gone():
    own = {name for name in dir(RunStore) if not name.startswith("_")} - {"close", "damaged"}
    held = {f"lease.{name}" for name in vars(Lease) if not name.startswith("_")}
    assert own | held == set(METHODS)


@pytest.fixture
def gone(postgresql, store):
    """A lease with an epoch, on a server that was stopped; and how to start it again."""
    lease = running(store)
    lease.add_epoch(epoch(0))
    postgresql.stop()
    started = []

    def start() -> None:
        postgresql.start()
        started.append(True)

    yield lease, start
    if not started:
        postgresql.start()


def test_every_method_tells_that_the_server_is_gone(store, gone):
    lease, _ = gone
    told = {name: message(lambda ask=ask: ask(store, lease)) for name, ask in METHODS.items()}
    for text in told.values():
        assert "cannot be used" in text
        assert "Check that the database server runs" in text


def test_password_is_not_told(store, gone, database_url):
    lease, _ = gone
    text = message(lambda: store.get(lease.run_id)) + message(lambda: RunStore(database_url))
    assert PASSWORD not in text
    assert "***" in text


def test_password_among_the_parameters_is_not_told(gone, database_url):
    url = database_url.replace(f":{PASSWORD}@", "@") + f"&password={PASSWORD}"
    assert PASSWORD not in message(lambda: RunStore(url))


def test_store_works_again_when_the_server_is_back(store, gone):
    lease, start = gone
    with pytest.raises(StoreUnavailable):
        lease.add_epoch(epoch(1))
    start()
    lease.add_epoch(epoch(1))
    assert store.epochs(lease.run_id) == (epoch(0), epoch(1))
    assert lease.settle(Status.FINISHED)


def test_store_does_not_notice_a_server_that_was_only_restarted(store, gone):
    lease, start = gone
    start()
    assert store.get(lease.run_id).epochs_done == 1


def test_message_is_one_line(store, gone):
    assert "\n" not in message(store.recent)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_every_name_of_postgresql_leads_to_the_same_driver(database_url, scheme):
    opened = RunStore(database_url.replace("postgresql", scheme, 1))
    assert opened.recent() == ()
    assert opened._engine.driver == "psycopg"
    opened.close()


def impatient(connection, _record) -> None:
    connection.execute("SET lock_timeout = '50ms'")
    connection.commit()


def test_lock_that_is_never_let_go_is_told(store, database_url, monkeypatch):
    run_id = running(store).run_id
    monkeypatch.setattr(database, "_tune_postgresql", impatient)
    hurried = RunStore(database_url)
    with psycopg.connect(database_url) as blocker:
        blocker.execute("UPDATE runs SET reason = 'half written'")
        text = message(lambda: hurried.pause(run_id))
        blocker.rollback()
    assert "lock timeout" in text
    assert hurried.pause(run_id)
    hurried.close()


def test_connection_waits_for_locks_as_long_as_with_sqlite(store):
    with store._engine.connect() as connection:
        found = connection.exec_driver_sql("SHOW lock_timeout").scalar()
    assert found == f"{database.BUSY_S}s"


def test_tables_of_others_in_the_database_are_left_alone(database_url):
    engine = sqlalchemy.create_engine(database.located(database_url))
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE guests (name TEXT)")
        connection.exec_driver_sql("INSERT INTO guests VALUES ('Ada')")
    opened = RunStore(database_url)
    assert opened.create(Experiment()).status is Status.QUEUED
    opened.close()
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT name FROM guests").all() == [("Ada",)]
    engine.dispose()


@pytest.mark.parametrize(
    ("url", "given"),
    [
        ("nonsense", "which is not a complete URL"),
        ("mysql://user:secret@host/db", "a URL of 'mysql'"),
        ("postgresql+asyncpg://user:secret@host/db", "a URL of 'postgresql+asyncpg'"),
        ("postgresql://user:secret@host:port/db", "postgresql:…, which is not a complete URL"),
        ("postgresql://user:12@secret@host/db", "postgresql:…, with more than one @"),
        ("postgresql://user:12@secret/34@host/db", "postgresql:…, with more than one @"),
        ("sqlite://", "SQLite without a file"),
        ("sqlite:///:memory:", "SQLite without a file"),
    ],
)
def test_url_that_is_no_place_for_runs_is_refused_with_what_is_allowed(url, given):
    text = message(lambda: RunStore(url))
    assert text.startswith("EPOCHSCOPE_DATABASE_URL is ")
    assert given in text
    assert "Allowed are sqlite:///folder/runs.sqlite3 and postgresql://user:password@host" in text
    assert "secret" not in text
