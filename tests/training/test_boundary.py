"""The decision grid covers the training points, and each output belongs to its point."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from core.training import build_model
from core.training.boundary import RESOLUTION, decision_grid
from tests.training.small import arrays, small


def known_model(kernel: list[list[float]]) -> keras.Model:
    """A model whose answer at (x, y) is (x, y) @ kernel."""
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(len(kernel[0]))])
    model.set_weights([np.array(kernel), np.zeros(len(kernel[0]))])
    return model


@pytest.mark.parametrize("dataset", ["moons", "gaussians", "plane"])
def test_output_at_row_i_and_column_j_belongs_to_x_j_and_y_i(dataset):
    # One output that tells x and y apart, and one of each alone.
    grid = decision_grid(known_model([[10, 1, 0], [1, 0, 1]]), small(dataset))
    for i, j in [(0, 0), (0, 99), (99, 0), (17, 61)]:
        x, y = grid["x"][j], grid["y"][i]
        np.testing.assert_allclose(grid["outputs"][i, j], [10 * x + y, x, y], rtol=1e-5, atol=1e-5)


def test_grid_has_a_value_for_every_place_and_output():
    grid = decision_grid(build_model(small("gaussians")), small("gaussians"))
    assert grid["x"].shape == grid["y"].shape == (RESOLUTION,)
    assert grid["outputs"].shape == (RESOLUTION, RESOLUTION, 3)
    np.testing.assert_allclose(grid["outputs"].sum(axis=2), 1, atol=1e-5)


def test_grid_is_a_tenth_wider_than_the_points_on_every_side():
    experiment = small("moons", validation_split=0)
    points = arrays(experiment).x_train
    grid = decision_grid(known_model([[1], [1]]), experiment)
    for axis, name in enumerate(("x", "y")):
        low, high = points[:, axis].min(), points[:, axis].max()
        margin = 0.1 * (high - low)
        assert grid[name][0] == pytest.approx(low - margin, rel=1e-5)
        assert grid[name][-1] == pytest.approx(high + margin, rel=1e-5)
        steps = np.diff(grid[name])
        np.testing.assert_allclose(steps, steps.mean(), rtol=1e-3)
