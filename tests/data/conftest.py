"""Every test here has a home of its own and finds only the Fashion-MNIST it puts there."""

from __future__ import annotations

import gzip
import io
import json
import struct
import tarfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.data import archived_texts, archives, cifar, fashion, registry
from core.experiment import DATASETS, DatasetCard
from tests.data import python_2

Arrays = dict[str, np.ndarray]
WORDS = tuple(f"word{rank}" for rank in range(1, 301))
TRAIN, TEST = 400, 100  # texts


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("EPOCHSCOPE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.delenv("EPOCHSCOPE_DATA_DIR", raising=False)
    monkeypatch.setattr(fashion, "DEBIAN", tmp_path / "debian")
    registry.forget()
    yield tmp_path / "home"
    registry.forget()


@pytest.fixture
def small_card(monkeypatch: pytest.MonkeyPatch) -> DatasetCard:
    """Fashion-MNIST with 60 training and 20 test images, so that its files are quickly written."""
    card = replace(DATASETS["fashion_mnist"], train_size=60, test_size=20)
    monkeypatch.setitem(DATASETS, "fashion_mnist", card)
    return card


@pytest.fixture
def small_archive(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Puts one of Keras's `.npz` sets into its cache, with 80 and 20 samples, and a card for it."""

    def put(name: str) -> Path:
        card = replace(DATASETS[name], train_size=80, test_size=20)
        monkeypatch.setitem(DATASETS, name, card)
        published = archives.PUBLISHED[name]
        published.cache.mkdir(parents=True, exist_ok=True)
        path = published.cache / next(iter(published.sizes))
        np.savez_compressed(path, **archived(card))
        return path

    return put


def archived(card: DatasetCard) -> Arrays:
    """Arrays as Keras publishes them: images by part, or all rows of a table."""
    random, count = np.random.default_rng(3), card.train_size + card.test_size
    if not card.is_image:
        return {"x": random.random((count, *card.shape)), "y": random.random(count) * 400_000}
    arrays = {}
    for part, size in (("train", card.train_size), ("test", card.test_size)):
        labels = random.permutation(np.arange(size, dtype=np.uint8) % card.class_count)
        arrays[f"x_{part}"] = random.integers(0, 256, (size, *card.shape[:2]), np.uint8)
        arrays[f"y_{part}"] = labels
    return arrays


@pytest.fixture
def small_cifar(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Puts an archive of CIFAR into Keras's cache, with 500 and 100 images, and cards for it."""

    def put(name: str) -> Path:
        family = name.partition("_")[0]
        for other in (other for other in cifar.PUBLISHED if other.startswith(family)):
            card = replace(DATASETS[other], train_size=500, test_size=100)
            monkeypatch.setitem(DATASETS, other, card)
        published = cifar.PUBLISHED[name]
        published.cache.mkdir(parents=True, exist_ok=True)
        path = published.cache / next(iter(published.sizes))
        path.write_bytes(packed(cifar_files(family)))
        return path

    return put


def cifar_files(family: str) -> dict[str, bytes]:
    """An archive's files as published, in another order than that of their numbers."""
    random, folder = np.random.default_rng(4), "cifar-10-batches-py"
    files = {}
    if family == "cifar10":
        for name in ("data_batch_4", "test_batch", *(f"data_batch_{n}" for n in (3, 1, 5, 2))):
            labels = [*range(10)] * 10
            held = {b"data": _pixels(random, 100), b"labels": labels, b"batch_label": b"one of 6"}
            files[f"{folder}/{name}"] = python_2.dumps(held)
        return {f"{folder}/batches.meta": b"not a pickle", **files}
    for name, count in (("test", 100), ("train", 500)):
        fine = random.permutation(np.arange(count) % 100).tolist()
        held = {
            b"data": _pixels(random, count),
            b"fine_labels": fine,
            b"coarse_labels": [label % 20 for label in fine],
        }
        files[f"cifar-100-python/{name}"] = python_2.dumps(held)
    return files


def _pixels(random: np.random.Generator, count: int) -> np.ndarray:
    return random.integers(0, 256, (count, 3072), np.uint8)


def packed(files: dict[str, bytes], **links: Path) -> bytes:
    """The files as a `.tar.gz`, and symbolic links by their names in it."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", compresslevel=1) as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        for name, target in links.items():
            member = tarfile.TarInfo(name)
            member.type, member.linkname = tarfile.SYMTYPE, str(target)
            archive.addfile(member)
    return buffer.getvalue()


def idx_bytes(array: np.ndarray) -> bytes:
    """The idx format as published: written here from its description, not from the reader."""
    return struct.pack(f">4B{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


@pytest.fixture
def write_idx() -> Callable[[Path, np.ndarray], None]:
    def write(path: Path, array: np.ndarray) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(idx_bytes(array)))

    return write


@pytest.fixture
def published(small_card: DatasetCard, write_idx) -> Callable[[Path], Arrays]:
    """Writes the four files of the small set to a folder and gives back what is in them."""

    def write(folder: Path) -> Arrays:
        generator = np.random.default_rng(5)
        arrays = {}
        for part, name, count in (
            ("train", "train", small_card.train_size),
            ("test", "t10k", small_card.test_size),
        ):
            images = generator.integers(0, 256, (count, 28, 28), dtype=np.uint8)
            labels = generator.permutation(np.arange(count, dtype=np.uint8) % 10)
            write_idx(folder / f"{name}-images-idx3-ubyte.gz", images)
            write_idx(folder / f"{name}-labels-idx1-ubyte.gz", labels)
            arrays |= {f"x_{part}": images, f"y_{part}": labels}
        return arrays

    return write


@pytest.fixture
def small_texts(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Puts the two files of a set into Keras's cache, with few short texts, and a card for it."""

    def put(name: str) -> Path:
        card = replace(DATASETS[name], train_size=TRAIN, test_size=TEST, shape=(30,))
        monkeypatch.setitem(DATASETS, name, replace(card, vocabulary=200))
        archive, index = (archived_texts.PUBLISHED[name].cache / file for file in text_files(name))
        archive.parent.mkdir(parents=True, exist_ok=True)
        np.savez(archive, **archived_texts_of(name, card.class_count))
        index.write_text(json.dumps({word: rank for rank, word in enumerate(WORDS, start=1)}))
        return archive

    return put


def text_files(name: str) -> tuple[str, str]:
    return f"{name}.npz", f"{name}_word_index.json"


def archived_texts_of(name: str, classes: int) -> dict[str, np.ndarray]:
    if name == "reuters":
        x, y = lists(TRAIN + TEST, classes)
        return {"x": x, "y": y}
    (x_train, y_train), (x_test, y_test) = lists(TRAIN, classes), lists(TEST, classes)
    return {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}


def lists(count: int, classes: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(count)
    texts = np.empty(count, object)
    for row in range(count):
        texts[row] = random.integers(1, len(WORDS), random.integers(2, 50)).tolist()
    return texts, np.arange(count) % classes
