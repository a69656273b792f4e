"""A run that goes on from another's end is what that one would have become, to the last bit."""

from __future__ import annotations

import json

import numpy as np
import pytest

from core.experiment import Experiment
from core.records import LAST_WEIGHTS
from core.training import Start, build_model, continued, save_model, train
from tests.training.calling import LOOPS, calling
from tests.training.small import arrays, small

NETWORK = {"kind": "mlp", "units": 8, "dropout": 0.3, "batch_normalization": True}
BEST = 4  # the epoch, from 0, whose validation loss no later one of `rising` reaches


def rising(epochs: int = 10, **callbacks):
    """Wrong labels, learned at a high rate."""
    given = small(epochs=epochs, learning_rate=0.1).model_dump(mode="json")
    given["data"]["label_noise"] = 0.4
    return Experiment.model_validate(given | {"callbacks": callbacks})


def for_epochs(experiment, epochs: int):
    training = experiment.training.model_copy(update={"epochs": epochs})
    return experiment.model_copy(update={"training": training})


def gone_on(experiment, *lengths: int, folder=None):
    """The run of so many epochs, then as many more each, as parent, child, grandchild, …"""
    runs, done, start = [], 0, None
    for more in lengths:
        done += more
        runs.append(train(for_epochs(experiment, done), start=start, folder=folder))
        start = continued(runs[-1].state())
    return runs


def assert_same_end(one, other):
    assert one.evaluation == other.evaluation
    assert (one.end_epoch, one.best_epoch) == (other.end_epoch, other.best_epoch)
    for mine, its in zip(one.model.get_weights(), other.model.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, its)
    assert len(one.best_weights) == len(other.best_weights)
    for mine, its in zip(one.best_weights, other.best_weights, strict=True):
        np.testing.assert_array_equal(mine, its)


@pytest.mark.parametrize("loop", LOOPS)
def test_epochs_and_more_epochs_are_a_run_of_all_of_them(loop, tmp_path):
    experiment = calling(
        small(model=NETWORK, loop=loop, epochs=6, learning_rate=0.05, metrics=["accuracy"]),
        early_stopping={"monitor": "val_loss", "patience": 9, "restore_best_weights": True},
        plateau={"monitor": "val_loss", "patience": 1, "factor": 0.5},
        checkpoint={"monitor": "val_loss", "best_only": True, "weights_only": True},
        csv=True,
    )
    whole = train(experiment, folder=tmp_path / "whole")
    runs = gone_on(experiment, 2, 2, 2, folder=tmp_path / "parts")
    epochs = [record.metrics for run in runs for record in run.records]
    assert epochs == [record.metrics for record in whole.records]
    rates = [record.learning_rate for run in runs for record in run.records]
    assert rates == [record.learning_rate for record in whole.records]
    assert_same_end(runs[-1], whole)
    logs = [(tmp_path / name / "epochs.csv").read_bytes() for name in ("whole", "parts")]
    assert logs[0] == logs[1]


def test_best_epoch_of_a_parent_stays_the_best_with_its_weights():
    parent, child, grandchild = gone_on(rising(), 6, 2, 1)
    assert parent.best_epoch == child.best_epoch == grandchild.best_epoch == BEST
    alone = train(rising(BEST + 1))
    for mine, expected in zip(grandchild.best_weights, alone.model.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, expected)
    assert grandchild.best.evaluation == alone.evaluation != grandchild.evaluation


def test_child_that_gets_better_has_a_best_epoch_of_its_own():
    experiment = small(learning_rate=0.01)
    parent, child = gone_on(experiment, 1, 2)
    assert (parent.best_epoch, child.best_epoch) == (0, 2)


@pytest.fixture(scope="module")
def stopped_early():
    """A run that early stopping ended, and one that goes on from it."""
    stopping = {"monitor": "val_loss", "patience": 2, "restore_best_weights": True}
    experiment = rising(20, early_stopping=stopping)
    parent = train(experiment)
    return parent, train(experiment, start=continued(parent.state()))


def test_early_stopping_waits_anew_and_keeps_the_best(stopped_early):
    parent, child = stopped_early
    assert len(parent.records) == BEST + 3
    assert (parent.end_epoch, child.end_epoch) == (BEST, BEST)
    assert [record.epoch for record in child.records] == [BEST + 3, BEST + 4]
    assert min(child.history["val_loss"]) > min(parent.history["val_loss"])
    for mine, its in zip(child.model.get_weights(), parent.model.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, its)


def test_child_goes_on_from_the_last_epoch_and_not_from_the_restored_weights(stopped_early):
    _, child = stopped_early
    whole = train(rising(BEST + 5))
    assert child.history["loss"] == whole.history["loss"][BEST + 3 :]


def test_validation_loss_of_restored_weights_is_that_of_their_epoch(stopped_early):
    parent, child = stopped_early
    samples = arrays(rising())
    found = child.model.evaluate(samples.x_validation, samples.y_validation, verbose=0)
    assert found == pytest.approx(parent.history["val_loss"][child.end_epoch], rel=1e-5)


def test_checkpoint_is_written_only_for_what_is_better_than_the_parents_best(tmp_path):
    experiment = rising(checkpoint={"monitor": "val_loss", "weights_only": True})
    parent, _ = gone_on(experiment, 6, 2, folder=tmp_path)
    [file] = (tmp_path / "checkpoints").iterdir()
    model = build_model(experiment)
    model.load_weights(file)
    for mine, best in zip(model.get_weights(), parent.best_weights, strict=True):
        np.testing.assert_array_equal(mine, best)


def test_cosine_of_a_run_that_goes_on_is_that_of_all_epochs():
    experiment = calling(small(epochs=4), schedule={"kind": "cosine"})
    _, child = gone_on(experiment, 2, 2)
    whole = train(experiment)
    assert [record.learning_rate for record in child.records] == [
        record.learning_rate for record in whole.records[2:]
    ]


def test_without_the_state_of_its_parent_the_best_is_sought_among_its_own_epochs(tmp_path):
    parent = train(rising(6))
    list(save_model(parent, tmp_path))
    child = train(rising(8), start=Start(tmp_path / LAST_WEIGHTS, 6))
    assert child.best_since == 6
    assert child.best_epoch == 6 + int(np.argmin(child.history["val_loss"]))
    grandchild = train(rising(9), start=continued(child.state()))
    assert grandchild.best_since == 6


def test_scaled_targets_of_an_earlier_version_go_on_with_a_new_optimizer(tmp_path):
    given = small("diabetes", epochs=1).model_dump()
    given["data"]["target_scaling"] = "standard"
    experiment = Experiment.model_validate(given)
    parent = train(experiment)
    list(save_model(parent, tmp_path))
    start = Start(tmp_path / LAST_WEIGHTS, 1)
    begun = train(experiment, start=start)  # no epochs are left to train
    for mine, its in zip(begun.model.get_weights(), parent.model.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, its)
    assert int(begun.model.optimizer.iterations) == 0 < int(parent.model.optimizer.iterations)


def test_state_of_a_run_taken_up_after_its_last_epoch_is_that_of_its_end():
    run = train(small())
    again = train(small(), start=run.state())
    mine, other = again.state(), run.state()
    assert json.loads(str(mine["about"])) == json.loads(str(other["about"]))
    for name in other.keys() - {"about"}:
        np.testing.assert_array_equal(mine[name], other[name])
