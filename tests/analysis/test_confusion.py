"""Confusion counts and class scores, against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from core.analysis import class_report, confusion_matrix, normalize_rows

TOLERANCE = 1e-12


def labels(seed: int, classes: int = 6, count: int = 200) -> tuple[np.ndarray, np.ndarray]:
    """Random labels that leave some of `classes` out of the true or the predicted ones."""
    rng = np.random.default_rng(seed)
    present = rng.choice(classes, size=rng.integers(1, classes + 1), replace=False)
    guessed = rng.choice(classes, size=rng.integers(1, classes + 1), replace=False)
    return rng.choice(present, count), rng.choice(guessed, count)


@pytest.mark.parametrize("seed", range(20))
def test_counts_match_scikit_learn(seed: int) -> None:
    true, predicted = labels(seed)
    expected = metrics.confusion_matrix(true, predicted, labels=range(6))
    np.testing.assert_array_equal(confusion_matrix(true, predicted, 6), expected)


@pytest.mark.parametrize("average", ["precision", "recall", "f1"])
@pytest.mark.parametrize("seed", range(20))
def test_macro_average_matches_scikit_learn(seed: int, average: str) -> None:
    true, predicted = labels(seed)
    report = class_report(confusion_matrix(true, predicted, 6))
    oracle = getattr(metrics, f"{average}_score")
    expected = oracle(true, predicted, average="macro", zero_division=0)
    assert getattr(report.macro, average) == pytest.approx(expected, abs=TOLERANCE)


@pytest.mark.parametrize("seed", range(20))
def test_class_scores_match_scikit_learn(seed: int) -> None:
    true, predicted = labels(seed)
    report = class_report(confusion_matrix(true, predicted, 6))
    expected = metrics.precision_recall_fscore_support(
        true, predicted, labels=range(6), zero_division=0
    )
    found = [(row.precision, row.recall, row.f1, row.support) for row in report.classes]
    np.testing.assert_allclose(found, np.transpose(expected), atol=TOLERANCE)


def test_accuracy_is_the_share_on_the_diagonal() -> None:
    assert class_report(np.array([[3, 1], [0, 4]])).accuracy == 7 / 8


def test_matrix_is_int64() -> None:
    assert confusion_matrix([0], [1], 2).dtype == np.int64


def test_matrix_of_no_samples_scores_zero_everywhere() -> None:
    report = class_report(confusion_matrix([], [], 3))
    assert (report.accuracy, report.macro.f1, report.macro.support) == (0.0, 0.0, 0)


def test_normalized_rows_are_shares_and_an_empty_class_stays_zero() -> None:
    shares = normalize_rows(np.array([[1, 3], [0, 0]]))
    np.testing.assert_array_equal(shares, [[0.25, 0.75], [0.0, 0.0]])


def test_labels_outside_the_classes_are_refused() -> None:
    with pytest.raises(ValueError, match="labels from 0 to 3 were given, but 3 classes"):
        confusion_matrix([0, 3], [0, 1], 3)


def test_labels_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="2 true labels but 1 predicted"):
        confusion_matrix([0, 1], [0], 2)
