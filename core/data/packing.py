"""A dataset as one `.npz` file to take away: divided as a run's settings say, not yet scaled."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import IO

import numpy as np

from core.data.arrays import Array, Indices
from core.data.preparation import with_wrong_labels
from core.data.registry import raw_data
from core.data.splits import split
from core.experiment import Data

_ROWS_AT_ONCE = 1_024


def packed_bytes(data: Data) -> int:
    """How large the file is, to a few kilobytes: it is not compressed."""
    card = data.card
    value = 1 if card.is_image else 2 if card.is_text else 4
    sample = int(np.prod(card.shape)) * value + 8
    return (data.pool_count + card.test_size) * sample


def pack(data: Data, seed: int, file: IO[bytes]) -> None:
    """Write `x_train, y_train, x_val, y_val, x_test, y_test` to `file`, piece by piece.

    Wrong labels are among those of `y_train`, as in training.

    Raises:
        DatasetUnavailable: the data are not on this computer.
    """
    raw = raw_data(data, seed)
    parts = split(raw, data, seed)
    labels = with_wrong_labels(raw.y_train[parts.train], data, seed)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, array, rows in (
            ("x_train", raw.x_train, parts.train),
            ("y_train", labels, np.arange(len(labels))),
            ("x_val", raw.x_train, parts.validation),
            ("y_val", raw.y_train, parts.validation),
            ("x_test", raw.x_test, np.arange(len(raw.x_test))),
            ("y_test", raw.y_test, np.arange(len(raw.y_test))),
        ):
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                for piece in _pieces(array, rows):
                    member.write(piece)


def _pieces(array: Array, rows: Indices) -> Iterator[bytes]:
    """The chosen rows of an array as a `.npy` file."""
    header = np.lib.format.header_data_from_array_1_0(array[:0])
    yield _header(header | {"shape": (len(rows), *array.shape[1:])})
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        yield array[rows[start : start + _ROWS_AT_ONCE]].tobytes()


def _header(facts: dict[str, object]) -> bytes:
    """What stands before the numbers (NEP 1)."""
    buffer = BytesIO()
    np.lib.format.write_array_header_1_0(buffer, facts)
    return buffer.getvalue()
