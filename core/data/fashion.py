"""Fashion-MNIST in full: its four published files, found on this computer and checked."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from core.data import unpacked
from core.data.arrays import Array, RawData
from core.data.damaged import damaged
from core.data.idx import IdxError, read_idx, read_labels
from core.data.published import Published
from core.errors import DatasetUnavailable
from core.experiment import DatasetCard

FILES = {
    "x_train": "train-images-idx3-ubyte.gz",
    "y_train": "train-labels-idx1-ubyte.gz",
    "x_test": "t10k-images-idx3-ubyte.gz",
    "y_test": "t10k-labels-idx1-ubyte.gz",
}
DEBIAN = Path("/usr/share/datasets/fashion-mnist")  # of Debian's package dataset-fashion-mnist
PUBLISHED = Published(
    title="Fashion-MNIST (all 70,000)",
    unpacked="fashion_mnist",
    sizes={
        "train-labels-idx1-ubyte.gz": 29_515,
        "train-images-idx3-ubyte.gz": 26_421_880,
        "t10k-labels-idx1-ubyte.gz": 5_148,
        "t10k-images-idx3-ubyte.gz": 4_422_102,
    },
    instead="choose Fashion-MNIST 10k (bundled), which is always there",
    folder="fashion-mnist",
    elsewhere=lambda: (DEBIAN,),
)


def read(card: DatasetCard) -> RawData:
    """Open the arrays, which the published files are needed for only the first time.

    Raises:
        DatasetUnavailable: the files are nowhere on this computer, or one is damaged.
    """
    return unpacked.shared(card, PUBLISHED.unpacked, lambda: _parsed(card))


def _parsed(card: DatasetCard) -> RawData:
    folder = PUBLISHED.source()
    if folder is None:
        raise DatasetUnavailable(PUBLISHED.not_here())
    try:
        return RawData(**{name: _array(folder / file, name, card) for name, file in FILES.items()})
    except IdxError as error:
        raise damaged(error.path, ValueError(error.reason), PUBLISHED.instead) from error


def _array(path: Path, name: str, card: DatasetCard) -> Array:
    shape = unpacked.stored_shape(card, name)
    if name.startswith("y"):
        return read_labels(path, shape[0], card.class_count)
    return read_idx(path, shape[:3])[..., np.newaxis]
