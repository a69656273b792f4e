"""What a worker does with one run: train it, commit each epoch, keep the results."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from distributed import get_worker

from core import data
from core.errors import EpochscopeError
from core.experiment import Experiment
from core.jobs.mail import TOPIC
from core.records import EpochRecord, Progress, Status, as_event
from core.runs import Artifacts, RunStore

if TYPE_CHECKING:
    from core.training import Programs, TrainedRun

PREDICTIONS = "predictions"
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


def _train(run_id: str, store: RunStore, artifacts: Artifacts) -> None:
    # Imported here: the web process imports this module to name `run_job`.
    from core.training import ProgressReporter, StopOnRequest, train  # noqa: PLC0415

    experiment = store.get(run_id).experiment
    _fetch(run_id, experiment)
    _tell(run_id, Progress("Building the network"))

    def on_epoch(record: EpochRecord) -> None:
        store.add_epoch(run_id, record)
        _tell(run_id, record)

    callbacks = [
        ProgressReporter(lambda progress: _tell(run_id, progress)),
        StopOnRequest(lambda: store.stop_requested(run_id)),
    ]
    run = train(experiment, on_epoch, callbacks, programs=programs())
    _keep(run_id, run, experiment, artifacts)
    programs().give_back(experiment, run.program)
    store.settle(run_id, _OUTCOMES[run.outcome], run.reason, run.evaluation)


def _fetch(run_id: str, experiment: Experiment) -> None:
    """Load the data once before training, so that a download shows its progress."""

    def on_download(file: data.DownloadProgress) -> None:
        _tell(run_id, Progress("Downloading the data", detail=str(file)))

    _tell(run_id, Progress("Loading the data"))
    data.fetch(experiment.data.dataset, on_download)


def _keep(run_id: str, run: TrainedRun, experiment: Experiment, artifacts: Artifacts) -> None:
    if run.test_true is None or run.test_outputs is None:
        return
    artifacts.save(run_id, PREDICTIONS, {"true": run.test_true, "outputs": run.test_outputs})
    if experiment.input_shape == (2,):
        from core.training.boundary import decision_grid  # noqa: PLC0415

        artifacts.save(run_id, BOUNDARY, decision_grid(run.model, experiment))


def _tell(run_id: str, news: EpochRecord | Progress) -> None:
    get_worker().log_event(TOPIC, as_event(run_id, news))


@lru_cache(maxsize=1)
def programs() -> Programs:
    """The programs this worker process keeps, so that a second run like the first starts sooner."""
    from core.training import Programs  # noqa: PLC0415

    return Programs(PROGRAMS)


@lru_cache(maxsize=4)
def _store(url: str) -> RunStore:
    """One store a worker process, kept open between runs."""
    return RunStore(url)
