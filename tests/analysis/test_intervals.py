"""Intervals agree with SciPy's and with published examples."""

from __future__ import annotations

import pytest
from scipy.stats import binomtest

from core.analysis import Score, difference


@pytest.mark.parametrize(
    ("right", "total"), [(0, 10), (10, 10), (18, 20), (5, 8), (50, 80), (812, 1000), (1, 1)]
)
def test_interval_of_a_score_is_scipys_of_wilson(right, total):
    expected = binomtest(right, total).proportion_ci(0.95, "wilson")
    assert Score(right, total).interval == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_without_samples_anything_may_be():
    assert Score(0, 0).interval == (0, 1)
    assert Score(0, 0).share == 0


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [  # Newcombe (1998), table II, method 10
        (Score(56, 70), Score(48, 80), 0.0524, 0.3339),
        (Score(9, 10), Score(3, 10), 0.1705, 0.8090),
        (Score(10, 10), Score(0, 20), 0.6791, 1.0),
    ],
)
def test_interval_of_a_difference_is_that_published(first, second, low, high):
    assert difference(first, second) == pytest.approx((low, high), abs=5e-5)


def test_scores_add_up():
    assert Score(9, 10) + Score(80, 90) == Score(89, 100)
