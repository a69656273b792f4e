"""Fashion-MNIST in full: found on this computer, unpacked once, and shared between processes."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from uuid import uuid4

import numpy as np

from core.data.arrays import Array, RawData
from core.data.idx import IdxError, read_idx, read_labels
from core.errors import DatasetUnavailable
from core.experiment import DatasetCard
from core.settings import settings

FILES = {
    "x_train": "train-images-idx3-ubyte.gz",
    "y_train": "train-labels-idx1-ubyte.gz",
    "x_test": "t10k-images-idx3-ubyte.gz",
    "y_test": "t10k-labels-idx1-ubyte.gz",
}
DEBIAN = Path("/usr/share/datasets/fashion-mnist")  # of Debian's package dataset-fashion-mnist
INSTEAD = "choose Fashion-MNIST 10k (bundled), which is always there"
_UNUSABLE = (OSError, ValueError, EOFError)  # what `numpy.load` raises


def read(card: DatasetCard) -> RawData:
    """Open the unpacked arrays, after unpacking the published files if that was not done yet.

    The arrays are memory-mapped, or held in memory if nothing can be written to the disk.

    Raises:
        DatasetUnavailable: the files are nowhere on this computer, or one is damaged.
    """
    try:
        return _mapped(card)
    except _UNUSABLE:  # not unpacked yet, or cut short: unpack (again)
        raw = _parsed(card)
    try:
        _unpack(raw)
        return _mapped(card)
    except _UNUSABLE:  # the disk is full or may not be written to
        return raw


def is_local(card: DatasetCard) -> bool:
    """Whether `read` can do without a network."""
    try:
        _mapped(card)
    except _UNUSABLE:
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
    shape = _shape(name, card)
    if name.startswith("y"):
        return read_labels(path, shape[0], card.class_count)
    return read_idx(path, shape[:3])[..., np.newaxis]


def _shape(name: str, card: DatasetCard) -> tuple[int, ...]:
    count = card.train_size if name.endswith("train") else card.test_size
    return (count, *card.shape) if name.startswith("x") else (count,)


def _mapped(card: DatasetCard) -> RawData:
    """Raises one of `_UNUSABLE` where an array is missing, cut short or another one."""
    arrays = {}
    for name in FILES:
        array = np.load(_unpacked_file(name), mmap_mode="r", allow_pickle=False)
        if array.shape != _shape(name, card):
            raise ValueError(f"{_unpacked_file(name)} has shape {array.shape}")
        arrays[name] = array
    return RawData(**arrays)


def _unpack(raw: RawData) -> None:
    for field in fields(raw):
        _write(_unpacked_file(field.name), getattr(raw, field.name))


def _write(path: Path, array: Array) -> None:
    """Write under a name of its own, then rename: no process ever sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        with part.open("xb") as file:
            np.save(file, array, allow_pickle=False)
        part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _unpacked_file(name: str) -> Path:
    return settings().home / "datasets" / "fashion_mnist" / f"{name}.npy"
