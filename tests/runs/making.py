"""Epochs and runs as the tests of the store need them."""

from __future__ import annotations

from core.experiment import Experiment, OwnData
from core.records import EpochRecord, Status
from core.runs import Lease, RunStore


def epoch(number: int, **metrics: float) -> EpochRecord:
    return EpochRecord(number, metrics or {"loss": 1 / (number + 1)}, 0.5, 0.001)


def claimed(store: RunStore, run_id: str) -> Lease:
    """The lease of a run that is queued."""
    lease = store.claim(run_id)
    assert lease is not None
    return lease


def running(store: RunStore) -> Lease:
    """The lease of a new run."""
    return claimed(store, store.create(Experiment()).id)


def overtaken(store: RunStore) -> tuple[Lease, Lease]:
    """The lease of a worker that was given up, and of the one that took its place."""
    late = running(store)
    assert store.restart(late.run_id, most=3)
    return late, claimed(store, late.run_id)


def paused(store: RunStore) -> str:
    """A run that was laid down after its first epoch."""
    lease = running(store)
    lease.add_epoch(epoch(0))
    assert store.pause(lease.run_id)
    assert lease.pause()
    return lease.run_id


def in_state(store: RunStore, status: Status) -> str:
    """A run of this status."""
    if status is Status.QUEUED:
        return store.create(Experiment()).id
    if status is Status.PAUSED:
        return paused(store)
    lease = running(store)
    if status.final:
        lease.settle(status)
    return lease.run_id


def own_facts(**changes: object) -> OwnData:
    """The facts of somebody's table of two features and two classes."""
    facts = {
        "key": "0" * 64,
        "title": "Flowers",
        "kind": "table",
        "task": "classification",
        "shape": (2,),
        "classes": ("no", "yes"),
        "features": ("height", "width"),
        "train_size": 80,
        "test_size": 20,
    }
    return OwnData.model_validate({**facts, **changes})


def own_experiment(**changes: object) -> Experiment:
    """An experiment on somebody's own data."""
    return Experiment.model_validate({"data": {"dataset": "own", "own": own_facts(**changes)}})
