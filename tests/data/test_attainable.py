"""The best that noise allows, against an exact integral and a classifier that has all it needs."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.neighbors import KNeighborsClassifier

from core.data import best_possible, raw_data
from core.experiment import Data


@pytest.mark.parametrize("noise", [0.5, 1.0])
def test_three_gaussians_are_told_apart_as_often_as_their_densities_allow(noise):
    side = np.linspace(-6, 6, 601)
    x, y = np.meshgrid(side, side)
    centres = [(-1.0, -0.5), (0.0, 1.0), (1.0, -0.5)]
    densities = [norm.pdf(x, a, noise) * norm.pdf(y, b, noise) for a, b in centres]
    exact = np.max(densities, axis=0).sum() * (side[1] - side[0]) ** 2 / 3
    assert best_possible(Data(dataset="gaussians", noise=noise), "") == pytest.approx(
        exact, abs=0.02
    )


@pytest.mark.parametrize("name", ["moons", "circles", "xor", "spirals"])
def test_many_neighbours_do_hardly_better(name):
    raw = raw_data(Data(dataset=name, noise=0.5, training_samples=5_000), 0)
    neighbours = KNeighborsClassifier(50).fit(raw.x_train, raw.y_train)
    reached = neighbours.score(raw.x_test, raw.y_test)
    assert best_possible(Data(dataset=name, noise=0.5), "") == pytest.approx(reached, abs=0.06)


@pytest.mark.parametrize("name", ["moons", "circles", "xor", "spirals", "gaussians"])
def test_without_noise_all_can_be_right(name):
    assert best_possible(Data(dataset=name, noise=0.0), "") == 1
    assert best_possible(Data(dataset=name, noise=0.05), "") > 0.98


@pytest.mark.parametrize(
    ("loss", "measure"), [("mse", np.square), ("mae", np.abs)], ids=["mse", "mae"]
)
def test_error_of_the_plane_is_that_of_its_noise(loss, measure):
    drawn = np.random.default_rng(0).normal(scale=0.7, size=200_000)
    found = best_possible(Data(dataset="plane", noise=0.7), loss)
    assert found == pytest.approx(measure(drawn).mean(), rel=0.02)


def test_of_measured_data_nobody_knows():
    assert best_possible(Data(dataset="iris"), "") is None
