"""Sets that Keras publishes as one `.npz` file each, read as Keras's own loaders read them."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np

from core.data import unpacked
from core.data.arrays import Array, RawData
from core.data.damaged import damaged
from core.data.published import Published
from core.errors import DatasetUnavailable
from core.experiment import DATASETS, DatasetCard

KERAS_SEED = 113  # with which Keras's loaders of houses divide their rows
DOLLARS = 100_000.0  # California's targets are dollars: numbers nobody would train on

_TABLES = "choose Diabetes (table, numbers), which is always there"


def _one_file(card_name: str, size_bytes: int, sha256: str, instead: str) -> Published:
    return Published(
        title=DATASETS[card_name].title,
        unpacked=card_name,
        sizes={f"{card_name}.npz": size_bytes},
        instead=instead,
        hashes={f"{card_name}.npz": sha256},
    )


PUBLISHED: Mapping[str, Published] = MappingProxyType(
    {
        "mnist": _one_file(
            "mnist",
            11_490_434,
            "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
            "choose Handwritten digits, which are always there",
        ),
        "boston_housing": _one_file(
            "boston_housing",
            57_026,
            "f553886a1f8d56431e820c5b82552d9d95cfcb96d1e678153f8839538947dff5",
            _TABLES,
        ),
        "california_housing": _one_file(
            "california_housing",
            743_530,
            "1a2e3a52e0398de6463aebe6f4a8da34fb21fbb6b934cf88c3425e766f2a1a6f",
            _TABLES,
        ),
    }
)


def read(card: DatasetCard) -> RawData:
    """Open the arrays, which the published file is needed for only the first time.

    Raises:
        DatasetUnavailable: the file is nowhere on this computer, or damaged.
    """
    return unpacked.shared(card, PUBLISHED[card.name].unpacked, lambda: _parsed(card))


def _parsed(card: DatasetCard) -> RawData:
    published = PUBLISHED[card.name]
    folder = published.source()
    if folder is None:
        raise DatasetUnavailable(published.not_here())
    path = folder / next(iter(published.sizes))
    try:
        raw = _READERS[card.name](_arrays(path))
        unpacked.check(raw, card)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise damaged(path, error, published.instead) from error
    return raw


def _arrays(path: Path) -> dict[str, Array]:
    with np.load(path, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def _digits(arrays: Mapping[str, Array]) -> RawData:
    x_train, x_test = (arrays[name][..., np.newaxis] for name in ("x_train", "x_test"))
    y_train, y_test = (arrays[name].astype(np.int64) for name in ("y_train", "y_test"))
    return RawData(x_train, y_train, x_test, y_test)


def _boston(arrays: Mapping[str, Array]) -> RawData:
    return _divided(arrays["x"], arrays["y"])


def _california(arrays: Mapping[str, Array]) -> RawData:
    return _divided(arrays["x"], arrays["y"] / DOLLARS)


def _divided(x: Array, y: Array) -> RawData:
    """Rows in the order of Keras's loaders; the last fifth is for testing, as there."""
    order = np.arange(len(x))
    np.random.RandomState(KERAS_SEED).shuffle(order)
    features, targets = x[order].astype(np.float32), y[order].astype(np.float32)[:, np.newaxis]
    cut = int(len(x) * (1 - 0.2))
    return RawData(features[:cut], targets[:cut], features[cut:], targets[cut:])


_READERS: Mapping[str, Callable[[Mapping[str, Array]], RawData]] = {
    "mnist": _digits,
    "boston_housing": _boston,
    "california_housing": _california,
}
