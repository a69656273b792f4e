"""Large published sets are unpacked by a process of its own."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from core import data
from core.data import archives, unpacking
from core.errors import DatasetUnavailable
from core.experiment import DATASETS, Data

MNIST = Data(dataset="mnist")


@pytest.fixture
def mnist() -> dict[str, np.ndarray]:
    """Noise in the format and of the size of MNIST, in Keras's cache."""
    random = np.random.default_rng(5)
    arrays = {}
    for part, count in (("train", 60_000), ("test", 10_000)):
        arrays[f"x_{part}"] = random.integers(0, 256, (count, 28, 28), np.uint8)
        arrays[f"y_{part}"] = random.integers(0, 10, count, np.uint8)
    archives.PUBLISHED["mnist"].cache.mkdir(parents=True)
    np.savez(path(), **arrays)
    return arrays


def path():
    return archives.PUBLISHED["mnist"].cache / "mnist.npz"


def forbid_reading_here(monkeypatch) -> None:
    def read(card):
        raise AssertionError(f"{card.name} was read by this process")

    monkeypatch.setattr(archives, "_parsed", read)


def test_arrays_are_those_of_the_file_which_this_process_never_reads(mnist, monkeypatch):
    forbid_reading_here(monkeypatch)
    raw = data.raw_data(MNIST, 0)
    np.testing.assert_array_equal(raw.x_train[..., 0], mnist["x_train"])
    np.testing.assert_array_equal(raw.y_train, mnist["y_train"])
    np.testing.assert_array_equal(raw.x_test[..., 0], mnist["x_test"])
    np.testing.assert_array_equal(raw.y_test, mnist["y_test"])


def test_damaged_file_is_told_of_without_reading_it_here(mnist, monkeypatch):
    content = path().read_bytes()
    path().write_bytes(content[: len(content) // 2])
    forbid_reading_here(monkeypatch)
    with pytest.raises(DatasetUnavailable) as caught:
        data.raw_data(MNIST, 0)
    assert str(caught.value).startswith(f"The file {path().name} of this dataset cannot be used: ")
    assert str(path().parent) not in str(caught.value)
    assert "put an undamaged copy in its place" in str(caught.value)


@pytest.mark.parametrize("program", ["/nowhere/python", "/bin/false"])
def test_file_is_read_here_where_no_other_process_can(mnist, program, monkeypatch):
    monkeypatch.setattr(sys, "executable", program)
    raw = data.raw_data(MNIST, 0)
    np.testing.assert_array_equal(raw.y_test, mnist["y_test"])


def test_small_set_is_read_here(small_archive, monkeypatch):
    small_archive("california_housing")
    monkeypatch.setattr(unpacking, "subprocess", None)
    raw = data.raw_data(Data(dataset="california_housing"), 0)
    assert len(raw.x_test) == DATASETS["california_housing"].test_size
