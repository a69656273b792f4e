"""Every test here has a home of its own and finds only the Fashion-MNIST it puts there."""

from __future__ import annotations

import gzip
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.data import fashion, registry
from core.experiment import DATASETS, DatasetCard

Arrays = dict[str, np.ndarray]


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
