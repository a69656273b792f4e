"""The bundled sets are unpacked once and mapped by every process, of which little is then read."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import core.data
from core.data import bundled, raw_data, registry
from core.experiment import DATASETS, Data

CARD = DATASETS["digits"]
ROOT = Path(core.data.__file__).parents[2]
SMAPS = Path("/proc/self/smaps")


def unpacked_files(home: Path) -> list[Path]:
    return sorted((home / "datasets").glob("digits-*/*"))


def stored(name: str = "digits") -> dict[str, np.ndarray]:
    with np.load(bundled.FOLDER / f"{name}.npz", allow_pickle=False) as file:
        return dict(file)


def in_another_process(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, text=True
    )
    return done.stdout.strip()


def test_arrays_are_mapped_from_the_home_folder(home):
    raw = bundled.read(CARD)
    assert isinstance(raw.x_train, np.memmap)
    assert home in Path(raw.x_train.filename).parents
    for name, array in stored().items():
        np.testing.assert_array_equal(getattr(raw, name), array)


def test_another_process_maps_what_this_one_unpacked(home):
    bundled.read(CARD)
    before = {file: file.stat() for file in unpacked_files(home)}
    found = in_another_process(
        "from core.data import raw_data; from core.experiment import Data;"
        "print(raw_data(Data(dataset='digits'), 0).x_train.filename)"
    )
    assert Path(found) in before
    assert {file: file.stat().st_ino for file in unpacked_files(home)} == {
        file: stat.st_ino for file, stat in before.items()
    }


def test_bundled_file_is_not_unpacked_twice(monkeypatch):
    bundled.read(CARD)
    monkeypatch.setattr(bundled, "_parsed", lambda _: pytest.fail("unpacked again"))
    bundled.read(CARD)


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(file.read_bytes()[:-1]),
        lambda file: file.write_bytes(b"\x80\x04K\x01."),
        lambda file: file.unlink(),
        lambda file: np.save(file, np.zeros(CARD.train_size, np.int64)),
        lambda file: np.save(file, np.load(file).astype(np.float32)),
    ],
    ids=["empty", "cut short", "pickle", "missing", "another shape", "another dtype"],
)
def test_damaged_array_is_replaced(damage: Callable[[Path], None], home):
    bundled.read(CARD)
    damage(next(file for file in unpacked_files(home) if file.name == "x_train.npy"))
    raw = bundled.read(CARD)
    np.testing.assert_array_equal(raw.x_train, stored()["x_train"])
    assert isinstance(raw.x_train, np.memmap)


def test_home_that_cannot_be_made_means_arrays_in_memory(home):
    home.write_text("a file where the folder should be")
    raw = bundled.read(CARD)
    assert not isinstance(raw.x_train, np.memmap)
    for name, array in stored().items():
        np.testing.assert_array_equal(getattr(raw, name), array)


def test_newer_bundled_file_is_not_hidden_by_what_is_unpacked(tmp_path, monkeypatch):
    older = bundled.read(CARD)
    arrays = stored()
    arrays["x_train"][0, 0, 0] = 16
    assert older.x_train[0, 0, 0] != 16
    np.savez_compressed(tmp_path / "digits.npz", allow_pickle=False, **arrays)
    monkeypatch.setattr(bundled, "FOLDER", tmp_path)
    np.testing.assert_array_equal(bundled.read(CARD).x_train, arrays["x_train"])


def test_file_packed_anew_with_the_same_contents_needs_no_unpacking(home, tmp_path, monkeypatch):
    bundled.read(CARD)
    before = unpacked_files(home)
    np.savez(tmp_path / "digits.npz", allow_pickle=False, **stored())
    monkeypatch.setattr(bundled, "FOLDER", tmp_path)
    bundled.read(CARD)
    assert unpacked_files(home) == before


def test_labels_are_kept_as_int64(home):
    bundled.read(CARD)
    raw = bundled.read(CARD)
    assert raw.y_train.dtype == raw.y_test.dtype == np.int64


def test_forgotten_set_is_mapped_again():
    data = Data(dataset="digits")
    first = raw_data(data, 0)
    registry.forget()
    second = raw_data(data, 0)
    assert second is not first
    np.testing.assert_array_equal(second.x_train, first.x_train)


@pytest.mark.skipif(not SMAPS.exists(), reason="only Linux tells what is resident of a mapping")
def test_looking_at_data_leaves_most_of_a_mapped_file_unread():
    data = Data(dataset="fashion_mnist_10k")
    size_bytes = raw_data(data, 0).x_train.nbytes  # unpacked here, read there
    resident_bytes = in_another_process(
        "from pathlib import Path\n"
        "from core.data import class_counts, examples, raw_data, steps, value_histogram\n"
        "from core.experiment import Data\n"
        "data = Data(dataset='fashion_mnist_10k')\n"
        "steps(data, 0, True), class_counts(data, 0), value_histogram(data, 0)\n"
        "raw = raw_data(data, 0)\n"
        "for label in range(10): raw.x_train[examples(raw, label, 20)]\n"
        "path = raw.x_train.filename\n"
        f"lines = iter(Path('{SMAPS}').read_text().splitlines())\n"
        "next(line for line in lines if line.endswith(str(path)))\n"
        "kilobytes = next(line for line in lines if line.startswith('Rss:')).split()[1]\n"
        "print(int(kilobytes) * 1024)\n"
    )
    assert int(resident_bytes) < size_bytes / 2
