"""Decision regions under the samples."""

from __future__ import annotations

import numpy as np
import pytest

from core.figures import boundary_figure, boundary_info, points_info

NAN = np.nan
POINTS = points_info({"train": ([[0.0, 0.0]], [0])}, ("Inner", "Outer"))
NUMBERS = points_info({"train": ([[0.0, 0.0]], [0.5])}, ())
GRID = np.array([[[0.75, 0.25], [0.25, 0.75]]], dtype=np.float32)
X, Y = [0.0, 1.0], [0.0]


def test_region_holds_the_confidence_where_its_class_wins() -> None:
    info = boundary_info(X, Y, GRID, POINTS)
    np.testing.assert_array_equal(info.regions[0].confidence, [[0.75, NAN]])
    np.testing.assert_array_equal(info.regions[1].confidence, [[NAN, 0.75]])


def test_margin_is_the_lead_over_the_best_other_class() -> None:
    np.testing.assert_array_equal(
        boundary_info(X, Y, GRID, POINTS).regions[0].margin, [[0.5, -0.5]]
    )


def test_sigmoid_becomes_two_regions() -> None:
    sigmoid = boundary_info(X, Y, GRID[..., 1:], POINTS)
    np.testing.assert_array_equal(sigmoid.regions[1].confidence, [[NAN, 0.75]])


@pytest.mark.parametrize("outputs", [[[1.0, 2.0]], [[[1.0], [2.0]]]])
def test_regression_values_are_kept_as_they_are(outputs: list) -> None:
    info = boundary_info(X, Y, outputs, NUMBERS)
    np.testing.assert_array_equal(info.values, [[1.0, 2.0]])


def test_regression_has_no_regions() -> None:
    assert boundary_info(X, Y, [[1.0, 2.0]], NUMBERS).regions == ()


def test_two_classes_share_one_border() -> None:
    figure = boundary_figure(boundary_info(X, Y, GRID, POINTS))
    assert [trace.type for trace in figure.data].count("contour") == 1


def test_wrong_samples_are_crossed_so_that_their_colour_stays_in_sight() -> None:
    figure = boundary_figure(boundary_info(X, Y, GRID, POINTS, wrong=[[0.5, 2.0]]))
    cross = figure.data[-2]
    assert (cross.marker.symbol, list(cross.x), list(cross.y)) == ("x-thin-open", [0.5], [2.0])
    assert cross.marker.line.width < 2


def test_nothing_is_crossed_without_mistakes() -> None:
    figure = boundary_figure(boundary_info(X, Y, GRID, POINTS))
    assert "Wrong" not in [trace.name for trace in figure.data]
