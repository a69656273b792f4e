"""What a worker does with one run: train it, commit each epoch, keep the results."""

from __future__ import annotations

import ctypes
import gc
import logging
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from distributed import get_worker

from core import data
from core.errors import EpochscopeError, LeaseLost, StoreUnavailable
from core.experiment import Experiment
from core.jobs import limits
from core.jobs.commits import Commits
from core.jobs.estimate import KEPT_PROGRAMS, of_stored
from core.jobs.mail import TOPIC
from core.jobs.measure import Meter
from core.jobs.news import Event, News
from core.jobs.patience import patiently
from core.jobs.results import KeptFiles, keep_results
from core.records import LAST_WEIGHTS, Control, EpochRecord, Progress, RunRecord, Status
from core.runs import Artifacts, Lease, RunStore
from core.runs.artifacts import Arrays
from core.settings import settings

if TYPE_CHECKING:
    from core.training import Programs, Start, TrainedRun

_OUTCOMES = {
    "finished": Status.FINISHED,
    "stopped": Status.STOPPED,
    "diverged": Status.FAILED,
}
_log = logging.getLogger(__name__)


class Places(NamedTuple):
    """Where the store and the artifacts are."""

    database_url: str
    artifacts_url: str


def run_job(run_id: str, places: Places | None) -> None:
    """Train a queued run in this worker; what comes of it is in the store.

    Without `places` they are where this worker's own environment says.

    Raises:
        Exception: an unexpected one, which the web process turns into the run's reason.
    """
    store, artifacts = _open(places)
    lease = patiently(lambda: store.claim(run_id))
    if lease is None:
        return
    _log.info("claimed", extra={"run": run_id, "fence": lease.fence})
    try:
        record = patiently(lambda: store.get(run_id))
        with Meter() as meter:
            _Training(record, lease, artifacts, store, meter).run()
    except LaidDown:
        # Somebody may have asked to go on meanwhile: then it waits for a worker again.
        paused = patiently(lease.pause)
        if not paused:
            patiently(lease.put_back)
        _log.info("paused" if paused else "put back into the queue", extra={"run": run_id})
    except LeaseLost as error:
        _log.warning("taken over by another worker: %s", error, extra={"run": run_id})
    except EpochscopeError as error:
        reason = str(error)
        _log.warning("failed: %s", reason, extra={"run": run_id})
        patiently(lambda: lease.settle(Status.FAILED, reason))
    finally:
        tidy()


def results_job(run_id: str, places: Places | None) -> None:
    """Test a run that was stopped while it was paused, and keep its results."""
    store, artifacts = _open(places)
    record = patiently(lambda: store.get(run_id))
    if record.status is not Status.STOPPED or record.evaluation:
        return
    snapshot = _snapshot(record, artifacts)
    if snapshot is None:
        return
    try:
        evaluation = _results(record, artifacts, snapshot)
        patiently(lambda: store.add_evaluation(run_id, evaluation))
    except EpochscopeError as error:
        _log.warning("could not be tested: %s", error, extra={"run": run_id})
    finally:
        tidy()


def tidy() -> None:
    """Give back what a run took: graphs refer to themselves, and glibc keeps freed memory."""
    gc.collect()
    with suppress(AttributeError, OSError, TypeError):  # another C library
        ctypes.CDLL(None).malloc_trim(0)


def evaluate_job(run_id: str, weights: str, places: Places | None) -> dict[str, float]:
    """Test a finished run's file of weights again; the metrics by name.

    Raises:
        RunNotFound: there is no such run, or it has no such file.
    """
    from core.training import evaluate  # noqa: PLC0415

    store, artifacts = _open(places)
    experiment = store.get(run_id).experiment
    with TemporaryDirectory(prefix="epochscope-") as name:
        file = Path(name) / weights
        file.write_bytes(artifacts.read_file(run_id, weights))
        return evaluate(experiment, file, programs=programs())


class LaidDown(Exception):
    """Leaves training for a pause."""


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
        """Train, test, and settle the run.

        Raises:
            LaidDown: a pause was asked for.
            LeaseLost: another worker has claimed the run.
            EpochscopeError: the run cannot be trained, for the reason the text gives.
        """
        # Imported here: the web process imports this module to name `run_job`.
        from core.training import Commit, ProgressReporter, StopOnRequest, train  # noqa: PLC0415

        experiment = self._record.experiment
        limits.check(experiment, self._limits, of_stored(self._record.expected))
        _fetch(self._news, experiment)
        self._news.tell(Progress("Building the network"))
        snapshot = _snapshot(self._record, self._artifacts)
        with TemporaryDirectory(prefix="epochscope-") as name:
            folder = Path(name)
            files = KeptFiles(self._record.id, experiment, self._artifacts, folder)
            commits = Commits(self._lease, self._artifacts, files.keep, self._wait)
            if snapshot:
                _log.info("goes on from %s", self._record.checkpoint, extra=self._about)
                files.fetch()
            run = train(
                experiment,
                callbacks=[
                    ProgressReporter(self._news.tell),
                    StopOnRequest(self._stops),
                    Commit(lambda epoch, take: self._commit(commits, epoch, take)),
                ],
                programs=programs(),
                folder=folder,
                start=snapshot or self._start(folder),
            )
            self._news.flush()
            patiently(lambda: self._keep(run, files), self._wait)
        programs().give_back(experiment, run.program)
        status = _OUTCOMES[run.outcome]
        _log.info("ended: %s", status, extra=self._about)
        reason = run.reason or (limits.time_up_reason(self._limits) if self._late else "")
        measured = self._meter.measured()
        if patiently(
            lambda: self._lease.settle(status, reason, run.evaluation, measured), self._wait
        ):
            commits.forget()

    def _start(self, folder: Path) -> Start | None:
        """Where the run begins that goes on where another ended; None for any other."""
        if self._record.parent_id is None:
            return None
        from core.training import Start  # noqa: PLC0415

        parent = self._store.get(self._record.parent_id)
        weights = folder / LAST_WEIGHTS
        weights.write_bytes(self._artifacts.read_file(parent.id, LAST_WEIGHTS))
        return Start(weights, parent.epochs_done)

    def _commit(self, commits: Commits, epoch: EpochRecord, take: Callable[[], Arrays]) -> None:
        commits.add(epoch, take, last=self._step)
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

    def _keep(self, run: TrainedRun, files: KeptFiles) -> None:
        self._lease.control()  # whoever is not the owner any more keeps nothing
        keep_results(self._record.id, run, self._record.experiment, self._artifacts)
        files.keep()
        files.keep_model(run)

    def _wait(self, reason: str) -> None:
        self._news.tell(Progress("Waiting for the run store", detail=reason))
        self._news.flush()


def _results(record: RunRecord, artifacts: Artifacts, snapshot: Arrays) -> Mapping[str, float]:
    """What the model of a snapshot says of the test samples, kept as of any run's end."""
    from core.training import ended, train  # noqa: PLC0415

    with TemporaryDirectory(prefix="epochscope-") as name:
        folder = Path(name)
        run = train(record.experiment, programs=programs(), folder=folder, start=ended(snapshot))
        keep_results(record.id, run, record.experiment, artifacts)
        KeptFiles(record.id, record.experiment, artifacts, folder).keep_model(run)
    programs().give_back(record.experiment, run.program)
    return run.evaluation


def _snapshot(record: RunRecord, artifacts: Artifacts) -> Arrays | None:
    """Where the run can be taken up again; None where it must begin anew, to the same bits."""
    if record.checkpoint is None:
        return None
    try:
        return artifacts.load(record.id, record.checkpoint)
    except EpochscopeError as error:
        _log.warning("begins anew: %s", error, extra={"run": record.id})
        return None


def _fetch(news: News, experiment: Experiment) -> None:
    """Load the data once before training, so that a download shows its progress."""

    def on_download(file: data.DownloadProgress) -> None:
        news.tell(Progress("Downloading the data", detail=str(file)))

    news.tell(Progress("Loading the data"))
    data.fetch(experiment.data.dataset, on_download)


def _send(events: list[Event]) -> None:
    get_worker().log_event(TOPIC, events)


@lru_cache(maxsize=1)
def programs() -> Programs:
    """The programs this worker process keeps, so that a second run like the first starts sooner."""
    from core.training import Programs  # noqa: PLC0415

    return Programs(KEPT_PROGRAMS)


def _open(places: Places | None) -> tuple[RunStore, Artifacts]:
    if places is None:
        here = settings()
        places = Places(here.database_url, here.artifacts_url)
    url = places.database_url
    return patiently(lambda: _store(url)), Artifacts(places.artifacts_url)


@lru_cache(maxsize=4)
def _store(url: str) -> RunStore:
    """One store a worker process, kept open between runs."""
    return RunStore(url)
