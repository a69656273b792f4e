"""Counts, examples and histograms agree with the arrays, counted another way."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from core.data import class_counts, examples, load, raw_data, value_histogram
from core.experiment import Data

DIGITS = Data(dataset="digits", training_samples=600)


def test_class_counts_are_those_of_the_arrays():
    ready, counted = load(DIGITS, 2), class_counts(DIGITS, 2)
    for part in ("train", "validation", "test"):
        expected = Counter(getattr(ready, f"y_{part}").tolist())
        assert getattr(counted, part) == tuple(expected[label] for label in range(10))


def test_class_counts_without_validation_are_zero():
    counted = class_counts(Data(dataset="moons", validation_split=0), 0)
    assert counted.validation == (0, 0)


def test_regression_has_no_class_counts():
    assert class_counts(Data(dataset="plane"), 0).train == ()


def test_examples_show_the_class_asked_for():
    raw = raw_data(DIGITS, 0)
    rows = examples(raw, 7, 12)
    assert set(raw.y_train[rows]) == {7}
    assert len(set(rows)) == 12


def test_examples_are_the_same_for_the_same_seed_and_others_for_another():
    raw = raw_data(DIGITS, 0)
    assert examples(raw, 7, 12, seed=1).tolist() == examples(raw, 7, 12, seed=1).tolist()
    assert examples(raw, 7, 12, seed=1).tolist() != examples(raw, 7, 12, seed=2).tolist()


def test_examples_of_one_class_after_another_lie_at_one_place_of_the_file():
    raw = raw_data(Data(dataset="fashion_mnist_10k"), 0)
    rows = np.concatenate([examples(raw, label, 3, seed=4) for label in range(10)])
    assert np.ptp(rows) < 1000  # of 10,000


def test_seeds_show_examples_from_everywhere():
    raw = raw_data(Data(dataset="fashion_mnist_10k"), 0)
    firsts = [examples(raw, 3, 1, seed).item() for seed in range(200)]
    assert len(set(firsts)) > 150
    assert min(firsts) < 1000
    assert max(firsts) > 9000


def test_examples_are_no_more_than_there_are():
    raw = raw_data(DIGITS, 0)
    assert len(examples(raw, 7, 10_000)) == np.count_nonzero(raw.y_train == 7)


def test_examples_without_a_class_come_from_all():
    raw = raw_data(Data(dataset="plane"), 0)
    rows = examples(raw, None, 40)
    assert len(set(rows)) == 40
    assert rows.max() < len(raw.x_train)


def test_pixel_histogram_has_a_bin_for_each_of_few_levels():
    raw, ready = raw_data(DIGITS, 0), load(DIGITS, 0)
    (pixels,) = value_histogram(DIGITS, 0)
    values = raw.x_train[ready.split.train].ravel()
    assert pixels.edges.tolist() == list(range(18))
    assert pixels.counts.tolist() == [np.count_nonzero(values == level) for level in range(17)]
    assert pixels.looked_at == pixels.total == values.size


@pytest.mark.parametrize("bins", [32, 50, 256, 1000])
def test_pixel_bins_are_whole_and_alike_and_cover_the_range(bins):
    (pixels,) = value_histogram(Data(dataset="fashion_mnist_10k"), 0, bins)
    widths = np.diff(pixels.edges)
    assert len(pixels.counts) == len(widths) <= bins
    assert set(widths.tolist()) == {int(np.ceil(256 / bins))}
    assert pixels.edges[0] == 0
    assert pixels.edges[-1] >= 256


def test_pixel_histogram_tells_how_many_values_it_looked_at():
    (pixels,) = value_histogram(Data(dataset="fashion_mnist_10k"), 0)
    assert pixels.looked_at == pixels.counts.sum() == 1000 * 784
    assert pixels.total == 8000 * 784


def test_pixel_histogram_of_a_sample_is_close_to_that_of_all():
    data = Data(dataset="fashion_mnist_10k")
    raw, ready = raw_data(data, 0), load(data, 0)
    (pixels,) = value_histogram(data, 0)
    everything, _ = np.histogram(raw.x_train[ready.split.train], pixels.edges)
    np.testing.assert_allclose(
        pixels.counts / pixels.looked_at, everything / pixels.total, atol=0.01
    )


def test_stored_images_are_in_no_order_of_their_classes():
    labels = raw_data(Data(dataset="fashion_mnist_10k"), 0).y_train
    for start in range(0, 8001, 1000):
        counted = np.bincount(labels[start : start + 2000], minlength=10)
        assert np.abs(counted - 200).max() < 5 * 12  # standard error: 12


@pytest.mark.parametrize("seed", [0, 1])
def test_pixel_histogram_counts_only_samples_that_are_trained_on(seed):
    data = Data(dataset="fashion_mnist_10k", training_samples=1_250, validation_split=0.2)
    raw, ready = raw_data(data, seed), load(data, seed)
    (pixels,) = value_histogram(data, seed)
    expected, _ = np.histogram(raw.x_train[ready.split.train], pixels.edges)
    np.testing.assert_array_equal(pixels.counts, expected)


def test_points_have_a_histogram_for_each_feature():
    ready = load(Data(dataset="moons"), 0)
    found = value_histogram(Data(dataset="moons"), 0, 20)
    assert [histogram.name for histogram in found] == ["x", "y"]
    for axis, histogram in enumerate(found):
        expected, edges = np.histogram(ready.x_train[:, axis], 20)
        np.testing.assert_array_equal(histogram.counts, expected)
        np.testing.assert_array_equal(histogram.edges, edges)
        assert histogram.looked_at == histogram.total == 400


def test_regression_has_a_histogram_of_its_target_too():
    found = value_histogram(Data(dataset="plane"), 0)
    assert [histogram.name for histogram in found] == ["x", "y", "target"]
