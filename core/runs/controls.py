"""What people ask of a run, each in one statement: safe between processes, and pressed twice."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping

from sqlalchemy import ColumnElement, and_, case, or_
from sqlalchemy.orm import Session

from core.records import Control, Status
from core.runs import share
from core.runs.schema import RunRow, now, plain, to_json

_AT_REST = (Status.QUEUED, Status.PAUSED)
_log = logging.getLogger(__name__)


class ControlChanges(ABC):
    """The part of the store that pauses, resumes, stops and restarts."""

    def pause(self, run_id: str) -> bool:
        """Pause a waiting run, ask a running one to; False when it is neither, or stops."""
        waits, goes = RunRow.status == Status.QUEUED, RunRow.status == Status.RUNNING
        values = {
            "status": case((waits, Status.PAUSED), else_=RunRow.status),
            "control": case((waits, Control.NONE), else_=Control.PAUSE),
        }
        pausable = and_(or_(waits, goes), RunRow.control != Control.STOP)
        return _told("asked to pause", run_id, self._change(run_id, pausable, values))

    def resume(self, run_id: str, *, step: bool = False, most: int | None = None) -> bool:
        """Queue a paused run again, for one epoch with `step`; False when it is not paused.

        A running one that was asked to pause, and has not yet, goes on.

        Raises:
            LimitExceeded: its owner has `most` runs already that wait or train.
        """
        laid_down = RunRow.status == Status.PAUSED
        asked = RunRow.control.in_((Control.PAUSE, Control.STEP))
        values = {
            "status": case((laid_down, Status.QUEUED), else_=RunRow.status),
            "heartbeat_at": case((laid_down, now()), else_=RunRow.heartbeat_at),
            "control": Control.STEP if step else Control.NONE,
        }
        pausing = and_(RunRow.status == Status.RUNNING, asked)
        asked_to = "asked to train one epoch" if step else "asked to go on"
        changed = self._change(
            run_id,
            or_(laid_down, pausing),
            values,
            lambda session: share.take_to_resume(session, run_id, most),
        )
        return _told(asked_to, run_id, changed)

    def cancel(self, run_id: str) -> bool:
        """Stop a run that waits its turn or is paused; False when it is neither."""
        return self._change(run_id, RunRow.status.in_(_AT_REST), _stopped())

    def add_evaluation(self, run_id: str, evaluation: Mapping[str, float]) -> bool:
        """Keep the test metrics of a run that was stopped without; False if it was not."""
        values = {"evaluation": to_json(evaluation)}
        return self._change(run_id, RunRow.status == Status.STOPPED, values)

    def request_stop(self, run_id: str) -> bool:
        """Ask a running run to stop, and stop one at rest; False when it is over.

        Asking twice changes nothing.
        """
        goes = RunRow.status == Status.RUNNING
        values = {
            name: case((goes, getattr(RunRow, name)), else_=value)
            for name, value in _stopped().items()
        }
        values["control"] = case((goes, Control.STOP), else_=Control.NONE)
        stoppable = or_(goes, RunRow.status.in_(_AT_REST))
        return _told("asked to stop", run_id, self._change(run_id, stoppable, values))

    def restart(self, run_id: str, most: int, task: str = "") -> bool:
        """Queue a run again whose worker was lost; False after `most` such losses in an epoch.

        False too when it is not `task` that claimed it last: then it has another worker.
        """
        values = {
            "status": Status.QUEUED,
            "restarts": RunRow.restarts + 1,
            "heartbeat_at": now(),
        }
        lost = and_(RunRow.status == Status.RUNNING, RunRow.restarts < most)
        return self._change(run_id, and_(lost, RunRow.task == task), values)

    def fail(self, run_id: str, reason: str, task: str = "") -> bool:
        """End a run that `task` claimed last, or was sent to claim, and that goes no further.

        False when it is over, or another task has it.
        """
        has_it = and_(RunRow.status == Status.RUNNING, RunRow.task == task)
        never_had_it = and_(RunRow.status == Status.QUEUED, RunRow.task != task)
        values = {**_stopped(), "status": Status.FAILED, "reason": plain(reason)}
        return self._change(run_id, or_(has_it, never_had_it), values)

    @abstractmethod
    def _change(
        self,
        run_id: str,
        condition: ColumnElement[bool],
        values: Mapping[str, object],
        first: Callable[[Session], None] | None = None,
    ) -> bool:
        """Update the run if `condition` still holds; whether it did.

        What is to be done `first` begins the same transaction; what it raises ends it.
        """


def _told(event: str, run_id: str, changed: bool) -> bool:
    """Log what was asked of a run, if that changed anything; whether it did."""
    if changed:
        _log.info(event, extra={"run": run_id})
    return changed


def _stopped() -> dict[str, object]:
    """What is written of a run that is stopped while nobody trains it."""
    return {
        "status": Status.STOPPED,
        "finished_at": now(),
        "control": Control.NONE,
        "reason": case((RunRow.epochs_done == 0, "Stopped before it began."), else_=""),
    }
