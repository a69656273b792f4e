"""Picking samples from predictions, and the errors of regressions against scikit-learn."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn import metrics

from core.analysis import Predictions, Regression

THREE = Predictions(
    np.array([0, 1, 2, 2, 0]),
    np.array(
        [[0.8, 0.1, 0.1], [0.6, 0.3, 0.1], [0.2, 0.2, 0.6], [0.05, 0.9, 0.05], [0.4, 0.3, 0.3]]
    ),
)


def test_predicted_class_is_the_most_probable() -> None:
    assert THREE.predicted.tolist() == [0, 0, 2, 1, 0]


def test_confidence_is_the_probability_of_the_predicted_class() -> None:
    assert THREE.confidence.tolist() == [0.8, 0.6, 0.6, 0.9, 0.4]


def test_accuracy_is_the_share_of_right_predictions() -> None:
    assert THREE.accuracy == 3 / 5


def test_sigmoid_column_becomes_two_probabilities() -> None:
    sigmoid = Predictions(np.array([1, 0]), np.array([[0.75], [0.25]]))
    assert sigmoid.probabilities.tolist() == [[0.25, 0.75], [0.75, 0.25]]


def test_sigmoid_of_one_half_counts_as_the_first_class() -> None:
    assert Predictions(np.array([0]), np.array([[0.5]])).predicted.tolist() == [0]


@pytest.mark.parametrize(
    ("asked", "indices"),
    [
        ({}, [0, 1, 2, 3, 4]),
        ({"show": "right"}, [0, 2, 4]),
        ({"show": "wrong"}, [1, 3]),
        ({"label": 2}, [2, 3]),
        ({"show": "wrong", "label": 2}, [3]),
        ({"label": 1, "predicted": 0}, [1]),
        ({"show": "right", "label": 1}, []),
    ],
)
def test_select_filters_by_outcome_and_class(asked: dict, indices: list[int]) -> None:
    assert THREE.select(**asked).tolist() == indices


def test_most_confident_samples_come_first() -> None:
    assert THREE.by_confidence(THREE.select()).tolist() == [3, 0, 1, 2, 4]


def test_least_confident_samples_come_first_when_asked() -> None:
    assert THREE.by_confidence(THREE.select(), first="least").tolist() == [4, 1, 2, 0, 3]


def test_most_confident_mistakes_start_with_the_surest() -> None:
    assert THREE.most_confident_mistakes(5).tolist() == [3, 1]


def test_labels_and_outputs_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="2 labels and outputs of shape"):
        Predictions(np.array([0, 1]), np.array([[1.0, 0.0]]))


def test_no_samples_have_accuracy_zero() -> None:
    assert Predictions(np.array([]), np.zeros((0, 3))).accuracy == 0.0


def regression(seed: int) -> Regression:
    rng = np.random.default_rng(seed)
    return Regression(rng.normal(size=50), rng.normal(size=(50, 1)))


@pytest.mark.parametrize("seed", range(5))
def test_regression_errors_match_scikit_learn(seed: int) -> None:
    found = regression(seed)
    expected = [
        metrics.mean_absolute_error(found.true, found.predicted),
        metrics.mean_squared_error(found.true, found.predicted),
        metrics.r2_score(found.true, found.predicted),
    ]
    assert [found.mae, found.mse, found.r2] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("predicted", [[2.0, 2.0], [2.0, 3.0]])
def test_r2_of_a_constant_target_matches_scikit_learn(predicted: list[float]) -> None:
    found = Regression(np.array([2.0, 2.0]), np.array(predicted))
    assert found.r2 == metrics.r2_score(found.true, found.predicted)


def test_r2_of_one_sample_is_not_a_number() -> None:
    assert math.isnan(Regression(np.array([1.0]), np.array([1.0])).r2)


def test_residual_is_positive_where_the_model_said_too_little() -> None:
    assert Regression(np.array([3.0]), np.array([1.0])).residuals.tolist() == [2.0]


def test_largest_errors_come_worst_first() -> None:
    found = Regression(np.zeros(4), np.array([1.0, -3.0, 2.0, 0.0]))
    assert found.largest(2).tolist() == [1, 2]


def test_regression_of_different_lengths_is_refused() -> None:
    with pytest.raises(ValueError, match="1 true numbers but 2 predicted"):
        Regression(np.array([1.0]), np.array([1.0, 2.0]))
