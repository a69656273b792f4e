"""One visitor's share of the queue: counted and taken in one transaction."""

from __future__ import annotations

from hashlib import blake2b

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import LimitExceeded
from core.limits import queue_problem
from core.records import Status
from core.runs.schema import RunRow


def active_runs(session: Session, owner: str) -> int:
    """How many runs of `owner` wait or train."""
    query = (
        select(func.count())
        .select_from(RunRow)
        .where(RunRow.owner == owner, RunRow.status.in_((Status.QUEUED, Status.RUNNING)))
    )
    return session.scalar(query) or 0


def take(session: Session, owner: str, most: int | None) -> None:
    """Have room for one more run of `owner` until this transaction ends; it must begin with this.

    Whoever wants the same for this owner meanwhile waits, and then counts what was made here.

    Raises:
        LimitExceeded: there are `most` already.
    """
    if most is None:
        return
    _wait_for_turn(session, owner)
    full = queue_problem(most, active_runs(session, owner))
    if full:
        raise LimitExceeded((full,))


def take_to_resume(session: Session, run_id: str, most: int | None) -> None:
    """Have room for a run to go on, as `take` does; only one that is paused needs it.

    Raises:
        LimitExceeded: its owner has `most` others already.
    """
    if most is None:
        return
    owner = session.scalar(select(RunRow.owner).where(RunRow.id == run_id))
    if owner is None:
        return
    _wait_for_turn(session, owner)
    status = session.scalar(select(RunRow.status).where(RunRow.id == run_id))
    full = queue_problem(most, active_runs(session, owner))
    if full and status == Status.PAUSED:
        raise LimitExceeded((full,))


def _wait_for_turn(session: Session, owner: str) -> None:
    """One transaction at a time for each owner; in SQLite, where writers wait anyway, for all."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        session.execute(select(func.pg_advisory_xact_lock(_number(owner))))


def _number(owner: str) -> int:
    """What PostgreSQL is to lock for an owner: 64 bits, with a sign."""
    return int.from_bytes(blake2b(owner.encode(), digest_size=8).digest(), signed=True)
