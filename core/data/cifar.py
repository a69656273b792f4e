"""CIFAR-10 and CIFAR-100: archives of pickles, read without running anything in them.

The format (https://www.cs.toronto.edu/~kriz/cifar.html): each file is a mapping with `data`, uint8
(n, 3072), a row being an image's 1,024 red values, then the green, then the blue; and with lists of
labels.
"""

from __future__ import annotations

import tarfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from core.data import unpacked
from core.data.arrays import Array, RawData
from core.data.arrays_only import load_pickled_arrays
from core.data.damaged import damaged
from core.data.published import Published
from core.errors import DatasetUnavailable
from core.experiment import DATASETS, DatasetCard

ORIGIN = "https://www.cs.toronto.edu/~kriz/"  # as in keras.datasets
_UNUSABLE = (OSError, ValueError, TypeError, KeyError, EOFError, tarfile.TarError, zlib.error)


class _Archive(NamedTuple):
    """One archive: its file, the folder in it, and the names there of the parts to read."""

    file: str
    size_bytes: int
    sha256: str
    folder: str
    train: tuple[str, ...]
    test: tuple[str, ...]


_TEN = _Archive(
    "cifar-10-python.tar.gz",
    170_498_071,
    "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
    "cifar-10-batches-py",
    tuple(f"data_batch_{number}" for number in range(1, 6)),
    ("test_batch",),
)
_HUNDRED = _Archive(
    "cifar-100-python.tar.gz",
    169_001_437,
    "85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7",
    "cifar-100-python",
    ("train",),
    ("test",),
)
# Each set: its archive, and what its labels are called there.
_SETS: Mapping[str, tuple[_Archive, str]] = MappingProxyType(
    {
        "cifar10": (_TEN, "labels"),
        "cifar100_coarse": (_HUNDRED, "coarse_labels"),
        "cifar100_fine": (_HUNDRED, "fine_labels"),
    }
)


def _published(name: str, archive: _Archive, labels: str) -> Published:
    folder = archive.folder
    return Published(
        title=DATASETS[name].title,
        unpacked=folder,
        sizes={archive.file: archive.size_bytes},
        instead="choose Fashion-MNIST 10k (bundled), which is always there",
        hashes={archive.file: archive.sha256},
        labels=labels,
        # The archive as Keras 3 and 2 name it, then what they unpack from it.
        also=(f"{folder}-target_archive", f"{folder}.tar.gz", f"{folder}-target/{folder}", folder),
        origin=ORIGIN,
    )


PUBLISHED: Mapping[str, Published] = MappingProxyType(
    {name: _published(name, *found) for name, found in _SETS.items()}
)


def read(card: DatasetCard) -> RawData:
    """Open the arrays, which the archive is needed for only the first time.

    Raises:
        DatasetUnavailable: the archive is nowhere on this computer, or damaged.
    """
    published = PUBLISHED[card.name]
    return unpacked.shared(card, published.unpacked, lambda: _parsed(card), published.labels)


def _parsed(card: DatasetCard) -> RawData:
    published = PUBLISHED[card.name]
    folder = published.source()
    if folder is None:
        raise DatasetUnavailable(published.not_here())
    places = (folder / name for name in (*published.sizes, *published.also))
    path = next(place for place in places if place.exists())
    archive, labels = _SETS[card.name]
    try:
        parts = dict(_parts(path, {*archive.train, *archive.test}))
        return RawData(
            *_joined([parts[name] for name in archive.train], labels, card, card.train_size),
            *_joined([parts[name] for name in archive.test], labels, card, card.test_size),
        )
    except _UNUSABLE as error:
        raise damaged(path, error, published.instead) from error


def _parts(path: Path, wanted: set[str]) -> Iterator[tuple[str, dict[bytes, Any]]]:
    """The wanted files of an archive, or of a folder with what was in it."""
    if path.is_dir():
        for name in sorted(wanted):
            with (path / name).open("rb") as file:
                yield name, load_pickled_arrays(file)
        return
    with tarfile.open(path, "r:gz") as archive:
        for member in archive:
            name = PurePosixPath(member.name).name
            content = archive.extractfile(member) if name in wanted and member.isreg() else None
            if content is not None:
                yield name, load_pickled_arrays(content)


def _joined(
    parts: list[dict[bytes, Any]], labels: str, card: DatasetCard, count: int
) -> tuple[Array, Array]:
    """Images (count, 32, 32, 3) uint8 and labels (count,) int64 of several parts."""
    images = np.empty((count, *card.shape), np.uint8)
    found: list[int] = []
    for part in parts:
        pixels = part[b"data"]
        if pixels.dtype != np.uint8 or pixels.shape[1:] != (images[0].size,):
            raise ValueError(f"it has {pixels.dtype} values of shape {pixels.shape}")
        if len(found) + len(pixels) > count or len(part[labels.encode()]) != len(pixels):
            raise ValueError(f"it has other numbers of images and labels than {count:,}")
        planes = pixels.reshape(-1, card.shape[2], *card.shape[:2])
        images[len(found) : len(found) + len(pixels)] = planes.transpose(0, 2, 3, 1)
        found += part[labels.encode()]
    if len(found) != count:
        raise ValueError(f"it has {len(found):,} images where {count:,} belong")
    known = np.array(found, dtype=np.int64)
    if not 0 <= known.min() <= known.max() < card.class_count:
        raise ValueError(f"it has labels that are not from 0 to {card.class_count - 1}")
    return images, known
