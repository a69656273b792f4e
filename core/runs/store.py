"""`RunStore`: the one place that says what runs there are and what became of them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import ColumnElement, func, make_url, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from core.errors import InvalidExperiment, RunNotFound, StoreUnavailable
from core.experiment import Experiment
from core.records import EpochRecord, RunRecord, Status
from core.runs.database import connect
from core.runs.schema import EpochRow, RunRow, now, to_json

_ACTIVE = (Status.QUEUED, Status.RUNNING)
_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


class RunStore:
    """Runs and their epochs in a SQL database, safe to use from threads and processes at once.

    The store owns the rows; callers get frozen records. A write is committed when its method
    returns. Every method raises `StoreUnavailable` when the database cannot be reached, is
    locked, read-only or full; those that take a run's id raise `RunNotFound` where it says so.

    A run goes from queued to running to one final status, and never leaves a final one: the
    first to settle it wins, whoever comes later is told so by a False.
    """

    def __init__(self, url: str) -> None:
        """Open the database at SQLAlchemy URL `url`, creating or migrating its tables."""
        with _readable_errors(make_url(url).render_as_string(hide_password=True)):
            self._engine = connect(url)

    def close(self) -> None:
        """Let go of the database's connections."""
        self._engine.dispose()

    def create(self, experiment: Experiment) -> RunRecord:
        """Add a queued run of `experiment` under a new, unguessable id."""
        row = self._row(experiment)
        with self._session() as session:
            session.add(row)
            session.commit()
            return row.record()

    def continue_from(self, parent_id: str, experiment: Experiment) -> RunRecord:
        """Add a queued run that goes on where `parent_id` ended, with a copy of its epochs.

        Raises:
            RunNotFound: there is no such run.
        """
        parent, epochs = self.get(parent_id), self.epochs(parent_id)
        child = self._row(experiment)
        child.parent_id, child.epochs_done = parent.id, parent.epochs_done
        with self._session() as session:
            session.add(child)
            session.flush()
            session.add_all(_epoch_row(child.id, epoch) for epoch in epochs)
            session.commit()
            return child.record()

    def get(self, run_id: str) -> RunRecord:
        """The run with this id.

        Raises:
            RunNotFound: there is none.
        """
        with self._session() as session:
            row = session.get(RunRow, run_id) if _ID.fullmatch(run_id) else None
            if row is None:
                raise RunNotFound(
                    f"There is no run {run_id[:40]!r}. It may belong to another installation or "
                    "have been removed. Press Train to start a new run, or pick another one."
                )
            return row.record()

    def recent(self, limit: int = 50) -> tuple[RunRecord, ...]:
        """The newest runs, newest first, without those whose settings are no longer allowed."""
        with self._session() as session:
            rows = session.scalars(
                select(RunRow).order_by(RunRow.created_at.desc(), RunRow.id).limit(limit)
            )
            return tuple(record for row in rows if (record := _readable(row)))

    def epochs(self, run_id: str, after: int = -1) -> tuple[EpochRecord, ...]:
        """The committed epochs numbered above `after`, in order; none for an unknown run."""
        query = (
            select(EpochRow)
            .where(EpochRow.run_id == run_id, EpochRow.epoch > after)
            .order_by(EpochRow.epoch)
        )
        with self._session() as session:
            return tuple(row.record() for row in session.scalars(query))

    def add_epoch(self, run_id: str, record: EpochRecord) -> None:
        """Commit one epoch; an epoch that is already there is left as it is.

        Raises:
            RunNotFound: there is no such run.
        """
        row = _epoch_row(run_id, record)
        done = {"epochs_done": record.epoch + 1, "heartbeat_at": now()}
        try:
            with self._session() as session:
                session.add(row)
                session.execute(update(RunRow).where(RunRow.id == run_id).values(done))
                session.commit()
        except IntegrityError:
            self.get(run_id)

    def start(self, run_id: str) -> bool:
        """Mark a queued run as running; False when it is not queued any more."""
        moment = now()
        values = {"status": Status.RUNNING, "started_at": moment, "heartbeat_at": moment}
        return self._change(run_id, RunRow.status == Status.QUEUED, values)

    def settle(
        self,
        run_id: str,
        status: Status,
        reason: str = "",
        evaluation: Mapping[str, float] | None = None,
    ) -> bool:
        """Give an active run its final status; False when it already has one."""
        values = {
            "status": status,
            "reason": reason,
            "evaluation": to_json(evaluation or {}),
            "finished_at": now(),
        }
        return self._change(run_id, RunRow.status.in_(_ACTIVE), values)

    def cancel(self, run_id: str) -> bool:
        """Stop a run that still waits its turn; False when it does not."""
        values = {"status": Status.STOPPED, "finished_at": now(), "reason": "Stopped in the queue."}
        return self._change(run_id, RunRow.status == Status.QUEUED, values)

    def request_stop(self, run_id: str) -> bool:
        """Ask an active run to stop; False when it is over. Asking twice changes nothing."""
        return self._change(run_id, RunRow.status.in_(_ACTIVE), {"control": "stop"})

    def stop_requested(self, run_id: str) -> bool:
        """Whether someone asked the run to stop."""
        with self._session() as session:
            query = select(RunRow.control).where(RunRow.id == run_id)
            return session.scalar(query) == "stop"

    def beat(self, run_ids: Iterable[str]) -> None:
        """Say that these runs are still looked after."""
        with self._session() as session:
            session.execute(
                update(RunRow).where(RunRow.id.in_(tuple(run_ids))).values(heartbeat_at=now())
            )
            session.commit()

    def abandoned(self, after_s: float) -> tuple[str, ...]:
        """Active runs that nobody has looked after for `after_s` seconds."""
        limit = now() - timedelta(seconds=after_s)
        query = select(RunRow.id).where(RunRow.status.in_(_ACTIVE), RunRow.heartbeat_at < limit)
        with self._session() as session:
            return tuple(session.scalars(query))

    def count(self, status: Status) -> int:
        """How many runs have this status."""
        query = select(func.count()).select_from(RunRow).where(RunRow.status == status)
        with self._session() as session:
            return session.scalar(query) or 0

    @staticmethod
    def _row(experiment: Experiment) -> RunRow:
        moment = now()
        return RunRow(
            id=secrets.token_urlsafe(12),
            experiment=experiment.model_dump(mode="json"),
            status=Status.QUEUED,
            created_at=moment,
            heartbeat_at=moment,
            control="",
            reason="",
            evaluation={},
            epochs_done=0,
        )

    def _change(
        self, run_id: str, condition: ColumnElement[bool], values: Mapping[str, object]
    ) -> bool:
        """Update the run if `condition` still holds, in one statement: safe between processes."""
        query = update(RunRow).where(RunRow.id == run_id, condition).values(dict(values))
        with self._session() as session:
            changed = session.execute(query)
            session.commit()
            return bool(changed.rowcount)  # type: ignore[attr-defined]

    @contextmanager
    def _session(self) -> Iterator[Session]:
        url = self._engine.url.render_as_string(hide_password=True)
        with _readable_errors(url), Session(self._engine) as session:
            yield session


def _epoch_row(run_id: str, record: EpochRecord) -> EpochRow:
    return EpochRow(
        run_id=run_id,
        epoch=record.epoch,
        metrics=to_json(record.metrics),
        duration_s=record.duration_s,
        learning_rate=record.learning_rate,
    )


def _readable(row: RunRow) -> RunRecord | None:
    try:
        return row.record()
    except InvalidExperiment:
        return None


@contextmanager
def _readable_errors(url: str) -> Iterator[None]:
    """Turn the driver's errors, except broken constraints, into `StoreUnavailable`."""
    try:
        yield
    except IntegrityError:
        raise
    except (DBAPIError, OSError) as error:
        cause = getattr(error, "orig", None) or error
        raise StoreUnavailable(
            f"The run database {url} cannot be used: {cause}. Check that the folder exists, can "
            "be written and has free space, then try again."
        ) from error
