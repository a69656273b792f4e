"""`RunStore`: the one place that says what runs there are and what became of them."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import (
    ColumnElement,
    and_,
    func,
    select,
    true,
    update,
)
from sqlalchemy.orm import Session

from core.experiment import Experiment
from core.records import Control, RunRecord, Status
from core.runs import share
from core.runs.controls import ControlChanges
from core.runs.damage import DamagedRows
from core.runs.database import connect, located
from core.runs.failures import readable_errors
from core.runs.lease import Lease, epoch_row
from core.runs.line import LineQueries
from core.runs.own_rows import OwnRows
from core.runs.queries import ID, RunQueries
from core.runs.schema import RunRow, now, plain, to_json

_ACTIVE = (Status.QUEUED, Status.RUNNING)


class RunStore(RunQueries, LineQueries, ControlChanges, OwnRows):
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
        self._damaged, self._damaged_sets = DamagedRows(), DamagedRows()
        self._damaged_epochs = DamagedRows()

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

    def label(self, run_id: str, name: str, private: bool) -> bool:
        """Set what the run is called and whether its owner alone sees it; False without a run."""
        return self._change(run_id, true(), {"name": name, "private": private})

    def claim(self, run_id: str, task: str = "") -> Lease | None:
        """The right to write a queued run, which now runs; None when it is not queued any more.

        `task` is the name of what claims it, for `restart` and `fail`.
        """
        if not ID.fullmatch(run_id):
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
        if not ID.fullmatch(run_id):
            return False
        query = update(RunRow).where(RunRow.id == run_id, condition).values(dict(values))
        with self._session() as session:
            if first:
                first(session)
            changed = session.execute(query)
            session.commit()
            return bool(changed.rowcount)  # type: ignore[attr-defined]

    @contextmanager
    def _session(self) -> Iterator[Session]:
        with readable_errors(self._engine.url), Session(self._engine) as session:
            yield session
