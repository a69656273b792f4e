"""A run that goes on from another keeps what one run of all the epochs would have kept."""

from __future__ import annotations

import numpy as np
import pytest

from core.experiment import Experiment
from core.jobs import BEST_BOUNDARY, BEST_PREDICTIONS, BOUNDARY, KEPT_WEIGHTS, LAST_STATE, work
from core.jobs.afterwards import evaluate_job
from core.records import BEST_WEIGHTS, LAST_WEIGHTS, Status

CALLBACKS = {
    "checkpoint": {"monitor": "loss", "best_only": False, "weights_only": True},
    "csv": True,
    "tensorboard": True,
}


def points(epochs: int) -> Experiment:
    """At this rate, the validation loss is lowest before the last epochs."""
    return Experiment.model_validate(
        {
            "data": {"dataset": "moons", "training_samples": 100, "noise": 0.5},
            "model": {"kind": "mlp", "units": 8},
            "training": {"epochs": epochs, "learning_rate": 0.5, "metrics": []},
            "callbacks": CALLBACKS,
        }
    )


@pytest.fixture(autouse=True)
def _unheard(monkeypatch):
    monkeypatch.setattr(work, "_send", lambda events: None)


@pytest.fixture
def runs(store, places):
    """A run of eight epochs, and one of five that was gone on from for three."""
    whole, parent = store.create(points(8)), store.create(points(5))
    work.run_job(whole.id, places)
    work.run_job(parent.id, places)
    child = store.continue_from(parent.id, points(8))
    work.run_job(child.id, places)
    return whole.id, parent.id, child.id


def test_all_that_is_kept_is_that_of_one_run(runs, store, places, artifacts):
    whole, _, child = runs
    found, expected = store.get(child), store.get(whole)
    assert (found.status, found.evaluation) == (Status.FINISHED, expected.evaluation)
    assert [epoch.metrics for epoch in store.epochs(child)] == [
        epoch.metrics for epoch in store.epochs(whole)
    ]
    kept = artifacts.load(child, KEPT_WEIGHTS)
    assert kept == artifacts.load(whole, KEPT_WEIGHTS)
    losses = [epoch.metrics["val_loss"] for epoch in store.epochs(child)]
    assert int(kept["best"]) == int(np.argmin(losses)) < 5
    for name in (BEST_PREDICTIONS, BOUNDARY, BEST_BOUNDARY):
        mine, other = artifacts.load(child, name), artifacts.load(whole, name)
        for key, values in other.items():
            np.testing.assert_array_equal(mine[key], values, err_msg=f"{name} {key}")
    best = artifacts.load(child, BEST_BOUNDARY)["outputs"]
    assert not np.array_equal(best, artifacts.load(child, BOUNDARY)["outputs"])
    assert artifacts.files(child).keys() == artifacts.files(whole).keys()
    for name in ("epochs.csv", "epoch-0001.weights.h5"):
        assert artifacts.read_file(child, name) == artifacts.read_file(whole, name), name
    for weights in (LAST_WEIGHTS, BEST_WEIGHTS):
        assert evaluate_job(child, weights, places) == evaluate_job(whole, weights, places)


def test_parent_of_an_earlier_version_is_gone_on_from_with_a_best_epoch_of_its_own(
    runs, store, places, artifacts
):
    _, parent, _ = runs
    artifacts.remove(parent, LAST_STATE)
    child = store.continue_from(parent, points(8))
    work.run_job(child.id, places)
    kept = artifacts.load(child.id, KEPT_WEIGHTS)
    losses = [epoch.metrics["val_loss"] for epoch in store.epochs(child.id)]
    assert int(kept["since"]) == 5
    assert int(kept["best"]) == 5 + int(np.argmin(losses[5:]))
