"""The bundled tables, against scikit-learn's own, and what is told of them."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import datasets

from core import data
from core.experiment import DATASETS, Data

TABLES = ("iris", "wine", "breast_cancer", "diabetes")


def original(name: str):
    load = getattr(datasets, f"load_{name}")
    return load(scaled=False) if name == "diabetes" else load()


def in_order(features: np.ndarray, target: np.ndarray) -> np.ndarray:
    rows = np.column_stack([features, np.ravel(target)]).astype(np.float32)
    return rows[np.lexsort(rows.T)]


@pytest.mark.parametrize("name", TABLES)
def test_table_has_every_row_of_the_original_once(name):
    raw = data.raw_data(Data(dataset=name), 0)
    ours = in_order(
        np.concatenate([raw.x_train, raw.x_test]), np.concatenate([raw.y_train, raw.y_test])
    )
    np.testing.assert_array_equal(ours, in_order(original(name).data, original(name).target))


@pytest.mark.parametrize("name", [name for name in TABLES if DATASETS[name].classes])
def test_classes_are_named_in_the_original_order(name):
    names = [str(one).replace("class_", "cultivar ") for one in original(name).target_names]
    ours = [one.lower() for one in DATASETS[name].classes]
    if name == "wine":
        ours = [f"cultivar {int(one[-1]) - 1}" for one in ours]
    assert ours == names


@pytest.mark.parametrize("name", TABLES)
def test_features_are_as_many_as_the_columns(name):
    assert len(DATASETS[name].features) == original(name).data.shape[1]


@pytest.mark.parametrize("name", [name for name in TABLES if DATASETS[name].classes])
def test_test_samples_have_the_shares_of_the_classes(name):
    raw = data.raw_data(Data(dataset=name), 0)
    whole = np.bincount(np.concatenate([raw.y_train, raw.y_test])) / (
        len(raw.y_train) + len(raw.y_test)
    )
    found = np.bincount(raw.y_test) / len(raw.y_test)
    np.testing.assert_allclose(found, whole, atol=1 / len(raw.y_test))


@pytest.mark.parametrize("name", TABLES)
def test_correlation_is_that_of_the_columns(name):
    settings = Data(dataset=name)
    raw = data.raw_data(settings, 5)
    rows = data.split(raw, settings, 5).train
    found = data.correlation(settings, 5)
    one, two = raw.x_train[rows, 0].astype(float), raw.x_train[rows, 1].astype(float)
    one, two = one - one.mean(), two - two.mean()
    by_hand = (one * two).sum() / np.sqrt((one**2).sum() * (two**2).sum())
    assert found[0, 1] == pytest.approx(by_hand, abs=1e-6)
    assert found.shape == (len(DATASETS[name].features) + (name == "diabetes"),) * 2
