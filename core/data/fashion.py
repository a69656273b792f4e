"""Fashion-MNIST in full: its four published files, found on this computer and checked."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from core.data import unpacked
from core.data.arrays import Array, RawData
from core.data.idx import IdxError, read_idx, read_labels
from core.errors import DatasetUnavailable
from core.experiment import DatasetCard
from core.settings import settings

UNPACKED = "fashion_mnist"  # folder of the unpacked arrays
FILES = {
    "x_train": "train-images-idx3-ubyte.gz",
    "y_train": "train-labels-idx1-ubyte.gz",
    "x_test": "t10k-images-idx3-ubyte.gz",
    "y_test": "t10k-labels-idx1-ubyte.gz",
}
DEBIAN = Path("/usr/share/datasets/fashion-mnist")  # of Debian's package dataset-fashion-mnist
INSTEAD = "choose Fashion-MNIST 10k (bundled), which is always there"


def read(card: DatasetCard) -> RawData:
    """Open the arrays, which the published files are needed for only the first time.

    Raises:
        DatasetUnavailable: the files are nowhere on this computer, or one is damaged.
    """
    return unpacked.shared(card, UNPACKED, lambda: _parsed(card))


def is_local(card: DatasetCard) -> bool:
    """Whether `read` can do without a network."""
    try:
        unpacked.mapped(card, UNPACKED)
    except unpacked.UNUSABLE:
        return source() is not None
    return True


def source() -> Path | None:
    """The first folder that holds all four published files."""
    complete = (
        folder for folder in folders() if all((folder / name).is_file() for name in FILES.values())
    )
    return next(complete, None)


def folders() -> tuple[Path, ...]:
    """Where the published files are looked for, in this order."""
    own = settings().data_dir
    return (*((own, own / "fashion-mnist") if own else ()), DEBIAN, keras_folder())


def keras_folder() -> Path:
    """Where `keras.datasets.fashion_mnist` keeps its files."""
    home = Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser()
    return home / "datasets" / "fashion-mnist"


def looked_in() -> str:
    """The folders that were searched, in words."""
    return "Looked for its four files in: " + ", ".join(map(str, folders())) + "."


def _parsed(card: DatasetCard) -> RawData:
    folder = source()
    if folder is None:
        raise DatasetUnavailable(
            f"{card.title} is not on this computer. {looked_in()} It is fetched from the internet "
            f"(29 MB) the first time a network trains on it; or {INSTEAD}."
        )
    try:
        return RawData(**{name: _array(folder / file, name, card) for name, file in FILES.items()})
    except IdxError as error:
        raise DatasetUnavailable(
            f"{error} Delete it, or put an undamaged copy in its place, then try again; "
            f"or {INSTEAD}."
        ) from error


def _array(path: Path, name: str, card: DatasetCard) -> Array:
    shape = unpacked.stored_shape(card, name)
    if name.startswith("y"):
        return read_labels(path, shape[0], card.class_count)
    return read_idx(path, shape[:3])[..., np.newaxis]
