"""The arrays that travel between rooms: as stored, split by index, and ready to train on."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float32]
Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class RawData:
    """A dataset as stored; the arrays are made read-only and may be memory-mapped.

    `x_*`: uint8 (n, height, width, channels) for images, float32 (n, features) for points and
    tables, uint16 (n, tokens) for texts, filled up with 0 in front.
    `y_*`: int64 (n,) for classes, float32 (n, 1) for numbers.
    """

    x_train: Array
    y_train: Array
    x_test: Array
    y_test: Array

    def __post_init__(self) -> None:
        for field in fields(self):
            getattr(self, field.name).setflags(write=False)


@dataclass(frozen=True, eq=False)
class Split:
    """Which rows of `RawData.x_train` are fitted to and which are held back: int64 (n,) each."""

    train: Indices
    validation: Indices


@dataclass(frozen=True, eq=False)
class Dataset:
    """What training gets. `split` leads from a row back to the stored sample.

    `x_*`: float32, images rescaled to 0–1, features scaled as chosen; int32 tokens of texts.
    `y_*`: int64 (n,) classes or float32 (n, 1) numbers.
    """

    x_train: Floats
    y_train: Array
    x_validation: Floats
    y_validation: Array
    x_test: Floats
    y_test: Array
    split: Split
