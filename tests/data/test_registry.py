"""Datasets by name: every card can be loaded and is what it says."""

from __future__ import annotations

import numpy as np
import pytest

from core.data import archived_texts, archives, cifar, is_local, load, raw_data
from core.data.registry import LOADERS, PUBLISHED
from core.experiment import DATASETS, Data


@pytest.fixture
def everything(published, small_archive, small_cifar, small_texts, tmp_path):
    """Small published sets are on this computer, so that all can be loaded."""
    published(tmp_path / "debian")
    for name in archives.PUBLISHED:
        small_archive(name)
    for name in cifar.PUBLISHED:
        small_cifar(name)
    for name in archived_texts.PUBLISHED:
        small_texts(name)


def parts_of(name: str, seed: int = 1):
    card, raw = DATASETS[name], raw_data(Data(dataset=name), seed)
    return card, ((raw.x_train, raw.y_train), (raw.x_test, raw.y_test))


def test_every_card_has_a_loader_and_every_loader_a_card():
    assert set(LOADERS) == set(DATASETS)


def stored_type(card):
    if card.is_text:
        return np.uint16
    return np.uint8 if card.is_image else np.float32


@pytest.mark.parametrize("name", DATASETS)
def test_arrays_have_the_shape_of_the_card(name, everything):
    card, parts = parts_of(name)
    for x, y in parts:
        assert x.shape[1:] == card.shape
        assert x.dtype == stored_type(card)
        assert y.shape == ((len(x), 1) if card.task == "regression" else (len(x),))
        assert y.dtype == (np.float32 if card.task == "regression" else np.int64)


@pytest.mark.parametrize("name", DATASETS)
def test_arrays_have_the_sizes_of_the_card(name, everything):
    card, ((x_train, _), (x_test, _)) = parts_of(name)
    assert len(x_train) == (card.default_samples if card.generated else card.train_size)
    assert len(x_test) == card.test_size


# Reuters is divided by chance, as Keras does it: few texts need not show all of its 46 classes.
@pytest.mark.parametrize(
    "name", [name for name in DATASETS if DATASETS[name].classes and name != "reuters"]
)
def test_both_parts_show_all_classes_of_the_card(name, everything):
    card, parts = parts_of(name)
    for _, y in parts:
        assert np.unique(y).tolist() == list(range(card.class_count))


@pytest.mark.parametrize("name", [name for name in DATASETS if DATASETS[name].value_range])
def test_values_fill_the_range_of_the_card(name, everything):
    card, parts = parts_of(name)
    for x, _ in parts:
        assert (x.min(), x.max()) == card.value_range


@pytest.mark.parametrize("name", DATASETS)
def test_arrays_cannot_be_written_to(name, everything):
    _, parts = parts_of(name)
    for x, y in parts:
        for array in (x, y):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 0


@pytest.mark.parametrize("name", DATASETS)
def test_trained_samples_are_rows_of_the_training_part_only(name, everything):
    data = Data(dataset=name)
    raw, ready = raw_data(data, 1), load(data, 1)
    rows = np.concatenate([ready.split.train, ready.split.validation])
    assert len(set(rows)) == data.pool_count
    assert rows.min() >= 0
    assert rows.max() < len(raw.x_train)
    np.testing.assert_array_equal(ready.y_train, raw.y_train[ready.split.train])
    np.testing.assert_array_equal(ready.y_validation, raw.y_train[ready.split.validation])
    np.testing.assert_array_equal(ready.y_test, raw.y_test)


@pytest.mark.parametrize("name", [name for name in DATASETS if name not in PUBLISHED])
def test_set_that_comes_with_epochscope_is_local(name):
    assert is_local(name)


def test_stored_set_is_loaded_once_whatever_the_settings():
    one = raw_data(Data(dataset="digits"), 0)
    assert raw_data(Data(dataset="digits", training_samples=100, noise=0.3), 5) is one


def test_generated_set_is_drawn_once_for_the_same_points():
    one = raw_data(Data(dataset="moons"), 0)
    assert raw_data(Data(dataset="moons", validation_split=0.5), 0) is one


@pytest.mark.parametrize("change", [{"noise": 0.3}, {"training_samples": 400}])
def test_generated_set_is_drawn_anew_for_other_points(change):
    one = raw_data(Data(dataset="moons"), 0)
    assert raw_data(Data(dataset="moons", **change), 0) is not one
