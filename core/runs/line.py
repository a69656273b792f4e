"""What the queue needs to know of the runs, read without reading their experiments."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from core.records import Control, Status
from core.runs.damage import DamagedRows
from core.runs.schema import RunRow
from core.runs.share import active_runs

UNKNOWN_S = 30.0  # a run nobody has estimated


@dataclass(frozen=True)
class LineRun:
    """A run that waits or trains: whose it is, since when, and the seconds it still needs."""

    id: str
    owner: str
    created_at: datetime
    seconds: float


@dataclass(frozen=True)
class Line:
    """Who waits, who trains, and when each owner of a waiting run was last served."""

    waiting: tuple[LineRun, ...] = ()
    training: tuple[LineRun, ...] = ()
    served: Mapping[str, datetime] | None = None


class MeasuredRow(NamedTuple):
    """A run that has ended: whether by itself, its experiment as stored, what was measured."""

    id: str
    finished: bool
    experiment: Mapping[str, Any]
    measured: Mapping[str, float]


class LineQueries(ABC):
    """The part of the store that reads no experiments: cheap with hundreds of runs."""

    _damaged: DamagedRows

    def line(self) -> Line:
        """Who waits and who trains."""
        with self._session() as session:
            return _line(session, self._damaged)

    def active(self, owner: str) -> int:
        """How many runs of `owner` wait or train."""
        with self._session() as session:
            return active_runs(session, owner)

    def measured(self, known: Collection[str], limit: int = 100) -> tuple[MeasuredRow, ...]:
        """Of the `limit` newest ended runs those not `known`, oldest first, and what they took."""
        with self._session() as session:
            return _measured(session, known, limit, self._damaged)

    @abstractmethod
    def _session(self) -> AbstractContextManager[Session]:
        """A session of the database."""


def _line(session: Session, damaged: DamagedRows) -> Line:
    query = (
        select(
            RunRow.id,
            RunRow.owner,
            RunRow.created_at,
            RunRow.status,
            RunRow.control,
            RunRow.expected,
            RunRow.epochs_done,
            RunRow.experiment["training"]["epochs"].as_integer(),
        )
        .where(RunRow.status.in_((Status.QUEUED, Status.RUNNING)))
        .order_by(RunRow.created_at, RunRow.id)
    )
    found = damaged.without(session, query, RunRow.id, _line_run)
    waiting = tuple(run for run, waits in found if waits)
    training = tuple(run for run, waits in found if not waits)
    return Line(waiting, training, _served(session, {run.owner for run in waiting}))


def _line_run(row: Row[*tuple[Any, ...]]) -> tuple[LineRun, bool]:
    """A run, and whether it waits."""
    run_id, owner, created_at, status, control, expected, done, epochs = tuple(row)
    left = 1 if control == Control.STEP else max(0, epochs - done)
    seconds = _seconds(expected, left, done)
    run = LineRun(run_id, owner, created_at.replace(tzinfo=UTC), seconds)
    return run, status == Status.QUEUED


def _measured(
    session: Session, known: Collection[str], limit: int, damaged: DamagedRows
) -> tuple[MeasuredRow, ...]:
    over = (Status.FINISHED, Status.STOPPED, Status.FAILED)
    newest = session.scalars(
        select(RunRow.id)
        .where(RunRow.status.in_(over))
        .order_by(RunRow.created_at.desc())
        .limit(limit)
    )
    new = [run_id for run_id in newest if run_id not in known]
    if not new:
        return ()
    query = (
        select(RunRow.id, RunRow.status, RunRow.experiment, RunRow.measured)
        .where(RunRow.id.in_(new))
        .order_by(RunRow.finished_at)
    )
    return damaged.without(session, query, RunRow.id, _measured_row)


def _measured_row(row: Row[*tuple[Any, ...]]) -> MeasuredRow:
    run_id, status, experiment, measured = tuple(row)
    return MeasuredRow(run_id, status == Status.FINISHED, experiment, measured)


def _served(session: Session, owners: set[str]) -> dict[str, datetime]:
    """When a run of each of the owners last ended, or began if none has."""
    last = func.max(func.coalesce(RunRow.finished_at, RunRow.started_at))
    query = (
        select(RunRow.owner, last)
        .where(RunRow.owner.in_(owners), RunRow.started_at.is_not(None))
        .group_by(RunRow.owner)
    )
    rows = DamagedRows(tell=False).without(session, query, RunRow.owner, tuple)
    return {owner: moment.replace(tzinfo=UTC) for owner, moment in rows if moment}


def _seconds(expected: Mapping[str, float], epochs: int, done: int) -> float:
    """Seconds for `epochs` more epochs, from what was expected of the whole run."""
    if "epoch_seconds" not in expected:
        return float(expected.get("seconds", UNKNOWN_S))
    around = float(expected.get("around_seconds", 0.0))
    return around + epochs * float(expected["epoch_seconds"])
