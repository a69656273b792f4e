"""`RunStore`: the one place that says what runs there are and what became of them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, true, update
from sqlalchemy.orm import Session

from core.errors import InvalidExperiment, RunNotFound
from core.experiment import Experiment
from core.records import Control, EpochRecord, RunRecord, Status
from core.runs import share
from core.runs.controls import ControlChanges
from core.runs.database import connect, located
from core.runs.failures import readable_errors
from core.runs.lease import Lease, epoch_row
from core.runs.line import LineQueries
from core.runs.own_rows import OwnRows
from core.runs.schema import EpochRow, RunRow, now, plain, to_json

_ACTIVE = (Status.QUEUED, Status.RUNNING)
_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


class RunStore(LineQueries, ControlChanges, OwnRows):
    """Runs and their epochs in a SQL database, safe to use from threads and processes at once.

    The store owns the rows; callers get frozen records. A write is committed when its method
    returns. Every method raises `StoreUnavailable` when the database cannot be reached, is
    locked, read-only or full; those that take a run's id raise `RunNotFound` where it says so.

    A run goes from queued to running to one final status, and never leaves a final one: the
    first to settle it wins, whoever comes later is told so by a False.

    A run that is made or resumed with `most` joins the runs of its owner that wait or train only if
    there are fewer; else it raises `LimitExceeded`. They are counted in the transaction that adds
    it, one such transaction at a time for each owner, whatever thread, process or server asks.
    """

    def __init__(self, url: str) -> None:
        """Open the database at SQLAlchemy URL `url`, creating or migrating its tables."""
        location = located(url)
        with readable_errors(location):
            self._engine = connect(location)

    def close(self) -> None:
        """Let go of the database's connections."""
        self._engine.dispose()

    def create(
        self,
        experiment: Experiment,
        *,
        owner: str = "",
        private: bool = False,
        expected: Mapping[str, float] | None = None,
        most: int | None = None,
    ) -> RunRecord:
        """Add a queued run of `experiment` under a new, unguessable id.

        Raises:
            LimitExceeded: `owner` has `most` runs already that wait or train.
        """
        row = self._row(experiment, owner, private, expected)
        with self._session() as session:
            share.take(session, owner, most)
            session.add(row)
            session.commit()
            return row.record()

    def continue_from(
        self,
        parent_id: str,
        experiment: Experiment,
        *,
        owner: str = "",
        private: bool = False,
        expected: Mapping[str, float] | None = None,
        most: int | None = None,
    ) -> RunRecord:
        """Add a queued run that goes on where `parent_id` ended, with a copy of its epochs.

        Raises:
            RunNotFound: there is no such run.
            LimitExceeded: `owner` has `most` runs already that wait or train.
        """
        parent, epochs = self.get(parent_id), self.epochs(parent_id)
        child = self._row(experiment, owner, private, expected)
        child.parent_id = parent.id
        child.epochs_done = epochs[-1].epoch + 1 if epochs else 0
        with self._session() as session:
            share.take(session, owner, most)
            session.add(child)
            session.flush()
            session.add_all(epoch_row(child.id, epoch) for epoch in epochs)
            session.commit()
            return child.record()

    def get(self, run_id: str, viewer: str | None = None) -> RunRecord:
        """The run with this id; for a viewer, one they may see.

        Raises:
            RunNotFound: there is none.
        """
        query = select(RunRow).where(RunRow.id == run_id, _seen_by(viewer))
        with self._session() as session:
            is_id = _ID.fullmatch(run_id)  # else it comes from a link, and is not even quoted
            row = session.scalar(query) if is_id else None
            if row is None:
                raise RunNotFound(
                    f"There is no run {repr(run_id) if is_id else 'of this id'}. It may belong to "
                    "another installation or have been removed. Press Train to start a new run, "
                    "or pick another one."
                )
            return row.record()

    def recent(self, limit: int = 50, viewer: str | None = None) -> tuple[RunRecord, ...]:
        """The newest runs, newest first, without those whose settings are no longer allowed.

        For a viewer, those they may see, their own first: many others do not crowd them out.
        """
        newest = select(RunRow).limit(limit)
        if viewer is not None:
            newest = newest.order_by(case((RunRow.owner == viewer, 0), else_=1))
        return self._records(newest.where(_seen_by(viewer)))

    def some(self, run_ids: Iterable[str], viewer: str | None = None) -> tuple[RunRecord, ...]:
        """The runs with these ids, in their order, without those there are none of.

        For a viewer, those they may see.
        """
        wanted = [run_id for run_id in run_ids if _ID.fullmatch(run_id)]
        found = self._records(select(RunRow).where(RunRow.id.in_(wanted), _seen_by(viewer)))
        by_id = {run.id: run for run in found}
        return tuple(by_id[run_id] for run_id in wanted if run_id in by_id)

    def going(self, owner: str, limit: int) -> tuple[RunRecord, ...]:
        """The newest runs of `owner`, and those of nobody, that have not ended; newest first."""
        not_ended = RunRow.status.in_((*_ACTIVE, Status.PAUSED))
        return self._records(
            select(RunRow).where(RunRow.owner.in_(("", owner)), not_ended).limit(limit)
        )

    def epochs(self, run_id: str, after: int = -1) -> tuple[EpochRecord, ...]:
        """The committed epochs numbered above `after`, in order; none for an unknown run."""
        if not _ID.fullmatch(run_id):
            return ()
        query = (
            select(EpochRow)
            .where(EpochRow.run_id == run_id, EpochRow.epoch > after)
            .order_by(EpochRow.epoch)
        )
        with self._session() as session:
            return tuple(row.record() for row in session.scalars(query))

    def label(self, run_id: str, name: str, private: bool) -> bool:
        """Set what the run is called and whether its owner alone sees it; False without a run."""
        return self._change(run_id, true(), {"name": name, "private": private})

    def claim(self, run_id: str, task: str = "") -> Lease | None:
        """The right to write a queued run, which now runs; None when it is not queued any more.

        `task` is the name of what claims it, for `restart` and `fail`.
        """
        if not _ID.fullmatch(run_id):
            return None
        moment = now()
        values = {
            "status": Status.RUNNING,
            "fence": RunRow.fence + 1,
            "task": task,
            "started_at": func.coalesce(RunRow.started_at, moment),
            "heartbeat_at": moment,
        }
        waits = RunRow.id == run_id, RunRow.status == Status.QUEUED
        with self._session() as session:
            changed = session.execute(update(RunRow).where(*waits).values(values))
            fence = session.scalar(select(RunRow.fence).where(RunRow.id == run_id))
            session.commit()
        if not changed.rowcount or fence is None:  # type: ignore[attr-defined]
            return None
        return Lease(self._session, run_id, fence)

    def settle(
        self,
        run_id: str,
        status: Status,
        reason: str = "",
        evaluation: Mapping[str, float] | None = None,
    ) -> bool:
        """Give a run its final status, whoever holds it; False when it already has one."""
        values = {
            "status": status,
            "reason": plain(reason),
            "evaluation": to_json(evaluation or {}),
            "finished_at": now(),
            "control": Control.NONE,
        }
        return self._change(run_id, RunRow.status.in_((*_ACTIVE, Status.PAUSED)), values)

    def beat(self, run_ids: Iterable[str]) -> None:
        """Say that these runs are still looked after."""
        # In the order of their ids, so that two that beat for the same runs do not lock each other.
        ours = select(RunRow.id).where(RunRow.id.in_(tuple(run_ids)))
        in_order = ours.order_by(RunRow.id).with_for_update(key_share=True)
        with self._session() as session:
            session.execute(
                update(RunRow).where(RunRow.id.in_(in_order)).values(heartbeat_at=now())
            )
            session.commit()

    def adopt(self, after_s: float) -> tuple[str, ...]:
        """Active runs nobody has looked after for `after_s` seconds, queued again; now yours.

        So are those looked after in the future: the clock was set back since. Of several that ask
        at once, one gets each run.
        """
        early, late = (now() + sign * timedelta(seconds=after_s) for sign in (-1, 1))
        lost = and_(RunRow.status.in_(_ACTIVE), ~RunRow.heartbeat_at.between(early, late))
        with self._session() as session:
            found = session.scalars(select(RunRow.id).where(lost).order_by(RunRow.created_at)).all()
        values = {"status": Status.QUEUED, "heartbeat_at": now()}
        return tuple(run_id for run_id in found if self._change(run_id, lost, values))

    def count(self, status: Status) -> int:
        """How many runs have this status."""
        query = select(func.count()).select_from(RunRow).where(RunRow.status == status)
        with self._session() as session:
            return session.scalar(query) or 0

    @staticmethod
    def _row(
        experiment: Experiment,
        owner: str,
        private: bool,
        expected: Mapping[str, float] | None,
    ) -> RunRow:
        moment = now()
        return RunRow(
            id=secrets.token_urlsafe(12),
            experiment=experiment.model_dump(mode="json"),
            status=Status.QUEUED,
            created_at=moment,
            heartbeat_at=moment,
            control=Control.NONE,
            reason="",
            evaluation={},
            epochs_done=0,
            owner=owner,
            private=private,
            expected=dict(expected or {}),
        )

    def _change(
        self,
        run_id: str,
        condition: ColumnElement[bool],
        values: Mapping[str, object],
        first: Callable[[Session], None] | None = None,
    ) -> bool:
        """Update the run if `condition` still holds, in one statement: safe between processes."""
        if not _ID.fullmatch(run_id):
            return False
        query = update(RunRow).where(RunRow.id == run_id, condition).values(dict(values))
        with self._session() as session:
            if first:
                first(session)
            changed = session.execute(query)
            session.commit()
            return bool(changed.rowcount)  # type: ignore[attr-defined]

    def _records(self, query: Select[RunRow]) -> tuple[RunRecord, ...]:
        in_order = query.order_by(RunRow.created_at.desc(), RunRow.id)
        with self._session() as session:
            rows = session.scalars(in_order)
            return tuple(record for row in rows if (record := _readable(row)))

    @contextmanager
    def _session(self) -> Iterator[Session]:
        with readable_errors(self._engine.url), Session(self._engine) as session:
            yield session


def _seen_by(viewer: str | None) -> ColumnElement[bool]:
    """Private runs are their owner's; no viewer, as in a worker, means all runs."""
    if viewer is None:
        return true()
    return or_(RunRow.private == false(), RunRow.owner.in_(("", viewer)))


def _readable(row: RunRow) -> RunRecord | None:
    try:
        return row.record()
    except InvalidExperiment:
        return None
