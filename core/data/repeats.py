"""Samples that are there more than once: in training, or in training and where it is judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from core.data.arrays import Array, Indices
from core.data.registry import raw_data
from core.data.splits import split
from core.experiment import Data

_ROWS_AT_ONCE = 512  # 0.4 MB of Fashion-MNIST
_BYTES_LOOKED_AT = 64
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Duplicates:
    """Counts of samples, value for value the same; labels are not looked at.

    `repeated` of those trained on equal an earlier one of them; `validation` and `test` are how
    many of those held back and tested on are also among those trained on.
    """

    repeated: int
    validation: int
    test: int

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.repeated or self.validation or self.test)


def duplicates(data: Data, seed: int) -> Duplicates:
    """Count the samples that are there more than once.

    Raises:
        DatasetUnavailable: the dataset is not on this computer, or damaged.
    """
    raw = raw_data(data, seed)
    parts = split(raw, data, seed)
    groups = (
        (raw.x_train, parts.train),
        (raw.x_train, parts.validation),
        (raw.x_test, np.arange(len(raw.x_test))),
    )
    train, validation, test = (
        list(_digests(samples, rows[alike]))
        for (samples, rows), alike in zip(groups, _perhaps_alike(groups), strict=True)
    )
    known = set(train)
    return Duplicates(
        repeated=len(train) - len(known),
        validation=sum(found in known for found in validation),
        test=sum(found in known for found in test),
    )


def _perhaps_alike(groups: tuple[tuple[Array, Indices], ...]) -> list[Flags]:
    """Of each group, which samples have a like one anywhere, by a few of their bytes.

    The others are read no further: few are left, where reading all takes half a second.
    """
    keys = [_keys(samples, rows) for samples, rows in groups]
    _, which, counts = np.unique(np.concatenate(keys), return_inverse=True, return_counts=True)
    return np.split(counts[which] > 1, np.cumsum([len(part) for part in keys])[:-1])


def _keys(samples: Array, rows: Indices) -> NDArray[np.void]:
    """Some bytes of each sample, from all over it: the same for the same values."""
    content = samples.reshape(len(samples), -1).view(np.uint8)
    places = np.unique(np.linspace(0, content.shape[1] - 1, _BYTES_LOOKED_AT).astype(np.int64))
    chosen = np.ascontiguousarray(content[np.ix_(rows, places)])
    return chosen.view(f"V{len(places)}").ravel()


def _digests(samples: Array, rows: Indices) -> Iterator[bytes]:
    """16 bytes for each sample, the same for the same values (BLAKE2b, RFC 7693)."""
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        part = samples[rows[start : start + _ROWS_AT_ONCE]]
        values, size = memoryview(part.tobytes()), part[0].nbytes
        for row in range(len(part)):
            yield blake2b(values[row * size : (row + 1) * size], digest_size=16).digest()
