"""Generated sets: the shapes they claim, balanced classes, and test points of their own."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kstest
from sklearn.datasets import make_circles, make_moons

from core.data import generated, raw_data
from core.data.streams import Stream
from core.experiment import DATASETS, Data

NAMES = [card.name for card in DATASETS.values() if card.generated]
CLASSES = [name for name in NAMES if name != "plane"]


def points(name: str, count: int = 500, noise: float = 0.15, seed: int = 0):
    return raw_data(Data(dataset=name, training_samples=count, noise=noise), seed)


def rows(points: np.ndarray, labels: np.ndarray) -> list[tuple[float, ...]]:
    """Points and labels as sorted rows, so that sets can be compared in any order."""
    return sorted(map(tuple, np.column_stack([labels, points]).round(5) + 0.0))


@pytest.mark.parametrize("count", [100, 501])
@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("moons", make_moons),
        ("circles", lambda count: make_circles(count, factor=0.5)),
    ],
)
def test_points_without_noise_are_those_of_scikit_learn(name, reference, count):
    raw = points(name, count, noise=0)
    np.testing.assert_allclose(rows(raw.x_train, raw.y_train), rows(*reference(count)), atol=2e-5)


@pytest.mark.parametrize("noise", [0.15, 0.5])
@pytest.mark.parametrize("name", ["moons", "circles", "gaussians"])
def test_noise_is_the_standard_deviation_in_each_direction(name, noise):
    card = DATASETS[name]
    noisy = generated.draw(card, 20_000, noise, 0).x_train.var(axis=0)
    clean = generated.draw(card, 20_000, 0, 0).x_train.var(axis=0)
    np.testing.assert_allclose(noisy - clean, noise**2, atol=0.02)


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("count", [100, 499])
def test_classes_differ_by_at_most_one_point(name, count):
    raw = points(name, count)
    sizes = np.bincount(raw.y_train)
    assert len(sizes) == DATASETS[name].class_count
    assert np.ptp(sizes) <= 1


@pytest.mark.parametrize("name", CLASSES)
def test_classes_are_mixed_and_not_in_a_row(name):
    assert np.count_nonzero(np.diff(points(name).y_train)) > 100


def test_upper_moon_is_the_first_class():
    raw = points("moons")
    assert raw.x_train[raw.y_train == 0, 1].mean() > raw.x_train[raw.y_train == 1, 1].mean()


def test_outer_circle_is_the_first_class():
    raw = points("circles", noise=0)
    radius = np.hypot(*raw.x_train.T)
    np.testing.assert_allclose(radius, np.where(raw.y_train == 0, 1.0, 0.5), rtol=1e-6)


def test_spirals_are_each_other_turned_by_half():
    raw = points("spirals", noise=0)
    first, second = (raw.x_train[raw.y_train == label] for label in (0, 1))
    np.testing.assert_allclose(sorted(map(tuple, first)), sorted(map(tuple, -second)), atol=1e-6)


def test_spirals_keep_their_distance():
    raw = points("spirals", 2000, noise=0)
    first, second = (raw.x_train[raw.y_train == label] for label in (0, 1))
    outer = first[np.hypot(*first.T) > 1]
    apart = np.hypot(*(outer[:, None] - second).transpose(2, 0, 1)).min()
    assert apart == pytest.approx(0.86, abs=0.05)


def test_xor_labels_follow_the_signs():
    raw = points("xor", noise=0)
    mixed = raw.x_train[:, 0] * raw.x_train[:, 1] < 0
    np.testing.assert_array_equal(raw.y_train, mixed)


def test_xor_fills_all_four_corners_alike():
    raw = points("xor", 4000, noise=0)
    corner = 2 * (raw.x_train[:, 0] > 0) + (raw.x_train[:, 1] > 0)
    assert np.bincount(corner).min() > 900


def test_gaussians_lie_left_on_top_and_right():
    raw = points("gaussians")
    left, top, right = (raw.x_train[raw.y_train == label].mean(axis=0) for label in range(3))
    assert left[0] < top[0] < right[0]
    assert top[1] > max(left[1], right[1])


def test_plane_without_noise_is_its_formula():
    raw = points("plane", noise=0)
    x, y = raw.x_train.T.astype(float)
    expected = 0.8 * x - 0.5 * y + 0.3 * np.sin(4 * x)
    np.testing.assert_allclose(raw.y_train[:, 0], expected, atol=1e-6)


def test_plane_noise_is_on_the_target_only():
    clean, noisy = (points("plane", 20_000, noise) for noise in (0, 0.4))
    np.testing.assert_array_equal(clean.x_train, noisy.x_train)
    assert (noisy.y_train - clean.y_train).std() == pytest.approx(0.4, rel=0.05)


def test_plane_targets_are_a_column_of_float32():
    raw = points("plane")
    assert raw.y_train.shape == (500, 1)
    assert raw.y_train.dtype == np.float32


@pytest.mark.parametrize("name", NAMES)
def test_same_seed_gives_the_same_points(name):
    one, two = (generated.draw(DATASETS[name], 300, 0.1, 4) for _ in range(2))
    np.testing.assert_array_equal(one.x_train, two.x_train)
    np.testing.assert_array_equal(one.y_test, two.y_test)


@pytest.mark.parametrize("name", NAMES)
def test_another_seed_gives_other_points(name):
    one, two = (generated.draw(DATASETS[name], 300, 0.1, seed) for seed in (4, 5))
    assert not np.array_equal(one.x_train, two.x_train)
    assert not np.array_equal(one.x_test, two.x_test)


@pytest.mark.parametrize("name", NAMES)
def test_test_points_do_not_depend_on_how_many_are_trained_on(name):
    few, many = (points(name, count) for count in (100, 900))
    np.testing.assert_array_equal(few.x_test, many.x_test)
    np.testing.assert_array_equal(few.y_test, many.y_test)


def shared_points(name: str, noise: float) -> set[tuple[float, ...]]:
    raw = points(name, 500, noise)
    return {*map(tuple, raw.x_train)} & {*map(tuple, raw.x_test)}


@pytest.mark.parametrize("name", NAMES)
def test_no_test_point_is_a_training_point(name):
    assert not shared_points(name, noise=0.15)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "gaussians"])
def test_no_test_point_is_a_training_point_even_without_noise(name):
    assert not shared_points(name, noise=0)


def test_gaussians_without_noise_are_three_points():
    assert len(shared_points("gaussians", noise=0)) == 3


@pytest.mark.parametrize("name", NAMES)
def test_test_points_are_spread_as_training_points_are(name):
    raw = points(name, 5000, seed=2)
    for axis in range(2):
        assert kstest(raw.x_train[:, axis], raw.x_test[:, axis]).pvalue > 0.001


def test_streams_of_one_seed_are_the_children_numpy_spawns():
    children = np.random.SeedSequence(11).spawn(len(Stream))
    for stream, child in zip(Stream, children, strict=True):
        assert stream.generator(11).random() == np.random.default_rng(child).random()


def test_train_and_test_streams_are_uncorrelated():
    train = Stream.TRAIN_POINTS.generator(0).normal(size=10_000)
    test = Stream.TEST_POINTS.generator(0).normal(size=10_000)
    assert abs(np.corrcoef(train, test)[0, 1]) < 0.05
