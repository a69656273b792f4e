"""What a worker does with one run: train it, commit each epoch, keep the results."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from distributed import get_worker

from core import data, logs
from core.errors import EpochscopeError, LeaseLost
from core.jobs import limits, own_data
from core.jobs.afterwards import end_job
from core.jobs.commits import Commits, forget_checkpoints, lay_down
from core.jobs.continuing import epochs_before, start_of
from core.jobs.disk import room_needed
from core.jobs.estimate import of_stored
from core.jobs.leaving import Cancelled, GivenUp, LaidDown, asked
from core.jobs.mail import TOPIC
from core.jobs.measure import Meter
from core.jobs.news import Event, News
from core.jobs.patience import patiently
from core.jobs.results import KeptFiles, keep_results
from core.jobs.workplace import Places, opened, programs, snapshot_of, tidy
from core.records import Control, EpochRecord, Progress, RunRecord, Status
from core.runs import Artifacts, Lease, RunStore
from core.runs.artifacts import Arrays
from core.settings import settings

if TYPE_CHECKING:
    from core.training import TrainedRun

STOP_PATIENCE_S = 5.0  # so long a run that was stopped waits for a place for its results
_OUTCOMES = {
    "finished": Status.FINISHED,
    "stopped": Status.STOPPED,
    "diverged": Status.FAILED,
}
_log = logging.getLogger(__name__)


@logs.about_its_run
def run_job(run_id: str, places: Places | None, task: str = "") -> None:
    """Train a queued run in this worker, as this task; what comes of it is in the store.

    Without `places` they are where this worker's own environment says.

    Raises:
        Exception: an unexpected one, which the web process turns into the run's reason.
    """
    store, artifacts = opened(places)
    lease = patiently(lambda: store.claim(run_id, task))
    if lease is None:
        return
    _log.info("claimed", extra={"run": run_id, "fence": lease.fence})
    try:
        patiently(
            lambda: _train_on(lease, artifacts, store), lambda reason: _wait_for_room(lease, reason)
        )
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


def _train_on(lease: Lease, artifacts: Artifacts, store: RunStore) -> None:
    """Train a run from its last checkpoint, and settle it.

    Raises:
        StoreUnavailable: its files cannot be written here; it can be trained on when they can.
    """
    record = store.get(lease.run_id)
    with Meter() as meter, room_needed():
        _Training(record, lease, artifacts, store, meter).run()


def _wait_for_room(lease: Lease, reason: str) -> None:
    """Tell why a run does not go on, and leave it if that is asked for meanwhile."""
    News(lease.run_id, _send).waits(reason)
    control = asked(lease)
    if control is Control.PAUSE:
        raise LaidDown
    if control is Control.STOP:
        raise Cancelled(f"Stopped while it waited. {reason}")


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
        self._limits, self._meter = settings().limits, meter
        self._earlier_s, self._began = 0.0, math.inf  # until it trains here

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
            checkpoint = self._record.checkpoint
            commits = Commits(
                self._lease, self._artifacts, files.keep, self._news.waits, name=checkpoint
            )
            try:
                run = self._train(folder, files, commits)
                self._news.flush()
                lost = self._kept(run, files)
            except LaidDown:
                commits.lay_down()
                return
        programs().give_back(experiment, run.program)
        self._settle(run, lost)

    def _train(self, folder: Path, files: KeptFiles, commits: Commits) -> TrainedRun:
        """Train from where the run was left, and test."""
        # Imported here: the web process imports this module to name `run_job`.
        from core.training import Commit, ProgressReporter, StopOnRequest, train  # noqa: PLC0415

        record, wait = self._record, self._wait_to_begin
        snapshot = snapshot_of(record, self._artifacts, wait)
        self._begin(self._own_epochs())
        if snapshot:
            _log.info("goes on from %s", record.checkpoint, extra=self._about)
            patiently(files.fetch, wait)
        return train(
            record.experiment,
            callbacks=[
                ProgressReporter(self._news.tell),
                StopOnRequest(self._stops),
                Commit(lambda epoch, take: self._commit(commits, epoch, take)),
            ],
            programs=programs(),
            folder=folder,
            start=snapshot or start_of(record, self._store, self._artifacts, files, folder, wait),
        )

    def _settle(self, run: TrainedRun, lost: str) -> None:
        """Give the run its end; `lost` is why its results were not kept, if they were not."""
        stopped = lost and run.outcome == "finished"
        status = Status.STOPPED if stopped else _OUTCOMES[run.outcome]
        _log.info("ended: %s", status, extra=self._about)
        late = limits.time_up_reason(self._limits) if self._late else ""
        reason = run.reason or " ".join(filter(None, (late, lost)))
        measured = self._meter.measured()
        if patiently(
            lambda: self._lease.settle(status, reason, run.evaluation, measured), self._news.waits
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

    def _begin(self, earlier: tuple[EpochRecord, ...]) -> None:
        """It trains from now on; `earlier` are its epochs from before a pause or a lost worker."""
        self._meter.trained_before(earlier)
        self._earlier_s = sum(record.duration_s for record in earlier)
        self._began = time.monotonic()

    def _trained_s(self) -> float:
        """How long the run has trained, here and before; what it waits for first is not counted."""
        return self._earlier_s + max(0.0, time.monotonic() - self._began)

    def _own_epochs(self) -> tuple[EpochRecord, ...]:
        """The run's epochs so far, without those it has from another run."""
        before = epochs_before(self._record, self._store, self._wait_to_begin)
        return patiently(
            lambda: self._store.epochs(self._record.id, after=before - 1), self._wait_to_begin
        )

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
        control = asked(self._lease)
        if control is Control.PAUSE:
            raise LaidDown
        self._step = control is Control.STEP
        self._late = limits.time_is_up(self._trained_s(), self._limits)
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

    def _kept(self, run: TrainedRun, files: KeptFiles) -> str:
        """Keep the results, when there is a place for them; why not, if a stop comes first.

        Raises:
            LaidDown: a pause was asked for while there was none.
        """
        began = time.monotonic()

        def wait(reason: str) -> None:
            self._news.waits(reason)
            control = asked(self._lease)
            if control is Control.PAUSE:
                raise LaidDown
            if control is Control.STOP and time.monotonic() - began >= STOP_PATIENCE_S:
                raise GivenUp(reason)

        try:
            patiently(lambda: self._keep(run, files), wait)
        except GivenUp as given_up:
            return f"Stopped before its model and results could be kept. {given_up}"
        return ""

    def _keep(self, run: TrainedRun, files: KeptFiles) -> None:
        self._lease.control()  # whoever is not the owner any more keeps nothing
        keep_results(self._record.id, run, self._record.experiment, self._artifacts)
        files.keep(anew=True)
        files.keep_model(run)

    def _wait_to_begin(self, reason: str) -> None:
        self._news.waits(reason)
        self._heed()


def _arrived(file: data.DownloadProgress) -> str:
    """How far a download is, in words."""
    which = f", file {file.index} of {file.files}" if file.files > 1 else ""
    megabytes = f"{file.received_bytes / 1e6:.1f} of {file.total_bytes / 1e6:.1f} MB"
    return f"{file.file}: {megabytes}{which}"


def _send(events: list[Event]) -> None:
    get_worker().log_event(TOPIC, events)
