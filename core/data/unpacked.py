"""Stored sets unpacked once, in the home folder, and mapped from there by every process."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from uuid import uuid4

import numpy as np

from core.data.arrays import Array, RawData
from core.experiment import DatasetCard
from core.settings import settings

UNUSABLE = (OSError, ValueError, EOFError)  # what `numpy.load` raises


def shared(
    card: DatasetCard, folder: str, read: Callable[[], RawData], labels: str = ""
) -> RawData:
    """The set unpacked in `folder`, by this call from `read` if that was not done yet.

    `labels` tells apart sets of the same samples. The arrays are memory-mapped, or held in memory
    if nothing can be written to the disk.
    """
    try:
        return mapped(card, folder, labels)
    except UNUSABLE:  # not unpacked yet, or cut short: unpack (again)
        raw = read()
    try:
        _unpack(raw, card, folder, labels)
        return mapped(card, folder, labels)
    except UNUSABLE:  # the disk is full or may not be written to
        return raw


def mapped(card: DatasetCard, folder: str, labels: str = "") -> RawData:
    """Map what was unpacked in `folder`.

    Raises:
        UNUSABLE: an array is missing, cut short or another one.
    """
    files = _files(folder, labels)
    return RawData(**{name: _mapped(card, name, path) for name, path in files.items()})


def stored_shape(card: DatasetCard, name: str) -> tuple[int, ...]:
    """The shape of an array of `RawData`, by its name there."""
    count = card.train_size if name.endswith("train") else card.test_size
    if name.startswith("x"):
        return (count, *card.shape)
    return (count,) if card.classes else (count, 1)


def stored_dtype(card: DatasetCard, name: str) -> type[np.generic]:
    """The dtype of an array of `RawData`, by its name there."""
    if name.startswith("x"):
        if card.is_text:
            return np.uint16
        return np.uint8 if card.is_image else np.float32
    return np.int64 if card.classes else np.float32


def check(raw: RawData, card: DatasetCard) -> None:
    """See that the arrays are what the card says.

    Raises:
        ValueError: one is another one, as in a damaged file; the text says how.
    """
    for field in fields(RawData):
        name, array = field.name, getattr(raw, field.name)
        shape, dtype = stored_shape(card, name), stored_dtype(card, name)
        if array.shape != shape or array.dtype != dtype:
            raise ValueError(
                f"it has {array.dtype} values of shape {array.shape} where {shape} belong"
            )
        is_label = name.startswith("y") and card.classes
        if is_label and not 0 <= array.min() <= array.max() < card.class_count:
            raise ValueError(f"it has labels that are not from 0 to {card.class_count - 1}")


def _mapped(card: DatasetCard, name: str, path: Path) -> Array:
    array: Array = np.load(path, mmap_mode="r", allow_pickle=False)
    if array.shape != stored_shape(card, name) or array.dtype != stored_dtype(card, name):
        raise ValueError(f"{path.name} holds {array.dtype} values of shape {array.shape}")
    return array


def _unpack(raw: RawData, card: DatasetCard, folder: str, labels: str) -> None:
    """Write the arrays, but for those that another set of the same samples has left there."""
    for name, path in _files(folder, labels).items():
        array: Array = getattr(raw, name)
        with suppress(*UNUSABLE):
            if np.array_equal(_mapped(card, name, path), array):
                continue
        _write(path, array)


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


def _files(folder: str, labels: str) -> dict[str, Path]:
    """Where each array of `RawData` lies."""
    place = settings().home / "datasets" / folder
    kinds = {field.name: labels if field.name.startswith("y") else "" for field in fields(RawData)}
    return {name: place / f"{name}{kind and '-'}{kind}.npy" for name, kind in kinds.items()}
