"""From stored arrays to what training gets: split, rescaled, and one-hot where asked for."""

from __future__ import annotations

import numpy as np

from core.data.arrays import Array, Dataset, Floats
from core.data.download import OnDownload
from core.data.registry import fetch, raw_data
from core.data.splits import split
from core.experiment import Data, DatasetCard


def load(data: Data, seed: int, on_download: OnDownload | None = None) -> Dataset:
    """Fetch the dataset if it is not local, split it, and rescale images to 0–1.

    Raises:
        DatasetUnavailable: it is neither on this computer nor to be had.
    """
    fetch(data.dataset, on_download)
    raw = raw_data(data, seed)
    parts = split(raw, data, seed)
    return Dataset(
        x_train=rescale(raw.x_train[parts.train], data.card),
        y_train=raw.y_train[parts.train],
        x_validation=rescale(raw.x_train[parts.validation], data.card),
        y_validation=raw.y_train[parts.validation],
        x_test=rescale(raw.x_test, data.card),
        y_test=raw.y_test,
        split=parts,
    )


def rescale(values: Array, card: DatasetCard) -> Floats:
    """Map the card's `value_range` onto 0–1; values without a range stay as they are. float32."""
    if card.value_range is None:
        return values.astype(np.float32)
    low, high = card.value_range
    scaled: Floats = np.subtract(values, low, dtype=np.float32)
    scaled /= high - low
    return scaled


def one_hot(labels: Array, class_count: int) -> Floats:
    """float32 (n, `class_count`): 1 in the column of each sample's class, 0 elsewhere."""
    return np.eye(class_count, dtype=np.float32)[labels]
