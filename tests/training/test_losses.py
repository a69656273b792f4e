"""Losses and penalties equal values worked out here in NumPy from the first weights.

Keras sums in single precision: a relative tolerance of 1e-5.
"""

from __future__ import annotations

import numpy as np
import pytest

from core.training import build_model, train
from core.training.building import labels_for
from tests.training.small import arrays, one_hot, small

RELATIVE = 1e-5
LINEAR = {"kind": "mlp", "hidden_layers": 0}


def first_outputs(experiment, model=None) -> np.ndarray:
    model = model or build_model(experiment)
    return np.asarray(model(arrays(experiment).x_train), np.float64)


def first_loss(experiment, model=None) -> float:
    """The compiled loss of all training samples."""
    samples, model = arrays(experiment), model or build_model(experiment)
    labels = labels_for(experiment, samples.y_train)
    return model.evaluate(samples.x_train, labels, verbose=0, return_dict=True)["loss"]


def one_batch(dataset, loss, model=LINEAR):
    """All samples in one batch: the loss of the first epoch is that of the first weights."""
    return small(dataset, model, loss=loss, epochs=1, batch_size=80)


def cross_entropy(outputs, labels):
    return -np.log(outputs[np.arange(len(labels)), labels]).mean()


@pytest.mark.parametrize("loss", ["sparse_categorical_crossentropy", "categorical_crossentropy"])
def test_cross_entropy_is_minus_the_log_of_the_true_class(loss):
    experiment = one_batch("digits", loss)
    expected = cross_entropy(first_outputs(experiment), arrays(experiment).y_train)
    assert first_loss(experiment) == pytest.approx(expected, rel=RELATIVE)


def test_binary_cross_entropy_is_that_of_one_probability():
    experiment = one_batch("moons", "binary_crossentropy")
    true, outputs = arrays(experiment).y_train, first_outputs(experiment)[:, 0]
    expected = -np.log(np.where(true == 1, outputs, 1 - outputs)).mean()
    assert first_loss(experiment) == pytest.approx(expected, rel=RELATIVE)


@pytest.mark.parametrize(("loss", "error"), [("mse", np.square), ("mae", np.abs)])
def test_errors_of_numbers(loss, error):
    experiment = one_batch("plane", loss)
    expected = error(arrays(experiment).y_train - first_outputs(experiment)).mean()
    assert first_loss(experiment) == pytest.approx(expected, rel=RELATIVE)


@pytest.mark.parametrize(("loss", "error"), [("mse", np.square), ("mae", np.abs)])
def test_errors_of_classes_compare_one_hot_rows(loss, error):
    experiment = one_batch("digits", loss)
    rows = one_hot(arrays(experiment).y_train, 10)
    expected = error(rows - first_outputs(experiment)).mean()
    assert first_loss(experiment) == pytest.approx(expected, rel=RELATIVE)


@pytest.mark.parametrize("where", ["kernel_regularizer", "bias_regularizer"])
@pytest.mark.parametrize("penalty", [{"l1": 0.1}, {"l2": 0.2}, {"l1": 0.1, "l2": 0.2}])
def test_penalty_is_added_to_the_loss(where, penalty):
    layers = [{"kind": "Flatten"}, {"kind": "Dense", "units": 5, where: penalty}]
    experiment = one_batch("digits", None, {"kind": "custom", "layers": layers})
    model = build_model(experiment)
    generator = np.random.default_rng(0)
    # Fresh biases are zero and would prove nothing.
    model.set_weights([generator.normal(size=w.shape) for w in model.get_weights()])
    weights = model.layers[1].get_weights()[where == "bias_regularizer"]
    expected = (
        cross_entropy(first_outputs(experiment, model), arrays(experiment).y_train)
        + penalty.get("l1", 0) * np.abs(weights).sum()
        + penalty.get("l2", 0) * np.square(weights).sum()
    )
    assert first_loss(experiment, model) == pytest.approx(expected, rel=RELATIVE)


def test_penalty_of_a_builder_is_in_the_history():
    experiment = one_batch("digits", None, {"kind": "mlp", "units": 6, "l1": 0.01, "l2": 0.02})
    kernel = build_model(experiment).get_weights()[0]
    penalty = 0.01 * np.abs(kernel).sum() + 0.02 * np.square(kernel).sum()
    expected = cross_entropy(first_outputs(experiment), arrays(experiment).y_train) + penalty
    assert penalty > 0.1
    assert train(experiment).history["loss"][0] == pytest.approx(expected, rel=RELATIVE)


@pytest.mark.parametrize(
    ("dataset", "loss", "expected"),
    [
        ("digits", None, np.array([2, 0], np.int64)),
        ("gaussians", "categorical_crossentropy", np.array([[0, 0, 1], [1, 0, 0]], np.float32)),
        ("moons", "binary_crossentropy", np.array([[1], [0]], np.float32)),
    ],
)
def test_labels_have_the_form_the_loss_takes(dataset, loss, expected):
    labels = np.array([1, 0]) if dataset == "moons" else np.array([2, 0])
    found = labels_for(small(dataset, loss=loss), labels)
    np.testing.assert_array_equal(found, expected)
    assert found.dtype == expected.dtype
