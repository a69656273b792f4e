"""Reading idx files: what was written comes back, anything else is refused by name."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest

from core.data.idx import IdxError, read_idx, read_labels

IMAGES = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "some-idx3-ubyte.gz"


def refusal(path: Path, shape: tuple[int, ...] = IMAGES.shape) -> str:
    with pytest.raises(IdxError) as caught:
        read_idx(path, shape)
    assert path.name in str(caught.value)
    assert str(path.parent) not in str(caught.value)
    return str(caught.value)


def header(*sizes: int, start: bytes = bytes((0, 0, 8, 3))) -> bytes:
    return start + struct.pack(f">{len(sizes)}I", *sizes)


def test_images_come_back_as_written(path, write_idx):
    write_idx(path, IMAGES)
    np.testing.assert_array_equal(read_idx(path, (2, 3, 4)), IMAGES)


def test_labels_come_back_as_int64(path, write_idx):
    write_idx(path, np.array([2, 0, 1], np.uint8))
    labels = read_labels(path, 3, 3)
    assert labels.dtype == np.int64
    assert labels.tolist() == [2, 0, 1]


def test_label_outside_the_classes_is_refused(path, write_idx):
    write_idx(path, np.array([2, 0, 3], np.uint8))
    with pytest.raises(IdxError, match="label 3, but labels go from 0 to 2"):
        read_labels(path, 3, 3)


def test_missing_file_is_refused(path):
    assert "No such file" in refusal(path)


def test_file_that_is_not_gzip_is_refused(path):
    path.write_bytes(b"<html>Not found</html>")
    assert "gzip" in refusal(path)


def test_empty_file_is_refused(path):
    path.write_bytes(b"")
    refusal(path)


def test_truncated_gzip_is_refused(path, write_idx):
    noise = np.random.default_rng(0).integers(0, 256, (9, 9, 9), dtype=np.uint8)
    write_idx(path, noise)
    path.write_bytes(path.read_bytes()[:-100])
    assert "ends too early" in refusal(path, (9, 9, 9))


def test_gzip_with_a_flipped_byte_is_refused(path, write_idx):
    write_idx(path, IMAGES)
    packed = bytearray(path.read_bytes())
    packed[-6] ^= 0xFF  # in the checksum
    path.write_bytes(packed)
    assert "gzip" in refusal(path)


@pytest.mark.parametrize(
    "start",
    [bytes((1, 0, 8, 3)), bytes((0, 0, 13, 3)), bytes((0, 0, 8, 1))],
    ids=["no idx file", "floats", "one axis"],
)
def test_wrong_magic_number_is_refused(path, start):
    path.write_bytes(gzip.compress(header(2, 3, 4, start=start) + IMAGES.tobytes()))
    assert start.hex() in refusal(path)


def test_other_sizes_than_expected_are_refused_with_both(path, write_idx):
    write_idx(path, IMAGES)
    text = refusal(path, (2, 4, 3))
    assert "2 × 3 × 4" in text
    assert "2 × 4 × 3" in text


def test_fewer_values_than_the_header_says_are_refused(path):
    path.write_bytes(gzip.compress(header(2, 3, 4) + IMAGES.tobytes()[:-1]))
    assert "fewer" in refusal(path)


def test_more_values_than_the_header_says_are_refused(path):
    path.write_bytes(gzip.compress(header(2, 3, 4) + IMAGES.tobytes() + b"\0"))
    assert "more" in refusal(path)


@pytest.mark.parametrize("length", [0, 3, 4, 7, 15])
def test_header_cut_short_is_refused(path, length):
    path.write_bytes(gzip.compress(header(2, 3, 4)[:length]))
    refusal(path)
