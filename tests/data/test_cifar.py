"""CIFAR: small archives of the true format, against Keras's own loaders; and hostile ones."""

from __future__ import annotations

import importlib
import pickle
import shutil
import tarfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core import data
from core.data import cifar, registry
from core.errors import DatasetUnavailable
from core.experiment import DATASETS, Data
from tests.data.conftest import cifar_files, packed

NAMES = tuple(cifar.PUBLISHED)
FOLDERS = {"cifar10": "cifar-10-batches-py", "cifar100": "cifar-100-python"}


def family(name: str) -> str:
    return name.partition("_")[0]


def from_keras(name: str, file: Path, monkeypatch):
    """What Keras's loader makes of an archive, whose true number of images it takes for granted."""
    loader = importlib.import_module(f"keras.src.datasets.{family(name)}")
    folder = file.parent / "unpacked"
    with tarfile.open(file) as archive:
        archive.extractall(folder)  # it was made here
    monkeypatch.setattr(loader, "get_file", lambda *_, **__: str(folder))
    if name != "cifar10":
        return loader.load_data(label_mode=name.partition("_")[2])
    read = importlib.import_module("keras.src.datasets.cifar").load_batch
    batches = [read(folder / FOLDERS[name] / f"data_batch_{number}") for number in range(1, 6)]
    images = np.concatenate([images for images, _ in batches]).transpose(0, 2, 3, 1)
    test, labels = read(folder / FOLDERS[name] / "test_batch")
    train = images, np.concatenate([labels for _, labels in batches])
    return train, (test.transpose(0, 2, 3, 1), np.array(labels))


@pytest.mark.parametrize("name", NAMES)
def test_arrays_are_those_of_the_loader_of_keras(name, small_cifar, monkeypatch):
    (x_train, y_train), (x_test, y_test) = from_keras(name, small_cifar(name), monkeypatch)
    raw = data.raw_data(Data(dataset=name), 0)
    np.testing.assert_array_equal(raw.x_train, x_train)
    np.testing.assert_array_equal(raw.x_test, x_test)
    np.testing.assert_array_equal(raw.y_train, y_train.ravel())
    np.testing.assert_array_equal(raw.y_test, y_test.ravel())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("layout", ["Keras 3", "Keras 2", "Keras 3, unpacked", "Keras 2, unpacked"])
def test_what_keras_has_downloaded_is_found(name, layout, small_cifar, home):
    file, inner = small_cifar(name), FOLDERS[family(name)]
    expected = data.raw_data(Data(dataset=name), 0).x_test.copy()
    shutil.rmtree(home / "datasets")
    if layout == "Keras 3":
        file.rename(file.parent / f"{inner}-target_archive")
    elif layout == "Keras 2":
        file.rename(file.parent / f"{inner}.tar.gz")
    else:
        with tarfile.open(file) as archive:
            target = f"{inner}-target" if "3" in layout else "."
            archive.extractall(file.parent / target)  # it was made here
        file.unlink()
    assert data.is_local(name)
    registry.forget()
    found = data.raw_data(Data(dataset=name), 0)
    np.testing.assert_array_equal(found.x_test, expected)


def test_both_labels_of_cifar_100_share_their_images(small_cifar, home):
    small_cifar("cifar100_fine")
    fine, coarse = (
        data.raw_data(Data(dataset=f"cifar100_{kind}"), 0) for kind in ("fine", "coarse")
    )
    assert fine.x_train.filename == coarse.x_train.filename
    np.testing.assert_array_equal(fine.y_train % 20, coarse.y_train)
    assert len(list((home / "datasets").rglob("x_train*.npy"))) == 1


def test_images_are_not_written_again_for_other_labels(small_cifar):
    small_cifar("cifar100_fine")
    file = Path(data.raw_data(Data(dataset="cifar100_fine"), 0).x_train.filename)
    before = file.stat().st_ino
    data.raw_data(Data(dataset="cifar100_coarse"), 0)
    assert file.stat().st_ino == before


@pytest.mark.parametrize("name", NAMES)
def test_set_is_local_once_its_archive_is_there(name, small_cifar):
    assert not data.is_local(name)
    small_cifar(name)
    assert data.is_local(name)


@pytest.mark.parametrize("name", NAMES)
def test_set_stays_local_without_its_archive_once_unpacked(name, small_cifar):
    file = small_cifar(name)
    data.raw_data(Data(dataset=name), 0)
    file.unlink()
    registry.forget()
    assert data.is_local(name)
    data.raw_data(Data(dataset=name), 0)


@pytest.mark.parametrize("name", NAMES)
def test_set_that_is_nowhere_says_where_it_was_looked_for(name):
    with pytest.raises(DatasetUnavailable) as caught:
        data.raw_data(Data(dataset=name), 0)
    published = cifar.PUBLISHED[name]
    size = "170 MB" if name == "cifar10" else "169 MB"
    for words in (DATASETS[name].title, str(published.cache), size, published.instead):
        assert words in str(caught.value)


class Writes:
    """Pickles itself as a call that leaves a mark."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self):
        return open, (str(self.mark), "w")


@pytest.mark.parametrize("name", NAMES)
def test_hostile_archive_is_refused_and_not_run(name, small_cifar, tmp_path):
    file, mark = small_cifar(name), tmp_path / "was here"
    files = dict.fromkeys(cifar_files(family(name)), pickle.dumps({b"data": Writes(mark)}))
    file.write_bytes(packed(files))
    with pytest.raises(DatasetUnavailable, match=r"asks for .*open, which is refused"):
        data.raw_data(Data(dataset=name), 0)
    assert not mark.exists()


def test_member_that_leads_out_of_the_archive_is_not_followed(small_cifar, tmp_path):
    file, files = small_cifar("cifar10"), cifar_files("cifar10")
    (tmp_path / "elsewhere").write_bytes(files.pop("cifar-10-batches-py/test_batch"))
    file.write_bytes(packed(files, test_batch=tmp_path / "elsewhere"))
    with pytest.raises(DatasetUnavailable, match="it has no 'test_batch'"):
        data.raw_data(Data(dataset="cifar10"), 0)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("damage", ["cut", "text", "empty", "other files", "too few", "labels"])
def test_damaged_archive_is_told_with_what_to_do(name, damage, small_cifar, monkeypatch):
    file = small_cifar(name)
    if damage == "cut":
        file.write_bytes(file.read_bytes()[:-5000])
    elif damage == "text":
        file.write_text("not an archive")
    elif damage == "empty":
        file.write_bytes(b"")
    elif damage == "other files":
        file.write_bytes(packed({"readme.html": b"hello"}))
    elif damage == "too few":
        monkeypatch.setitem(DATASETS, name, replace(DATASETS[name], train_size=501))
    else:
        fewer = replace(DATASETS[name], classes=DATASETS[name].classes[:-1])
        monkeypatch.setitem(DATASETS, name, fewer)
    with pytest.raises(DatasetUnavailable, match="delete it, or to put an undamaged copy"):
        data.raw_data(Data(dataset=name), 0)


@pytest.mark.parametrize("name", NAMES)
def test_origin_file_and_hash_are_those_of_keras(name):
    published = cifar.PUBLISHED[name]
    loader = importlib.import_module(f"keras.src.datasets.{family(name)}")
    source = Path(loader.__file__).read_text()
    [(file, digest)] = published.hashes.items()
    assert f'"{digest}"' in source
    assert f'"{published.origin}{file}"' in source
    assert f'"{published.also[2].partition("/")[0]}"' in source


@pytest.mark.parametrize("name", NAMES)
def test_titles_are_those_of_the_cards(name):
    assert cifar.PUBLISHED[name].title == DATASETS[name].title
