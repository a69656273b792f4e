"""What is read of the runs: records of one, of the newest, of some, and their epochs."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, false, func, or_, select, true
from sqlalchemy.orm import Session

from core.errors import InvalidExperiment, ResultsDamaged, RunNotFound
from core.records import EpochRecord, RunRecord, Status
from core.runs.damage import UNREADABLE, DamagedRows
from core.runs.schema import EpochRow, RunRow

_NOT_ENDED = (Status.QUEUED, Status.RUNNING, Status.PAUSED)
ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


class RunQueries(ABC):
    """The part of the store that reads runs and their epochs."""

    _damaged: DamagedRows
    _damaged_epochs: DamagedRows  # of these, the runs themselves are not left out

    def get(self, run_id: str, viewer: str | None = None) -> RunRecord:
        """The run with this id; for a viewer, one they may see.

        Raises:
            RunNotFound: there is none.
        """
        query = select(RunRow).where(RunRow.id == run_id, _seen_by(viewer))
        with self._session() as session:
            is_id = ID.fullmatch(run_id)  # else it comes from a link, and is not even quoted
            try:
                row = session.scalar(query) if is_id else None
                if row is not None:
                    return row.record()
            except UNREADABLE as error:
                self._damaged.add(run_id, error)
                raise RunNotFound(
                    f"What the database holds of run {run_id!r} is damaged, so that it cannot be "
                    "shown. Press Train to start a new run, or pick another one."
                ) from error
        raise RunNotFound(
            f"There is no run {repr(run_id) if is_id else 'of this id'}. It may belong to another "
            "installation or have been removed. Press Train to start a new run, or pick another "
            "one."
        )

    def recent(self, limit: int = 50, viewer: str | None = None) -> tuple[RunRecord, ...]:
        """The newest runs, newest first, without those whose settings are no longer allowed.

        For a viewer, those they may see, their own first: many others do not crowd them out.
        """
        newest = select(RunRow).limit(limit)
        if viewer is not None:
            newest = newest.order_by(case((RunRow.owner == viewer, 0), else_=1))
        return self._records(newest.where(_seen_by(viewer)))

    @property
    def damaged(self) -> int:
        """How many runs were found so far whose rows cannot be read; lists leave them out."""
        return len(self._damaged)

    def some(self, run_ids: Iterable[str], viewer: str | None = None) -> tuple[RunRecord, ...]:
        """The runs with these ids, in their order, without those there are none of.

        For a viewer, those they may see.
        """
        wanted = [run_id for run_id in run_ids if ID.fullmatch(run_id)]
        found = self._records(select(RunRow).where(RunRow.id.in_(wanted), _seen_by(viewer)))
        by_id = {run.id: run for run in found}
        return tuple(by_id[run_id] for run_id in wanted if run_id in by_id)

    def going(self, owner: str, limit: int) -> tuple[RunRecord, ...]:
        """The newest runs of `owner`, and those of nobody, that have not ended; newest first."""
        not_ended = RunRow.status.in_(_NOT_ENDED)
        return self._records(
            select(RunRow).where(RunRow.owner.in_(("", owner)), not_ended).limit(limit)
        )

    def epochs(self, run_id: str, after: int = -1) -> tuple[EpochRecord, ...]:
        """The committed epochs numbered above `after`, in order; none for an unknown run.

        Raises:
            ResultsDamaged: what the database holds of them cannot be read.
        """
        if not ID.fullmatch(run_id):
            return ()
        query = (
            select(EpochRow)
            .where(EpochRow.run_id == run_id, EpochRow.epoch > after)
            .order_by(EpochRow.epoch)
        )
        with self._session() as session:
            try:
                return tuple(row.record() for row in session.scalars(query))
            except UNREADABLE as error:
                self._damaged_epochs.add(run_id, error)
                raise ResultsDamaged(
                    f"What the database holds of the epochs of run {run_id!r} is damaged, so that "
                    "they cannot be shown. Train the run again, or pick another one."
                ) from error

    def count(self, status: Status) -> int:
        """How many runs have this status."""
        query = select(func.count()).select_from(RunRow).where(RunRow.status == status)
        with self._session() as session:
            return session.scalar(query) or 0

    def _records(self, query: Select[RunRow]) -> tuple[RunRecord, ...]:
        in_order = query.order_by(RunRow.created_at.desc(), RunRow.id)
        with self._session() as session:
            return self._damaged.without(session, in_order, RunRow.id, _readable)

    @abstractmethod
    def _session(self) -> AbstractContextManager[Session]:
        """A session of the database."""


def _seen_by(viewer: str | None) -> ColumnElement[bool]:
    """Private runs are their owner's; no viewer, as in a worker, means all runs."""
    if viewer is None:
        return true()
    return or_(RunRow.private == false(), RunRow.owner.in_(("", viewer)))


def _readable(row: Row[*tuple[Any, ...]]) -> RunRecord | None:
    run: RunRow = row[0]
    try:
        return run.record()
    except InvalidExperiment:
        return None
