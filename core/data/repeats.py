"""Samples that are there more than once: in training, or in training and where it is judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from core.data.arrays import Array, Indices
from core.data.registry import raw_data
from core.data.splits import split
from core.experiment import Data

_ROWS_AT_ONCE = 512  # 0.4 MB of Fashion-MNIST


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
    known = set(_digests(raw.x_train, parts.train))
    return Duplicates(
        repeated=len(parts.train) - len(known),
        validation=sum(found in known for found in _digests(raw.x_train, parts.validation)),
        test=sum(found in known for found in _digests(raw.x_test)),
    )


def _digests(samples: Array, rows: Indices | None = None) -> Iterator[bytes]:
    """16 bytes for each sample, the same for the same values (BLAKE2b, RFC 7693)."""
    rows = np.arange(len(samples)) if rows is None else rows
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        part = samples[rows[start : start + _ROWS_AT_ONCE]]
        values, size = memoryview(part.tobytes()), part[0].nbytes
        for row in range(len(part)):
            yield blake2b(values[row * size : (row + 1) * size], digest_size=16).digest()
