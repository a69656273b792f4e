"""Keras's `.npz` sets: small files of the true format in its cache, against Keras's own loaders."""

from __future__ import annotations

import importlib
from pathlib import Path

import numpy as np
import pytest

from core import data
from core.data import archives
from core.errors import DatasetUnavailable
from core.experiment import DATASETS, Data

NAMES = tuple(archives.PUBLISHED)


def from_keras(name: str, file: Path, monkeypatch):
    loader = importlib.import_module(f"keras.src.datasets.{name}")
    monkeypatch.setattr(loader, "get_file", lambda *_, **__: str(file))
    return loader.load_data()


@pytest.mark.parametrize("name", NAMES)
def test_arrays_are_those_of_the_loader_of_keras(name, small_archive, monkeypatch):
    (x_train, y_train), (x_test, y_test) = from_keras(name, small_archive(name), monkeypatch)
    raw = data.raw_data(Data(dataset=name), 0)
    for ours, theirs in ((raw.x_train, x_train), (raw.x_test, x_test)):
        np.testing.assert_array_equal(ours.reshape(theirs.shape), theirs.astype(ours.dtype))
    unit = 100_000 if name == "california_housing" else 1
    for ours, theirs in ((raw.y_train, y_train), (raw.y_test, y_test)):
        np.testing.assert_allclose(ours.reshape(theirs.shape), theirs / unit, rtol=1e-7)


@pytest.mark.parametrize("name", NAMES)
def test_set_is_local_once_its_file_is_there(name, small_archive):
    assert not data.is_local(name)
    small_archive(name)
    assert data.is_local(name)


@pytest.mark.parametrize("name", NAMES)
def test_set_stays_local_without_its_file_once_unpacked(name, small_archive):
    file = small_archive(name)
    data.raw_data(Data(dataset=name), 0)
    file.unlink()
    assert data.is_local(name)


@pytest.mark.parametrize("name", NAMES)
def test_set_that_is_nowhere_says_where_it_was_looked_for(name):
    with pytest.raises(DatasetUnavailable) as caught:
        data.raw_data(Data(dataset=name), 0)
    published = archives.PUBLISHED[name]
    for words in (DATASETS[name].title, str(published.cache), published.instead):
        assert words in str(caught.value)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("damage", ["cut", "text", "empty", "other arrays", "pickled", "too few"])
def test_damaged_file_is_told_with_what_to_do(name, damage, small_archive):
    file = small_archive(name)
    with np.load(file) as archive:
        arrays = dict(archive)
    first = next(iter(arrays))
    if damage == "cut":
        file.write_bytes(file.read_bytes()[:-200])
    elif damage == "text":
        file.write_text("not an archive")
    elif damage == "empty":
        file.write_bytes(b"")
    elif damage == "other arrays":
        np.savez(file, something=np.zeros(3))
    elif damage == "pickled":
        np.savez(file, **arrays | {first: np.array([object()])}, allow_pickle=True)
    else:
        np.savez(file, **{name: array[:5] for name, array in arrays.items()})
    with pytest.raises(DatasetUnavailable, match="delete it, or to put an undamaged copy"):
        data.raw_data(Data(dataset=name), 0)


@pytest.mark.parametrize("name", NAMES)
def test_files_and_hashes_are_those_of_keras(name):
    published = archives.PUBLISHED[name]
    source = Path(importlib.import_module(f"keras.src.datasets.{name}").__file__).read_text()
    assert published.hashes.keys() == published.sizes.keys()
    for file, digest in published.hashes.items():
        assert f'"{digest}"' in source
        assert f"{{origin_folder}}{file}" in source


@pytest.mark.parametrize("name", NAMES)
def test_titles_are_those_of_the_cards(name):
    assert archives.PUBLISHED[name].title == DATASETS[name].title


def test_problem_of_boston_is_said():
    assert "segregation" in DATASETS["boston_housing"].caution
