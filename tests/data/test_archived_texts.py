"""IMDB and Reuters from small files of the true format, against Keras's own loaders."""

from __future__ import annotations

import importlib
import os
import pickle
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest

from core import data
from core.data import archived_texts
from core.errors import DatasetUnavailable
from core.experiment import DATASETS, Data
from tests.data.conftest import TRAIN, WORDS, archived_texts_of, lists, text_files

NAMES = tuple(archived_texts.PUBLISHED)


def from_keras(name: str, archive: Path, monkeypatch):
    loader = importlib.import_module(f"keras.src.datasets.{name}")
    monkeypatch.setattr(loader, "get_file", lambda *_, **__: str(archive))
    return loader.load_data(num_words=200)


@pytest.mark.parametrize("name", NAMES)
def test_texts_are_those_of_the_loader_of_keras(name, small_texts, monkeypatch):
    (x_train, y_train), (x_test, y_test) = from_keras(name, small_texts(name), monkeypatch)
    raw = data.raw_data(Data(dataset=name), 0)
    for ours, theirs in ((raw.x_train, x_train), (raw.x_test, x_test)):
        np.testing.assert_array_equal(ours, keras.utils.pad_sequences(theirs, 30))
    np.testing.assert_array_equal(raw.y_train, y_train)
    np.testing.assert_array_equal(raw.y_test, y_test)


@pytest.mark.parametrize("name", NAMES)
def test_words_are_those_of_the_index(name, small_texts):
    small_texts(name)
    settings = Data(dataset=name)
    row = data.raw_data(settings, 0).x_train[:1]
    words = [WORDS[token - 4] if token > 3 else "[?]" for token in row[0] if token not in (0, 1)]
    assert data.texts(settings.card, row) == (" ".join(words),)


@pytest.mark.parametrize("name", NAMES)
def test_set_can_be_read_without_its_files_once_unpacked(name, small_texts):
    archive = small_texts(name)
    settings = Data(dataset=name)
    before = data.texts(settings.card, data.raw_data(settings, 0).x_train[:3])
    for file in text_files(name):
        archive.with_name(file).unlink()
    data.registry.forget()
    assert data.is_local(name)
    assert data.texts(settings.card, data.raw_data(settings, 0).x_train[:3]) == before


@pytest.mark.parametrize("name", NAMES)
def test_set_that_is_nowhere_says_where_it_was_looked_for(name):
    with pytest.raises(DatasetUnavailable) as caught:
        data.raw_data(Data(dataset=name), 0)
    for words in (DATASETS[name].title, str(archived_texts.PUBLISHED[name].cache), "novels"):
        assert words in str(caught.value)


class Hostile:
    """A pickle of it would make a folder when read by Python's own reader."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self):
        return os.mkdir, (str(self.folder),)


def test_pickle_that_would_run_something_is_refused_and_does_not(small_texts, tmp_path):
    archive = small_texts("imdb")
    content = np.empty(TRAIN, object)
    content[:] = [Hostile(tmp_path / "harm")] * TRAIN
    np.savez(archive, **(archived_texts_of("imdb", 2) | {"x_train": content}))
    with pytest.raises(DatasetUnavailable, match="cannot be used"):
        data.raw_data(Data(dataset="imdb"), 0)
    assert not (tmp_path / "harm").exists()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("share", [0.2, 0.6, 0.99])
def test_file_cut_short_says_what_to_do(name, share, small_texts):
    archive = small_texts(name)
    content = archive.read_bytes()
    archive.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(DatasetUnavailable, match="delete it"):
        data.raw_data(Data(dataset=name), 0)


def test_other_number_of_texts_is_refused(small_texts):
    archive = small_texts("imdb")
    x, y = lists(TRAIN + 1, 2)
    np.savez(archive, **(archived_texts_of("imdb", 2) | {"x_train": x, "y_train": y}))
    with pytest.raises(DatasetUnavailable, match="cannot be used"):
        data.raw_data(Data(dataset="imdb"), 0)


def test_word_index_that_cannot_be_read_leaves_texts_without_words(small_texts):
    archive = small_texts("imdb")
    archive.with_name(text_files("imdb")[1]).write_text("{")
    settings = Data(dataset="imdb")
    found = data.texts(settings.card, data.raw_data(settings, 0).x_train[:1])[0]
    assert set(found.split()) == {"[?]"}


def test_file_written_by_keras_of_today_is_a_pickle_in_an_archive(small_texts):
    with zipfile.ZipFile(small_texts("imdb")) as archive, archive.open("x_train.npy") as file:
        assert b"'descr': '|O'" in file.read(128)
        assert isinstance(pickle.load(file), np.ndarray)
