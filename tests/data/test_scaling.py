"""Scaling, against NumPy's own figures: fitted to the samples trained on, and to no others."""

from __future__ import annotations

import numpy as np
import pytest

from core import data
from core.data.arrays import Split
from core.data.scaling import Scale
from core.experiment import Data

TABLES = ("iris", "wine", "breast_cancer", "diabetes")
SCALERS = ("standard", "minmax", "robust")
# float32 of values computed in float64.
RELATIVE, ABSOLUTE = 1e-5, 1e-5


def expected(name: str, values: np.ndarray, fitted_to: np.ndarray) -> np.ndarray:
    """By the formulas in scikit-learn's documentation."""
    values, known = values.astype(np.float64), fitted_to.astype(np.float64)
    if name == "standard":
        return (values - known.mean(axis=0)) / known.std(axis=0)
    if name == "minmax":
        return (values - known.min(axis=0)) / (known.max(axis=0) - known.min(axis=0))
    low, middle, high = np.percentile(known, (25, 50, 75), axis=0)
    return (values - middle) / (high - low)


@pytest.mark.parametrize("scaling", SCALERS)
@pytest.mark.parametrize("table", TABLES)
def test_every_part_is_scaled_by_the_samples_trained_on(table, scaling):
    settings = Data(dataset=table, scaling=scaling)
    raw, found = data.raw_data(settings, 3), data.load(settings, 3)
    trained_on = raw.x_train[found.split.train]
    for ours, stored in (
        (found.x_train, trained_on),
        (found.x_validation, raw.x_train[found.split.validation]),
        (found.x_test, raw.x_test),
    ):
        wanted = expected(scaling, stored, trained_on)
        np.testing.assert_allclose(ours, wanted, rtol=RELATIVE, atol=ABSOLUTE)
        assert ours.dtype == np.float32


@pytest.mark.parametrize("scaling", SCALERS)
def test_samples_held_back_tell_the_scaler_nothing(scaling):
    settings = Data(dataset="wine", scaling=scaling)
    raw = data.raw_data(settings, 0)
    parts = data.split(raw, settings, 0)
    spoiled = raw.x_train.copy()
    spoiled[parts.validation] *= 1_000
    other = data.RawData(spoiled, raw.y_train, raw.x_test * 1_000, raw.y_test)
    plain, after = Scale(raw, settings, parts), Scale(other, settings, parts)
    np.testing.assert_array_equal(plain(raw.x_test), after(raw.x_test))


def test_no_scaling_leaves_the_numbers_as_measured():
    settings = Data(dataset="iris", scaling="none")
    raw, found = data.raw_data(settings, 0), data.load(settings, 0)
    np.testing.assert_array_equal(found.x_test, raw.x_test)


def test_tables_are_standardized_unless_something_else_is_said():
    assert Data(dataset="wine").scaler == "standard"


def test_points_are_left_alone_unless_something_else_is_said():
    assert Data(dataset="moons").scaler == "none"


def test_nothing_to_scale_is_no_error():
    settings = Data(dataset="iris", validation_split=0)
    assert data.load(settings, 0).x_validation.shape == (0, 4)


def test_feature_that_never_changes_becomes_zero():
    settings = Data(dataset="iris")
    raw = data.raw_data(settings, 0)
    same = raw.x_train.copy()
    same[:, 1] = 3.5
    raw = data.RawData(same, raw.y_train, raw.x_test, raw.y_test)
    everything = Split(np.arange(120), np.arange(0))
    assert not Scale(raw, settings, everything)(same)[:, 1].any()
