"""Macro precision, recall and F1 equal scikit-learn's (`average="macro"`, `zero_division=0`)."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from sklearn.metrics import f1_score, precision_score, recall_score

from core.training import train
from core.training.metrics import MacroF1, MacroPrecision, MacroRecall, build_metrics
from tests.training.small import arrays, one_hot, small

TOLERANCE = 1e-6
SCORES = {
    "macro_precision": precision_score,
    "macro_recall": recall_score,
    "macro_f1": f1_score,
}
CLASSES = {"macro_precision": MacroPrecision, "macro_recall": MacroRecall, "macro_f1": MacroF1}
NAMES = tuple(SCORES)


def reference(name, true, predicted):
    return SCORES[name](true, predicted, average="macro", zero_division=0)


def drawn(seed: int, count: int, classes: tuple[int, ...], of: int):
    """Labels of only some of the classes, and random outputs for all of them."""
    generator = np.random.default_rng(seed)
    outputs = generator.random((count, of), dtype=np.float32) ** 3
    return generator.choice(classes, count), outputs


def batched(metric, true, outputs, size):
    for start in range(0, len(true), size):
        metric.update_state(true[start : start + size], outputs[start : start + size])
    return float(metric.result())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", [1, 7, 32, 1000])
def test_batches_of_any_size_add_up(name, size):
    true, outputs = drawn(0, 100, tuple(range(5)), 5)
    metric = CLASSES[name](5, name)
    expected = reference(name, true, outputs.argmax(axis=1))
    assert batched(metric, true, outputs, size) == pytest.approx(expected, abs=TOLERANCE)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", range(3))
def test_absent_classes_do_not_count(name, seed):
    true, outputs = drawn(seed, 30, (1, 4), 10)
    outputs[:, [0, 2, 7]] = -1
    metric = CLASSES[name](10, name)
    expected = reference(name, true, outputs.argmax(axis=1))
    assert batched(metric, true, outputs, 8) == pytest.approx(expected, abs=TOLERANCE)


@pytest.mark.parametrize("name", NAMES)
def test_class_that_is_never_predicted_counts_as_zero(name):
    true, outputs = np.array([0, 0, 1, 1]), np.array([[0.9, 0.1]] * 4, np.float32)
    # Only class 0 is predicted: precision 2/4 and 0, recall 1 and 0, F1 2/3 and 0.
    expected = {"macro_precision": 1 / 4, "macro_recall": 1 / 2, "macro_f1": 1 / 3}[name]
    metric = CLASSES[name](2, name)
    assert batched(metric, true, outputs, 4) == pytest.approx(expected, abs=TOLERANCE)


@pytest.mark.parametrize("name", NAMES)
def test_one_hot_labels_count_like_integers(name):
    true, outputs = drawn(3, 50, (0, 1, 2), 4)
    metric = CLASSES[name](4, name)
    expected = reference(name, true, outputs.argmax(axis=1))
    assert batched(metric, one_hot(true, 4), outputs, 9) == pytest.approx(expected, abs=TOLERANCE)


@pytest.mark.parametrize("name", NAMES)
def test_sigmoid_column_is_cut_at_a_half(name):
    true, outputs = drawn(4, 50, (0, 1), 1)
    metric = CLASSES[name](2, name)
    column = true.astype(np.float32)[:, np.newaxis]
    expected = reference(name, true, outputs[:, 0] > 0.5)
    assert batched(metric, column, outputs, 9) == pytest.approx(expected, abs=TOLERANCE)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_counted_is_zero(name):
    assert float(CLASSES[name](3, name).result()) == 0


@pytest.mark.parametrize("name", NAMES)
def test_reset_forgets_the_last_epoch(name):
    metric = CLASSES[name](2, name)
    right, wrong = np.eye(2, dtype=np.float32), np.eye(2, dtype=np.float32)[::-1]
    assert batched(metric, np.array([0, 1]), wrong, 2) == 0
    metric.reset_state()
    assert batched(metric, np.array([0, 1]), right, 2) == 1


@pytest.mark.parametrize(
    ("dataset", "loss"),
    [
        ("digits", None),
        ("digits", "categorical_crossentropy"),
        ("gaussians", "mse"),
        ("moons", "binary_crossentropy"),
    ],
)
def test_validation_scores_of_the_last_epoch_equal_scikit_learn(dataset, loss):
    experiment = small(dataset, loss=loss, learning_rate=0.01, samples=150, metrics=NAMES)
    run = train(experiment)
    samples = arrays(experiment)
    outputs = run.model.predict(samples.x_validation, verbose=0)
    predicted = outputs.argmax(axis=1) if outputs.shape[1] > 1 else outputs[:, 0] > 0.5
    for name in NAMES:
        expected = reference(name, samples.y_validation, predicted)
        assert run.history[f"val_{name}"][-1] == pytest.approx(expected, abs=TOLERANCE), name


ORDERS = [*[(name,) for name in NAMES], *permutations(NAMES), ("macro_f1", "accuracy")]


@pytest.mark.parametrize("names", ORDERS)
def test_metrics_alone_and_in_any_order_count_the_same(names):
    true, outputs = drawn(5, 60, (0, 1, 2, 5), 10)
    metrics = build_metrics(small(metrics=names))
    assert [metric.name for metric in metrics] == list(names)
    for start in range(0, 60, 16):
        for metric in metrics:
            metric.update_state(true[start : start + 16], outputs[start : start + 16])
    predicted = outputs.argmax(axis=1)
    for metric in metrics:
        name = metric.name
        expected = (
            reference(name, true, predicted) if name in SCORES else (true == predicted).mean()
        )
        assert float(metric.result()) == pytest.approx(expected, abs=TOLERANCE), name


def test_metrics_of_a_model_count_each_sample_once_between_them():
    true, outputs = drawn(6, 40, (0, 1, 2), 10)
    metrics = build_metrics(small(metrics=NAMES))
    for metric in metrics:
        metric.update_state(true, outputs)
    assert [float(np.sum(metric.matrix)) for metric in metrics] == [40, 40, 40]


@pytest.mark.parametrize("names", [("macro_f1",), ("macro_f1", "accuracy", "macro_recall")])
def test_metrics_in_a_run_start_anew_with_every_epoch(names):
    experiment = small(metrics=names)
    run = train(experiment)
    samples = arrays(experiment)
    predicted = run.model.predict(samples.x_validation, verbose=0).argmax(axis=1)
    expected = reference("macro_f1", samples.y_validation, predicted)
    assert run.history["val_macro_f1"][-1] == pytest.approx(expected, abs=TOLERANCE)
