"""What a worker does with one run: train it, commit each epoch, keep the results."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from distributed import get_worker

from core import data
from core.errors import EpochscopeError, LeaseLost, StoreUnavailable
from core.jobs import limits, own_data
from core.jobs.afterwards import end_job
from core.jobs.commits import Commits, forget_checkpoints, lay_down
from core.jobs.estimate import of_stored
from core.jobs.mail import TOPIC
from core.jobs.measure import Meter
from core.jobs.news import Event, News
from core.jobs.patience import patiently
from core.jobs.results import KeptFiles, keep_results
from core.jobs.workplace import Places, opened, programs, snapshot_of, tidy
from core.records import LAST_WEIGHTS, Control, EpochRecord, Progress, RunRecord, Status
from core.runs import Artifacts, Lease, RunStore
from core.runs.artifacts import Arrays
from core.settings import settings

if TYPE_CHECKING:
    from core.training import Start, TrainedRun

_OUTCOMES = {
    "finished": Status.FINISHED,
    "stopped": Status.STOPPED,
    "diverged": Status.FAILED,
}
_log = logging.getLogger(__name__)


def run_job(run_id: str, places: Places | None) -> None:
    """Train a queued run in this worker; what comes of it is in the store.

    Without `places` they are where this worker's own environment says.

    Raises:
        Exception: an unexpected one, which the web process turns into the run's reason.
    """
    store, artifacts = opened(places)
    lease = patiently(lambda: store.claim(run_id))
    if lease is None:
        return
    _log.info("claimed", extra={"run": run_id, "fence": lease.fence})
    try:
        record = patiently(lambda: store.get(run_id))
        with Meter() as meter:
            _Training(record, lease, artifacts, store, meter).run()
    except LaidDown:
        lay_down(lease)
    except Cancelled as cancelled:
        reason = str(cancelled)
        _log.info("stopped before it trained: %s", reason, extra={"run": run_id})
        if patiently(lambda: lease.settle(Status.STOPPED, reason)):
            end_job(run_id, places)
    except LeaseLost as error:
        _log.warning("taken over by another worker: %s", error, extra={"run": run_id})
    except EpochscopeError as error:
        reason = str(error)
        _log.warning("failed: %s", reason, extra={"run": run_id})
        if patiently(lambda: lease.settle(Status.FAILED, reason)):
            forget_checkpoints(run_id, artifacts)
    finally:
        tidy()


class LaidDown(Exception):
    """Leaves training for a pause."""


class Cancelled(Exception):
    """Leaves a run that was stopped before its training began, or went on; the reason is said."""


class _Training:
    """One run in the hands of this worker."""

    def __init__(
        self,
        record: RunRecord,
        lease: Lease,
        artifacts: Artifacts,
        store: RunStore,
        meter: Meter,
    ) -> None:
        self._record, self._lease, self._artifacts = record, lease, artifacts
        self._store = store
        self._news = News(record.id, _send)
        self._step, self._late = record.control is Control.STEP, False
        self._about = {"run": record.id}
        self._limits, self._began = settings().limits, time.monotonic()
        self._meter = meter

    def run(self) -> None:
        """Train, test, and settle the run; or lay it down, if that is asked for while it trains.

        Raises:
            LaidDown: a pause was asked for before there was anything to keep.
            LeaseLost: another worker has claimed the run.
            EpochscopeError: the run cannot be trained, for the reason the text gives.
        """
        experiment = self._record.experiment
        limits.check(experiment, self._limits, of_stored(self._record.expected))
        self._fetch()
        self._news.tell(Progress("Building the network"))
        with TemporaryDirectory(prefix="epochscope-") as name:
            folder = Path(name)
            files = KeptFiles(self._record.id, experiment, self._artifacts, folder)
            commits = Commits(self._lease, self._artifacts, files.keep, self._wait)
            try:
                run = self._train(folder, files, commits)
                self._news.flush()
                patiently(lambda: self._keep(run, files), self._wait)
            except LaidDown:
                commits.lay_down()
                return
        programs().give_back(experiment, run.program)
        self._settle(run)

    def _train(self, folder: Path, files: KeptFiles, commits: Commits) -> TrainedRun:
        """Train from where the run was left, and test."""
        # Imported here: the web process imports this module to name `run_job`.
        from core.training import Commit, ProgressReporter, StopOnRequest, train  # noqa: PLC0415

        snapshot = snapshot_of(self._record, self._artifacts, self._wait_to_begin)
        self._meter.trained_before(self._own_epochs())
        if snapshot:
            _log.info("goes on from %s", self._record.checkpoint, extra=self._about)
            patiently(files.fetch, self._wait_to_begin)
        return train(
            self._record.experiment,
            callbacks=[
                ProgressReporter(self._news.tell),
                StopOnRequest(self._stops),
                Commit(lambda epoch, take: self._commit(commits, epoch, take)),
            ],
            programs=programs(),
            folder=folder,
            start=snapshot or self._start(folder),
        )

    def _settle(self, run: TrainedRun) -> None:
        status = _OUTCOMES[run.outcome]
        _log.info("ended: %s", status, extra=self._about)
        reason = run.reason or (limits.time_up_reason(self._limits) if self._late else "")
        measured = self._meter.measured()
        if patiently(
            lambda: self._lease.settle(status, reason, run.evaluation, measured), self._wait
        ):
            forget_checkpoints(self._record.id, self._artifacts)

    def _fetch(self) -> None:
        """Have the data here before training, so that a download shows its progress and ends.

        Raises:
            LaidDown: a pause was asked for meanwhile.
            Cancelled: a stop was.
        """
        from core.training import prepare  # noqa: PLC0415

        def on_download(file: data.DownloadProgress) -> None:
            self._news.tell(Progress("Downloading the data", detail=_arrived(file)))
            self._heed("Stopped while its data was downloaded.")

        self._news.tell(Progress("Loading the data"))
        wanted = self._record.experiment.data
        patiently(lambda: own_data.bring(wanted, self._artifacts, self._store), self._wait_to_begin)
        data.fetch(wanted.dataset, on_download)
        self._heed()
        prepare(self._record.experiment)
        self._heed()

    def _start(self, folder: Path) -> Start | None:
        """Where the run begins that goes on where another ended; None for any other."""
        if self._record.parent_id is None:
            return None
        from core.training import Start  # noqa: PLC0415

        parent_id, weights = self._record.parent_id, folder / LAST_WEIGHTS
        content = patiently(
            lambda: self._artifacts.read_file(parent_id, LAST_WEIGHTS), self._wait_to_begin
        )
        weights.write_bytes(content)
        return Start(weights, self._parent_epochs())

    def _own_epochs(self) -> tuple[EpochRecord, ...]:
        """The run's epochs so far, without those it has from another run."""
        return patiently(
            lambda: self._store.epochs(self._record.id, after=self._parent_epochs() - 1),
            self._wait_to_begin,
        )

    def _parent_epochs(self) -> int:
        """How many epochs the run has from another one."""
        parent_id = self._record.parent_id
        if parent_id is None:
            return 0
        return patiently(lambda: self._store.get(parent_id).epochs_done, self._wait_to_begin)

    def _commit(self, commits: Commits, epoch: EpochRecord, take: Callable[[], Arrays]) -> None:
        commits.add(epoch, take)
        self._meter.epoch(epoch)
        self._news.tell(epoch)
        new = epoch.epoch >= self._record.epochs_done  # not one done again since its checkpoint
        if self._step and new and epoch.epoch + 1 < self._record.experiment.training.epochs:
            self._news.flush()
            raise LaidDown

    def _stops(self) -> bool:
        """Whether a stop is asked for; leaves training if it is a pause."""
        try:
            control = self._lease.control()
        except StoreUnavailable:  # the next epoch waits for it
            return False
        if control is Control.PAUSE:
            raise LaidDown
        self._step = control is Control.STEP
        self._late = limits.time_is_up(self._began, self._limits)
        return self._late or control is Control.STOP

    def _heed(self, reason: str = "Stopped before it began.") -> None:
        """Leave the run if a pause or a stop is asked for before it trains.

        Raises:
            LaidDown: a pause is.
            Cancelled: a stop is, or its time is up; with `reason`, if it has no epochs yet.
        """
        if self._stops():
            first = "" if self._record.epochs_done else reason
            raise Cancelled(limits.time_up_reason(self._limits) if self._late else first)

    def _keep(self, run: TrainedRun, files: KeptFiles) -> None:
        self._lease.control()  # whoever is not the owner any more keeps nothing
        keep_results(self._record.id, run, self._record.experiment, self._artifacts)
        files.keep()
        files.keep_model(run)

    def _wait(self, reason: str) -> None:
        self._news.tell(Progress("Waiting for the run store", detail=reason))
        self._news.flush()

    def _wait_to_begin(self, reason: str) -> None:
        self._wait(reason)
        self._heed()


def _arrived(file: data.DownloadProgress) -> str:
    """How far a download is, in words."""
    which = f", file {file.index} of {file.files}" if file.files > 1 else ""
    megabytes = f"{file.received_bytes / 1e6:.1f} of {file.total_bytes / 1e6:.1f} MB"
    return f"{file.file}: {megabytes}{which}"


def _send(events: list[Event]) -> None:
    get_worker().log_event(TOPIC, events)
