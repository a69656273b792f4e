"""What samples have in common: the mean image of each class, and the nearest neighbours of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.data import text
from core.data.arrays import Floats, Indices
from core.data.preparation import preparing
from core.data.registry import raw_data
from core.data.splits import split
from core.experiment import Data

IMAGES_AVERAGED = 5_000
COMPARED = 5_000  # images or texts
_ROWS_AT_ONCE = 512


@dataclass(frozen=True, eq=False)
class ClassMeans:
    """The mean image of each class, float32 (classes, height, width, channels), as stored.

    `looked_at` of `total` samples trained on were averaged, of each class as many, if it has them.
    """

    images: Floats
    looked_at: int
    total: int


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The samples nearest to one: rows of `RawData.x_train`, int64 (k,), the nearest first.

    `distances` are Euclidean, between samples as the network gets them, float32 (k,); between
    texts, see `text.distances`. `looked_at` of `total` samples trained on were compared with it.
    """

    rows: Indices
    distances: Floats
    looked_at: int
    total: int


def class_means(data: Data, seed: int) -> ClassMeans:
    """Average the images trained on, by class: of many, a sample drawn at random.

    Raises:
        DatasetUnavailable: the dataset is not on this computer, or damaged.
    """
    raw = raw_data(data, seed)
    train = split(raw, data, seed).train  # in a random order: the first are as good as any
    labels, kinds = raw.y_train[train], data.card.class_count
    most = IMAGES_AVERAGED // kinds
    chosen = [train[np.flatnonzero(labels == label)[:most]] for label in range(kinds)]
    means = [
        raw.x_train[rows].mean(axis=0, dtype=np.float64) if len(rows) else np.zeros(data.card.shape)
        for rows in chosen
    ]
    return ClassMeans(np.stack(means).astype(np.float32), sum(map(len, chosen)), len(train))


def choosable(data: Data, seed: int, label: int | None) -> Indices:
    """The rows of `RawData.x_train` trained on that show class `label` (None: any), int64.

    They are in a random order.
    """
    raw = raw_data(data, seed)
    train = split(raw, data, seed).train
    return train if label is None else train[raw.y_train[train] == label]


def neighbours(data: Data, seed: int, row: int, count: int = 8) -> Neighbours:
    """Find the `count` samples trained on that are nearest to row `row` of `RawData.x_train`.

    Of many images or texts, those compared are a sample drawn at random.

    Raises:
        DatasetUnavailable: the dataset is not on this computer, or damaged.
    """
    raw = raw_data(data, seed)
    parts = split(raw, data, seed)
    others = parts.train[parts.train != row]
    is_long = data.card.is_image or data.card.is_text
    looked_at = others[:COMPARED] if is_long else others
    prepared = preparing(raw, data, parts)
    one = prepared(raw.x_train[row : row + 1])

    def distances() -> Iterator[Floats]:
        for start in range(0, len(looked_at), _ROWS_AT_ONCE):
            part = prepared(raw.x_train[looked_at[start : start + _ROWS_AT_ONCE]]) - one
            yield np.linalg.norm(part.reshape(len(part), -1), axis=1)

    if data.card.is_text:
        found = text.distances(prepared(raw.x_train[looked_at]), one[0])
    else:
        found = np.concatenate([*distances(), np.empty(0, np.float32)])
    nearest = np.argsort(found, kind="stable")[:count]
    return Neighbours(looked_at[nearest], found[nearest], len(looked_at), len(others))
