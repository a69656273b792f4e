"""From stored arrays to what training gets: split, rescaled, and one-hot where asked for."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.data import text
from core.data.arrays import Array, Dataset, Floats, RawData, Split
from core.data.download import OnDownload
from core.data.registry import fetch, raw_data
from core.data.scaling import Scale
from core.data.splits import split
from core.data.streams import Stream
from core.experiment import Data, DatasetCard


def load(data: Data, seed: int, on_download: OnDownload | None = None) -> Dataset:
    """Fetch the dataset if it is not local, split it, rescale images to 0–1 and scale features.

    Raises:
        DatasetUnavailable: it is neither on this computer nor to be had.
    """
    fetch(data.dataset, on_download)
    raw = raw_data(data, seed)
    parts = split(raw, data, seed)
    prepared = preparing(raw, data, parts)
    return Dataset(
        x_train=prepared(raw.x_train[parts.train]),
        y_train=with_wrong_labels(raw.y_train[parts.train], data, seed),
        x_validation=prepared(raw.x_train[parts.validation]),
        y_validation=raw.y_train[parts.validation],
        x_test=prepared(raw.x_test),
        y_test=raw.y_test,
        split=parts,
    )


def preparing(raw: RawData, data: Data, parts: Split) -> Callable[[Array], Array]:
    """What is done to samples (n, *shape) before a network sees them."""
    if data.card.is_text:
        return lambda samples: text.shortened(samples, data)
    if data.card.is_image:
        return lambda samples: rescale(samples, data.card)
    return Scale(raw, data, parts)


def rescale(values: Array, card: DatasetCard) -> Floats:
    """Map the card's `value_range` onto 0–1; values without a range stay as they are. float32."""
    if card.value_range is None:
        return values.astype(np.float32)
    low, high = card.value_range
    scaled: Floats = np.subtract(values, low, dtype=np.float32)
    scaled /= high - low
    return scaled


def with_wrong_labels(labels: Array, data: Data, seed: int) -> Array:
    """`labels` (n,) of which a share, drawn from the seed, is replaced by another class each.

    They are `wrong_count(data)`; each other class is as likely.
    """
    count = wrong_count(data)
    if not count:
        return labels
    generator = Stream.LABEL_NOISE.generator(seed)
    chosen = generator.choice(len(labels), count, replace=False)
    kinds = data.card.class_count
    noisy = labels.copy()
    noisy[chosen] = (noisy[chosen] + generator.integers(1, kinds, count)) % kinds
    return noisy


def wrong_count(data: Data) -> int:
    """How many of the samples trained on get a wrong label."""
    return round(data.label_noise * data.train_count)


def one_hot(labels: Array, class_count: int) -> Floats:
    """float32 (n, `class_count`): 1 in the column of each sample's class, 0 elsewhere."""
    return np.eye(class_count, dtype=np.float32)[labels]
