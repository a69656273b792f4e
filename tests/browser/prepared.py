"""Runs that have ended, put into the store of a running app without training them."""

from __future__ import annotations

from core.experiment import Experiment
from core.records import EpochRecord, RunRecord, Status
from core.runs import Artifacts, RunStore
from tests.browser.app import App
from tests.predicted import predict

EPOCHS = 6


def finished_run(app: App, **parts: object) -> RunRecord:
    """A run of an experiment that belongs to everybody, with six epochs and its predictions."""
    store = RunStore(f"sqlite:///{app.home / 'runs.sqlite3'}")
    try:
        run = store.create(Experiment.model_validate(parts))
        lease = store.claim(run.id)
        assert lease is not None
        for number in range(EPOCHS):
            lease.add_epoch(_epoch(run, number))
        predict(run, Artifacts(f"file://{app.home / 'artifacts'}"))
        names = _epoch(run, EPOCHS).metrics
        lease.settle(Status.FINISHED, evaluation={name: names[name] for name in _metrics(run)})
        return store.get(run.id)
    finally:
        store.close()


def _metrics(run: RunRecord) -> tuple[str, str]:
    return ("loss", "accuracy" if run.experiment.data.card.classes else "mae")


def _epoch(run: RunRecord, number: int) -> EpochRecord:
    """Losses and errors fall, scores rise, and validation is a little worse."""
    values = {}
    for name in _metrics(run):
        error = 1 / (number + 1.5)
        values[name] = 1 - error if name == "accuracy" else error
        values[f"val_{name}"] = values[name] * (0.9 if name == "accuracy" else 1.1)
    return EpochRecord(number, values, 0.1, 0.001)
