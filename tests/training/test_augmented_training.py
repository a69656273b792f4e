"""Training with augmentation: the same in all loops, again and in parts; nothing else changes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.experiment import Experiment
from core.training import Commit, Programs, build_model, train
from core.training.building import labels_for
from core.training.loops.batches import Batches
from core.training.loops.task import Task
from core.training.plan import epoch_plan
from tests.training.small import arrays, small

RELATIVE = 1e-5
AUGMENTATION = {
    "flip": "horizontal",
    "rotation": 0.1,
    "translation": 0.1,
    "zoom": 0.2,
    "contrast": 0.3,
}
SOME = (AUGMENTATION, {"flip": "both"}, {"contrast": 0.5}, {"flip": "vertical", "zoom": 0.3})
DROPOUT = {"kind": "mlp", "units": 16, "hidden_layers": 2, "dropout": 0.4}


def augmented(augmentation: dict[str, Any] | None = None, **settings: Any) -> Experiment:
    return small(augmentation=augmentation or AUGMENTATION, **settings)


def batches(experiment: Experiment, epoch: int) -> tuple[np.ndarray, np.ndarray]:
    """All batches of an epoch, end to end, as model.fit and GradientTape get them."""
    samples, program = arrays(experiment), Programs(keep=0).take(experiment)
    labels = labels_for(experiment, samples.y_train)
    task = Task(experiment, program, samples.x_train, labels, *(samples.x_test[:0],) * 2, [])
    made = Batches(task)
    dataset = made.dataset()
    made.on_epoch_begin(epoch)
    x, y = zip(*((x.numpy(), y.numpy()) for x, y in dataset), strict=True)
    return np.concatenate(x), np.concatenate(y)


@pytest.mark.parametrize("augmentation", SOME, ids=str)
@pytest.mark.parametrize("loop", ["fit", "tape"])
def test_every_loop_gives_the_numbers_of_the_compiled_one(loop, augmentation):
    expected = train(augmented(augmentation, model=DROPOUT, metrics=None)).history
    found = train(augmented(augmentation, model=DROPOUT, metrics=None, loop=loop)).history
    for name, values in expected.items():
        np.testing.assert_allclose(found[name], values, rtol=RELATIVE, atol=1e-7, err_msg=name)


@pytest.mark.parametrize("loop", ["compiled", "fit", "tape"])
def test_same_experiment_gives_the_same_bits_twice(loop):
    experiment = augmented(loop=loop)
    assert train(experiment).history == train(experiment).history


def test_training_in_two_parts_ends_with_the_same_bits():
    experiment = augmented(model=DROPOUT, epochs=4)
    snapshots = []
    commit = Commit(lambda record, snapshot: snapshots.append(snapshot()))
    whole = train(experiment, callbacks=[commit])
    rest = train(experiment, start=snapshots[1])
    assert rest.history["val_loss"] == whole.history["val_loss"][2:]
    for one, other in zip(rest.model.get_weights(), whole.model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_program_kept_for_one_share_serves_another_with_the_same_bits():
    programs = Programs(keep=1)
    first, second = augmented(), augmented({**AUGMENTATION, "rotation": 0.3})
    program = train(first, programs=programs).program
    programs.give_back(first, program)
    run = train(second, programs=programs)
    assert run.program is program
    assert run.history == train(second).history


def test_program_of_a_network_without_augmentation_is_not_used_with_it():
    programs = Programs(keep=1)
    program = train(small(), programs=programs).program
    programs.give_back(small(), program)
    assert train(augmented(), programs=programs).program is not program


def test_augmentation_changes_what_is_learned():
    assert train(augmented()).history["loss"] != train(small()).history["loss"]


def test_images_are_varied_anew_in_each_epoch_and_labels_stay_with_them():
    # Upside down, an image has the pixels it had: by their sum it is found again.
    experiment = augmented({"flip": "vertical"})
    samples = arrays(experiment)
    sums = samples.x_train.astype(np.float64).sum(axis=(1, 2, 3))
    mirrored = []
    for epoch in (0, 1):
        order = epoch_plan(experiment, len(sums), epoch).order
        x, y = batches(experiment, epoch)
        np.testing.assert_allclose(x.astype(np.float64).sum(axis=(1, 2, 3)), sums[order])
        np.testing.assert_array_equal(y, samples.y_train[order])
        upside_down = (x != samples.x_train[order]).any(axis=(1, 2, 3))
        np.testing.assert_array_equal(x[upside_down], samples.x_train[order][upside_down][:, ::-1])
        mirrored.append(upside_down[np.argsort(order)])
    assert 0.3 < mirrored[0].mean() < 0.7
    assert (mirrored[0] != mirrored[1]).any()


@pytest.mark.parametrize("loop", ["compiled", "fit", "tape"])
def test_validation_and_test_are_what_keras_evaluates_without_augmentation(loop):
    experiment = augmented(loop=loop, metrics=["accuracy"])
    run, samples = train(experiment), arrays(experiment)
    for part, found in (
        ("validation", {name: run.history[f"val_{name}"][-1] for name in ("loss", "accuracy")}),
        ("test", run.evaluation),
    ):
        x, y = getattr(samples, f"x_{part}"), getattr(samples, f"y_{part}")
        expected = run.model.evaluate(x, y, verbose=0, return_dict=True)
        assert found == pytest.approx(expected, rel=1e-6), part


def test_predictions_are_those_of_the_model_for_unchanged_samples():
    experiment = augmented()
    run = train(experiment)
    expected = run.model.predict(arrays(experiment).x_test, verbose=0)
    np.testing.assert_allclose(run.test_outputs, expected, rtol=RELATIVE, atol=1e-7)


def test_model_is_the_one_without_augmentation():
    ours, plain = build_model(augmented(seed=3)), build_model(small(seed=3))
    assert [type(layer) for layer in ours.layers] == [type(layer) for layer in plain.layers]
    for one, other in zip(ours.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
