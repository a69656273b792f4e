"""Predicted against true, and the histogram of errors."""

from __future__ import annotations

import numpy as np

from core.analysis import Regression
from core.figures import (
    residual_histogram_figure,
    residual_histogram_info,
    residuals_figure,
    residuals_info,
)
from core.figures.residuals import BINS, MOST_DOTS, ResidualsInfo

SMALL = Regression(np.array([1.0, 2.0]), np.array([0.5, 3.0]))


def test_info_holds_the_samples_and_the_ends_of_the_diagonal() -> None:
    assert residuals_info(SMALL) == ResidualsInfo((1.0, 2.0), (0.5, 3.0), 0.5, 3.0)


def test_many_samples_are_thinned_to_what_can_be_seen() -> None:
    many = Regression(np.arange(10_000.0), np.arange(10_000.0))
    info = residuals_info(many)
    assert (len(info.true), info.true[0], info.true[-1]) == (MOST_DOTS, 0.0, 9999.0)


def test_no_samples_make_an_empty_plot() -> None:
    assert residuals_info(Regression(np.array([]), np.array([]))) == ResidualsInfo((), (), 0.0, 1.0)


def test_ideal_diagonal_runs_from_corner_to_corner() -> None:
    ideal = residuals_figure(residuals_info(SMALL)).data[-1]
    assert (ideal.x, ideal.y, ideal.line.dash) == ((0.5, 3.0), (0.5, 3.0), "dash")


def test_histogram_is_symmetric_around_no_error() -> None:
    info = residual_histogram_info(SMALL)
    assert (info.edges[0], info.edges[-1], len(info.edges)) == (-1.0, 1.0, BINS + 1)


def test_histogram_counts_every_sample() -> None:
    regression = Regression(np.random.default_rng(0).normal(size=500), np.zeros(500))
    assert sum(residual_histogram_info(regression).counts) == 500


def test_histogram_of_a_perfect_model_has_width() -> None:
    info = residual_histogram_info(Regression(np.array([1.0]), np.array([1.0])))
    assert (info.edges[0], info.edges[-1], sum(info.counts)) == (-1.0, 1.0, 1)


def test_histogram_marks_no_error() -> None:
    line = residual_histogram_figure(residual_histogram_info(SMALL)).layout.shapes[0]
    assert (line.x0, line.x1) == (0, 0)
