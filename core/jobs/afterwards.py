"""What a worker does with a run that is over: test it, test it again, and clear up after it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from core import logs
from core.errors import EpochscopeError
from core.jobs import own_data
from core.jobs.commits import PREFIX
from core.jobs.disk import room_needed
from core.jobs.patience import patiently
from core.jobs.results import KeptFiles, keep_results
from core.jobs.workplace import Places, opened, programs, snapshot_of, tidy
from core.records import RunRecord, Status
from core.runs import Artifacts
from core.runs.artifacts import Arrays

_log = logging.getLogger(__name__)


@logs.about_its_run
def end_job(run_id: str, places: Places | None) -> None:
    """Delete an ended run's checkpoints; before, test one that was stopped while it was paused.

    A store or artifacts that are away are waited for, and room on the disk.
    """
    store, artifacts = opened(places)
    record = patiently(lambda: store.get(run_id))
    if not record.status.final:
        return
    try:
        is_untested = record.status is Status.STOPPED and not record.evaluation
        if is_untested and (snapshot := snapshot_of(record, artifacts)):
            patiently(lambda: own_data.bring(record.experiment.data, artifacts, store))
            evaluation = patiently(lambda: _results(record, artifacts, snapshot))
            patiently(lambda: store.add_evaluation(run_id, evaluation))
        patiently(lambda: artifacts.remove(run_id, PREFIX))
    except EpochscopeError as error:
        _log.warning("could not be tested: %s", error, extra={"run": run_id})
    finally:
        tidy()


@logs.about_its_run
def evaluate_job(run_id: str, weights: str, places: Places | None) -> dict[str, float]:
    """Test a finished run's file of weights again; the metrics by name.

    Raises:
        RunNotFound: there is no such run, or it has no such file.
        ResultsDamaged: the file is damaged, or of another network.
        StoreUnavailable: the disk has no room for it.
    """
    from core.training import evaluate  # noqa: PLC0415

    store, artifacts = opened(places)
    experiment = store.get(run_id).experiment
    own_data.bring(experiment.data, artifacts, store)
    with room_needed(), TemporaryDirectory(prefix="epochscope-") as name:
        file = Path(name) / weights
        file.write_bytes(artifacts.read_file(run_id, weights))
        return evaluate(experiment, file, programs=programs())


def _results(record: RunRecord, artifacts: Artifacts, snapshot: Arrays) -> Mapping[str, float]:
    """What the model of a snapshot says of the test samples, kept as of any run's end."""
    from core.training import ended, train  # noqa: PLC0415

    with room_needed(), TemporaryDirectory(prefix="epochscope-") as name:
        folder = Path(name)
        run = train(record.experiment, programs=programs(), folder=folder, start=ended(snapshot))
        files = KeptFiles(record.id, record.experiment, artifacts, folder)
        patiently(lambda: keep_results(record.id, run, record.experiment, artifacts))
        patiently(lambda: files.keep_model(run))
    programs().give_back(record.experiment, run.program)
    return run.evaluation
