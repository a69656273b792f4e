"""What there is to see in a dataset: class counts, example images and how values are spread."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.data import text
from core.data.arrays import Array, Floats, Indices, RawData
from core.data.registry import raw_data
from core.data.splits import split
from core.data.streams import Stream
from core.experiment import Data

_IMAGES_LOOKED_AT = 1000
_VALUES_LOOKED_AT = 5_000_000  # of a table


@dataclass(frozen=True)
class ClassCounts:
    """Samples of each class, in the card's order, in each part; empty for regression."""

    train: tuple[int, ...]
    validation: tuple[int, ...]
    test: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Histogram:
    """How the values of one quantity are spread: `counts` (bins,) between `edges` (bins + 1,).

    `looked_at` of `total` values were counted.
    """

    name: str
    edges: Array
    counts: Indices
    looked_at: int
    total: int


def class_counts(data: Data, seed: int) -> ClassCounts:
    """Count the samples trained on, held back and tested on, by class.

    Raises:
        DatasetUnavailable: the dataset is not on this computer, or damaged.
    """
    raw = raw_data(data, seed)
    parts = split(raw, data, seed)
    if data.card.task == "regression":
        return ClassCounts((), (), ())
    labels = raw.y_train[parts.train], raw.y_train[parts.validation], raw.y_test
    kinds = data.card.class_count
    return ClassCounts(*(tuple(np.bincount(part, minlength=kinds).tolist()) for part in labels))


def examples(raw: RawData, label: int | None, count: int, seed: int = 0) -> Indices:
    """Up to `count` rows of `raw.x_train` that show class `label` (None: any), int64.

    Another seed shows others.
    """
    rows = np.arange(len(raw.y_train)) if label is None else np.flatnonzero(raw.y_train == label)
    return Stream.EXAMPLES.generator(seed).permutation(_neighbours(rows, count, seed))


def value_histogram(data: Data, seed: int, bins: int = 32) -> tuple[Histogram, ...]:
    """Count the stored values trained on: of all pixels, of each feature and target, or how long
    texts are.

    At most 1,000 neighbouring images from a random place are looked at, and 5 million values of a
    table, of rows drawn at random.

    Raises:
        DatasetUnavailable: the dataset is not on this computer, or damaged.
    """
    raw = raw_data(data, seed)
    rows = split(raw, data, seed).train
    if data.card.is_text:
        return (_spread("text", text.lengths(raw.x_train[rows]), bins, len(rows)),)
    if data.card.value_range:
        return (_pixels(raw, rows, int(data.card.value_range[1]), bins, seed),)
    total, rows = len(rows), _some(rows, len(data.card.features))
    columns = [*zip(data.card.features, raw.x_train[rows].T, strict=True)]
    if data.card.task == "regression":
        columns.append(("target", raw.y_train[rows][:, 0]))
    return tuple(_spread(name, values, bins, total) for name, values in columns)


def correlation(data: Data, seed: int, most: int | None = None) -> Floats:
    """Pearson's correlation of each two features of the samples trained on, float32 (k, k).

    Of the first `most` features, and of as many samples as hold 5 million values.

    For numbers to predict, the target is the last of the k. A feature that never changes goes
    together with nothing: 0.

    Raises:
        DatasetUnavailable: the dataset is not on this computer, or damaged.
    """
    raw = raw_data(data, seed)
    rows = _some(split(raw, data, seed).train, len(data.card.features[:most]))
    columns = [raw.x_train[rows, :most]]
    if data.card.task == "regression":
        columns.append(raw.y_train[rows])
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.corrcoef(np.concatenate(columns, axis=1), rowvar=False)
    known: Floats = np.nan_to_num(found).astype(np.float32)
    return known


def _pixels(raw: RawData, rows: Indices, highest: int, bins: int, seed: int) -> Histogram:
    """Whole-number bins from 0 to `highest`, at most `bins`, all as wide as each other."""
    chosen = _neighbours(rows, _IMAGES_LOOKED_AT, seed)
    levels = np.zeros(highest + 1, np.int64)
    for row in chosen:  # one by one: all together, as integers, they would take 6 MB
        levels += np.bincount(raw.x_train[row].ravel(), minlength=highest + 1)
    width = -(-(highest + 1) // bins)
    counts = np.add.reduceat(levels, np.arange(0, highest + 1, width))
    pixels = int(np.prod(raw.x_train.shape[1:]))
    return Histogram(
        "pixel",
        np.arange(len(counts) + 1) * width,
        counts,
        len(chosen) * pixels,
        len(rows) * pixels,
    )


def _neighbours(rows: Indices, count: int, seed: int) -> Indices:
    """Up to `count` of `rows` that lie together, at the place in the file that `seed` names.

    Images are stored in no order, so these are as good as any others, and little need be read
    of a mapped file: neighbours share its pages, and so do the neighbours of other classes.
    """
    place = Stream.EXAMPLES.generator(seed).random()
    start = int(place * (max(0, len(rows) - count) + 1))
    return np.sort(rows)[start : start + count]


def _some(rows: Indices, features: int) -> Indices:
    """As many of the rows, which are in a random order, as hold no more than can be looked at."""
    return rows[: max(1, _VALUES_LOOKED_AT // max(1, features))]


def _spread(name: str, values: Array, bins: int, total: int) -> Histogram:
    counts, edges = np.histogram(values, bins)
    return Histogram(name, edges, counts, len(values), total)
