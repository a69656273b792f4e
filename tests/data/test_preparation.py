"""What training gets: dtypes, ranges and rows."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.preprocessing import LabelBinarizer

from core.data import load, one_hot, raw_data, rescale
from core.experiment import DATASETS, Data


@pytest.mark.parametrize(("name", "highest"), [("fashion_mnist_10k", 255), ("digits", 16)])
def test_images_are_divided_by_their_highest_value(name, highest):
    data = Data(dataset=name)
    raw, ready = raw_data(data, 0), load(data, 0)
    expected = raw.x_train[ready.split.train].astype("float32") / highest
    np.testing.assert_array_equal(ready.x_train, expected)
    np.testing.assert_array_equal(ready.x_test, raw.x_test.astype("float32") / highest)


def test_points_stay_as_they_are():
    data = Data(dataset="spirals")
    raw, ready = raw_data(data, 0), load(data, 0)
    np.testing.assert_array_equal(ready.x_train, raw.x_train[ready.split.train])
    np.testing.assert_array_equal(ready.x_test, raw.x_test)


@pytest.mark.parametrize("name", ["fashion_mnist_10k", "digits", "moons", "plane"])
def test_inputs_are_float32(name):
    ready = load(Data(dataset=name), 0)
    for x in (ready.x_train, ready.x_validation, ready.x_test):
        assert x.dtype == np.float32


def test_classes_are_int64_and_targets_a_float32_column():
    assert load(Data(dataset="digits"), 0).y_train.dtype == np.int64
    plane = load(Data(dataset="plane"), 0)
    assert (plane.y_train.dtype, plane.y_train.shape) == (np.float32, (400, 1))


def test_empty_validation_keeps_the_shape_of_a_sample():
    ready = load(Data(dataset="digits", validation_split=0), 0)
    assert ready.x_validation.shape == (0, 8, 8, 1)
    assert ready.y_validation.shape == (0,)


def test_prepared_arrays_may_be_changed_without_harm_to_the_stored_ones():
    before = raw_data(Data(dataset="moons"), 0).x_test.copy()
    load(Data(dataset="moons"), 0).x_test[:] = 0
    np.testing.assert_array_equal(raw_data(Data(dataset="moons"), 0).x_test, before)


def test_rescaling_maps_the_range_of_the_card_to_0_and_1():
    ends = rescale(np.array([0, 16], np.uint8), DATASETS["digits"])
    assert ends.tolist() == [0, 1]
    assert ends.dtype == np.float32


def test_one_hot_is_that_of_scikit_learn():
    labels = np.array([2, 0, 3, 3, 1])
    encoded = one_hot(labels, 4)
    np.testing.assert_array_equal(encoded, LabelBinarizer().fit(range(4)).transform(labels))
    assert encoded.dtype == np.float32
