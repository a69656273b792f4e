"""What a worker does with one run: train it, commit each epoch, keep the results."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from distributed import get_worker

from core import data
from core.errors import EpochscopeError, OutOfMemory
from core.experiment import Experiment
from core.jobs.mail import TOPIC
from core.jobs.memory import memory_problem
from core.jobs.news import Event, News
from core.records import LAST_WEIGHTS, EpochRecord, Progress, RunRecord, Status
from core.runs import Artifacts, RunStore

if TYPE_CHECKING:
    from core.training import Programs, Start, TrainedRun

PREDICTIONS = "predictions"
BEST_PREDICTIONS = "best-predictions"
VALIDATION_PREDICTIONS = "validation-predictions"
BOUNDARY = "boundary"
PROGRAMS = 4  # a model with its optimizer each: 40 MB for the largest preset
_OUTCOMES = {
    "finished": Status.FINISHED,
    "stopped": Status.STOPPED,
    "diverged": Status.FAILED,
}


def run_job(run_id: str, database_url: str, artifacts_url: str) -> None:
    """Train a queued run in this worker; what comes of it is in the store.

    Raises:
        Exception: an unexpected one, which the web process turns into the run's reason.
    """
    store = _store(database_url)
    if not store.start(run_id):
        return
    try:
        _train(run_id, store, Artifacts(artifacts_url))
    except EpochscopeError as error:
        store.settle(run_id, Status.FAILED, str(error))
    finally:
        tidy()


def tidy() -> None:
    """Give back what a run took: graphs refer to themselves, and glibc keeps freed memory."""
    gc.collect()
    with suppress(AttributeError, OSError, TypeError):  # another C library
        ctypes.CDLL(None).malloc_trim(0)


def evaluate_job(
    run_id: str, weights: str, database_url: str, artifacts_url: str
) -> dict[str, float]:
    """Test a finished run's file of weights again; the metrics by name.

    Raises:
        RunNotFound: there is no such run, or it has no such file.
    """
    from core.training import evaluate  # noqa: PLC0415

    experiment = _store(database_url).get(run_id).experiment
    with TemporaryDirectory(prefix="epochscope-") as name:
        file = Path(name) / weights
        file.write_bytes(Artifacts(artifacts_url).read_file(run_id, weights))
        return evaluate(experiment, file, programs=programs())


def _train(run_id: str, store: RunStore, artifacts: Artifacts) -> None:
    # Imported here: the web process imports this module to name `run_job`.
    from core.training import ProgressReporter, StopOnRequest, train  # noqa: PLC0415

    record = store.get(run_id)
    experiment = record.experiment
    too_large = memory_problem(experiment)
    if too_large:
        raise OutOfMemory(too_large.message)
    news = News(run_id, _send)
    _fetch(news, experiment)
    news.tell(Progress("Building the network"))

    def on_epoch(epoch: EpochRecord) -> None:
        store.add_epoch(run_id, epoch)
        news.tell(epoch)

    callbacks = [ProgressReporter(news.tell), StopOnRequest(lambda: store.stop_requested(run_id))]
    with TemporaryDirectory(prefix="epochscope-") as name:
        folder = Path(name)
        start = _start(record, artifacts, folder)
        run = train(
            experiment, on_epoch, callbacks, programs=programs(), folder=folder, start=start
        )
        news.flush()
        _keep(run_id, run, experiment, artifacts)
        _keep_files(run_id, run, experiment, artifacts, folder)
    programs().give_back(experiment, run.program)
    store.settle(run_id, _OUTCOMES[run.outcome], run.reason, run.evaluation)


def _fetch(news: News, experiment: Experiment) -> None:
    """Load the data once before training, so that a download shows its progress."""

    def on_download(file: data.DownloadProgress) -> None:
        news.tell(Progress("Downloading the data", detail=str(file)))

    news.tell(Progress("Loading the data"))
    data.fetch(experiment.data.dataset, on_download)


def _start(record: RunRecord, artifacts: Artifacts, folder: Path) -> Start | None:
    """Where the run begins that goes on where another ended; None for one from the beginning."""
    if record.parent_id is None:
        return None
    from core.training import Start  # noqa: PLC0415

    weights = folder / LAST_WEIGHTS
    weights.write_bytes(artifacts.read_file(record.parent_id, LAST_WEIGHTS))
    return Start(weights, record.epochs_done)


def _keep(run_id: str, run: TrainedRun, experiment: Experiment, artifacts: Artifacts) -> None:
    """Store what the model said of the test and validation samples, and of the plane."""
    if run.validation_true is not None and run.validation_outputs is not None:
        held_back = {"true": run.validation_true, "outputs": run.validation_outputs}
        artifacts.save(run_id, VALIDATION_PREDICTIONS, held_back)
    if run.test_true is None or run.last is None:
        return
    artifacts.save(run_id, PREDICTIONS, {"true": run.test_true, "outputs": run.last.outputs})
    if run.best:
        best = {"true": run.test_true, "outputs": run.best.outputs}
        artifacts.save(run_id, BEST_PREDICTIONS, best)
    if experiment.input_shape == (2,):
        from core.training.boundary import decision_grid  # noqa: PLC0415

        artifacts.save(run_id, BOUNDARY, decision_grid(run.model, experiment))


def _keep_files(
    run_id: str, run: TrainedRun, experiment: Experiment, artifacts: Artifacts, folder: Path
) -> None:
    """Store the model and what callbacks wrote, to download and to go on from."""
    from core.training import save_model, written_by_callbacks  # noqa: PLC0415

    for file in written_by_callbacks(experiment, folder):
        artifacts.save_file(run_id, file.name, file)
    if run.records and not run.reason:
        for file in save_model(run, folder / "model"):
            artifacts.save_file(run_id, file.name, file)


def _send(events: list[Event]) -> None:
    get_worker().log_event(TOPIC, events)


@lru_cache(maxsize=1)
def programs() -> Programs:
    """The programs this worker process keeps, so that a second run like the first starts sooner."""
    from core.training import Programs  # noqa: PLC0415

    return Programs(PROGRAMS)


@lru_cache(maxsize=4)
def _store(url: str) -> RunStore:
    """One store a worker process, kept open between runs."""
    return RunStore(url)
