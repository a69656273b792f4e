"""Smoothing, best epochs, gaps and times, against hand-worked numbers."""

from __future__ import annotations

import numpy as np
import pytest

from core.analysis import best_epoch, gap, lower_is_better, seconds_left, seconds_per_epoch, smooth

NAN = float("nan")


def test_smoothing_divides_by_the_weight_seen_so_far() -> None:
    # By hand: 1·0.5/0.5 = 1; (0.25·1 + 0.5·3)/0.75 = 7/3; (0.125 + 0.75 + 0.5·5)/0.875 = 27/7
    np.testing.assert_allclose(smooth([1, 3, 5], 0.5), [1, 7 / 3, 27 / 7], rtol=1e-15)


def test_smoothing_is_the_weighted_mean_of_the_past() -> None:
    values = np.random.default_rng(0).normal(size=30)
    weights = [0.8 ** np.arange(n, -1, -1) for n in range(30)]
    expected = [np.average(values[: n + 1], weights=weights[n]) for n in range(30)]
    np.testing.assert_allclose(smooth(values, 0.8), expected, rtol=1e-12)


def test_smoothing_weight_zero_changes_nothing() -> None:
    assert smooth([1.0, 9.0, 4.0], 0).tolist() == [1.0, 9.0, 4.0]


def test_smoothing_keeps_nan_in_place_and_skips_it() -> None:
    found = smooth([1, NAN, 3], 0.5)
    np.testing.assert_allclose(found, [1, NAN, 7 / 3], rtol=1e-15)


def test_smoothing_leaves_a_constant_untouched() -> None:
    assert smooth([0.1] * 50, 0.9).tolist() == [0.1] * 50


def test_smoothing_of_nothing_is_nothing() -> None:
    assert smooth([], 0.5).tolist() == []


@pytest.mark.parametrize("weight", [-0.1, 1.0])
def test_smoothing_weight_outside_its_range_is_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="smoothing weight"):
        smooth([1.0], weight)


@pytest.mark.parametrize("metric", ["loss", "val_loss", "mae", "val_mse"])
def test_errors_are_better_when_lower(metric: str) -> None:
    assert lower_is_better(metric)


@pytest.mark.parametrize("metric", ["accuracy", "val_accuracy", "macro_f1"])
def test_scores_are_better_when_higher(metric: str) -> None:
    assert not lower_is_better(metric)


@pytest.mark.parametrize(
    ("metric", "values", "best"),
    [
        ("val_loss", [3, 1, 2], 1),
        ("val_accuracy", [0.3, 0.1, 0.2], 0),
        ("val_loss", [2, 1, 1], 1),
        ("accuracy", [0.5, 0.9, 0.9], 1),
        ("loss", [NAN, 2, NAN, 1], 3),
        ("accuracy", [float("inf"), 0.5], 1),
        ("loss", [NAN, NAN], None),
        ("loss", [], None),
    ],
)
def test_best_epoch(metric: str, values: list[float], best: int | None) -> None:
    assert best_epoch(values, metric) == best


@pytest.mark.parametrize(
    ("metric", "train", "validation"), [("loss", 0.2, 0.5), ("accuracy", 0.5, 0.2)]
)
def test_gap_is_positive_where_validation_is_worse(
    metric: str, train: float, validation: float
) -> None:
    np.testing.assert_allclose(gap([train], [validation], metric), [0.3])


def test_pace_is_the_median_of_the_last_five_epochs() -> None:
    assert seconds_per_epoch([60, 50, 1, 2, 3, 4, 90]) == 3


def test_time_left_is_the_pace_times_the_epochs_to_come() -> None:
    assert seconds_left([9, 2, 2], planned_epochs=10) == 14


def test_time_left_is_unknown_before_the_first_epoch() -> None:
    assert seconds_left([], planned_epochs=10) is None


def test_no_time_is_left_after_the_last_epoch() -> None:
    assert seconds_left([2, 2], planned_epochs=2) == 0
