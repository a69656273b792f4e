"""`Lease`: the right of one worker to write a run, until another one claims it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from core.errors import LeaseLost
from core.records import Control, EpochRecord, Status
from core.runs.schema import EpochRow, RunRow, now, plain, to_json

Sessions = Callable[[], AbstractContextManager[Session]]


class Lease:
    """A running run in the hands of whoever claimed it last.

    A claim raises the run's fencing number, and each write holds only for the number of its
    claim: a worker that was cut off and comes back writes nothing over the run that took its
    place, but gets `LeaseLost`. All methods raise `StoreUnavailable` as the store's do.
    """

    def __init__(self, sessions: Sessions, run_id: str, fence: int) -> None:
        self.run_id, self.fence = run_id, fence
        self._sessions = sessions

    def add_epoch(self, record: EpochRecord, checkpoint: str | None = None) -> None:
        """Commit an epoch, and with it the name of the checkpoint from which the next goes on.

        An epoch that is already there, from before a worker was lost, is left as it is.

        Raises:
            LeaseLost: another worker has claimed the run, or it is over.
        """
        values = {"heartbeat_at": now()} | _from(checkpoint)
        with self._sessions() as session:
            changed = session.execute(update(RunRow).where(self._held()).values(values))
            if not changed.rowcount:  # type: ignore[attr-defined]
                raise LeaseLost(self.run_id)
            if session.get(EpochRow, (self.run_id, record.epoch)) is None:
                session.add(epoch_row(self.run_id, record))
                session.execute(
                    update(RunRow)
                    .where(RunRow.id == self.run_id)
                    .values(epochs_done=record.epoch + 1, restarts=0)
                )
            session.commit()

    def settle(
        self,
        status: Status,
        reason: str = "",
        evaluation: Mapping[str, float] | None = None,
        measured: Mapping[str, float] | None = None,
    ) -> bool:
        """Give the run its final status; False when another worker holds it, or it is over."""
        return self._change(
            self._held(),
            {
                "status": status,
                "reason": plain(reason),
                "evaluation": to_json(evaluation or {}),
                "measured": to_json(measured or {}),
                "finished_at": now(),
                "control": Control.NONE,
            },
        )

    def pause(self, checkpoint: str | None = None) -> bool:
        """Pause the run, if that is still asked for; False when it is not.

        With a checkpoint, that is what it goes on from.
        """
        asked = RunRow.control.in_((Control.PAUSE, Control.STEP))
        values = {"status": Status.PAUSED, "control": Control.NONE}
        return self._change(and_(self._held(), asked), values | _from(checkpoint))

    def put_back(self, checkpoint: str | None = None) -> bool:
        """Return the run to the queue, for a worker to go on with it."""
        values = {"status": Status.QUEUED, "heartbeat_at": now()}
        return self._change(self._held(), values | _from(checkpoint))

    def control(self) -> Control:
        """What somebody asks of the run.

        Raises:
            LeaseLost: another worker has claimed the run, or it is over.
        """
        with self._sessions() as session:
            found = session.scalar(select(RunRow.control).where(self._held()))
        if found is None:
            raise LeaseLost(self.run_id)
        return Control(found)

    def _held(self) -> ColumnElement[bool]:
        return and_(
            RunRow.id == self.run_id,
            RunRow.fence == self.fence,
            RunRow.status == Status.RUNNING,
        )

    def _change(self, condition: ColumnElement[bool], values: Mapping[str, object]) -> bool:
        with self._sessions() as session:
            changed = session.execute(update(RunRow).where(condition).values(dict(values)))
            session.commit()
            return bool(changed.rowcount)  # type: ignore[attr-defined]


def _from(checkpoint: str | None) -> dict[str, object]:
    return {"checkpoint": checkpoint} if checkpoint else {}


def epoch_row(run_id: str, record: EpochRecord) -> EpochRow:
    """The row an epoch is stored as."""
    return EpochRow(
        run_id=run_id,
        epoch=record.epoch,
        metrics=to_json(record.metrics),
        duration_s=record.duration_s,
        learning_rate=record.learning_rate,
    )
