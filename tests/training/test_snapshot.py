"""A snapshot holds all a run needs to go on as if it had never ended, in each loop."""

from __future__ import annotations

import json

import numpy as np
import pytest

from core.training import Commit, ended, train
from tests.training.small import AtBatch, small

BATCHES = 5  # an epoch
CALLBACKS = {
    "early_stopping": {"monitor": "val_loss", "patience": 2, "restore_best_weights": True},
    "plateau": {"monitor": "val_loss", "patience": 1, "factor": 0.5},
    "checkpoint": {"monitor": "val_loss", "best_only": True},
    "csv": True,
}


def experiment(loop: str, min_delta: float):
    network = {"kind": "mlp", "units": 8, "dropout": 0.3, "batch_normalization": True}
    found = small(model=network, loop=loop, epochs=7).model_dump()
    found["callbacks"] |= CALLBACKS
    found["callbacks"]["early_stopping"] = CALLBACKS["early_stopping"] | {"min_delta": min_delta}
    return type(small()).model_validate(found)


def trained(wanted):
    """The run, and the snapshot after each of its epochs."""
    snapshots = []
    run = train(wanted, callbacks=[Commit(lambda _, take: snapshots.append(take()))])
    return run, snapshots


@pytest.fixture(scope="module", params=["compiled", "fit", "tape"])
def loop(request) -> str:
    return request.param


@pytest.fixture(scope="module", params=[0.0, 0.2], ids=["to the last epoch", "stopping early"])
def whole(request, loop):
    wanted = experiment(loop, request.param)
    return wanted, *trained(wanted)


@pytest.fixture(scope="module", params=[0, 1, -1], ids=["first", "second", "last"])
def part(request, whole):
    """A run that goes on after one of the epochs, and that epoch."""
    wanted, run, snapshots = whole
    after = range(len(snapshots))[request.param]
    return train(wanted, start=snapshots[after]), run, after


def test_epochs_after_a_snapshot_are_the_same_to_the_bit(part):
    again, run, after = part
    assert [epoch.metrics for epoch in again.records] == [
        epoch.metrics for epoch in run.records[after + 1 :]
    ]


def test_weights_at_the_end_are_the_same_to_the_bit(part):
    again, run, _ = part
    for mine, other in zip(again.model.get_weights(), run.model.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, other)


def test_test_results_are_the_same_to_the_bit(part):
    again, run, _ = part
    assert again.evaluation == run.evaluation
    assert again.best_epoch == run.best_epoch
    np.testing.assert_array_equal(again.test_outputs, run.test_outputs)


def test_log_that_goes_on_is_the_same_file(part):
    again, run, _ = part
    assert (again.folder / "epochs.csv").read_bytes() == (run.folder / "epochs.csv").read_bytes()


def test_snapshot_taken_within_the_next_epoch_is_that_of_the_last(loop):
    wanted, takes, late = experiment(loop, 0.0), [], []
    at_batch = AtBatch(2 * BATCHES + 2, lambda: late.append(takes[-1]()))
    snapshots = []

    def on_commit(_, take):
        takes.append(take)
        snapshots.append(take())

    train(wanted, callbacks=[Commit(on_commit), at_batch])
    assert set(late[0]) == set(snapshots[1])
    for name, values in late[0].items():
        np.testing.assert_array_equal(values, snapshots[1][name])


def test_ended_snapshot_is_tested_and_not_trained():
    wanted = small(epochs=5)
    _, snapshots = trained(wanted)
    run = train(wanted, start=ended(snapshots[1]))
    assert run.records == ()
    assert run.evaluation
    assert train(small(epochs=2), start=None).evaluation == run.evaluation


def test_run_that_diverged_is_not_tested_after_its_snapshot_either():
    wanted = small(dataset="diabetes", optimizer="sgd", learning_rate=100.0, epochs=20)
    run, snapshots = trained(wanted)
    again = train(wanted, start=snapshots[-1])
    assert (run.outcome, again.outcome) == ("diverged", "diverged")
    assert again.reason == run.reason
    assert again.evaluation == {}


def test_snapshot_of_an_earlier_version_is_gone_on_from():
    run, snapshots = trained(small())
    about = json.loads(str(snapshots[0]["about"]))
    del about["callbacks"][-1]
    again = train(small(), start=snapshots[0] | {"about": np.array(json.dumps(about))})
    assert again.evaluation == run.evaluation


def test_snapshot_needs_no_pickle(tmp_path):
    _, snapshots = trained(experiment("compiled", 0.0))
    np.savez(tmp_path / "snapshot.npz", allow_pickle=False, **snapshots[-1])
    with np.load(tmp_path / "snapshot.npz", allow_pickle=False) as found:
        assert set(found.files) == set(snapshots[-1])
