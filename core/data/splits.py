"""Which samples are trained on and which are held back, drawn from the seed."""

from __future__ import annotations

import numpy as np

from core.data.arrays import Array, Indices, RawData, Split
from core.data.streams import Stream
from core.experiment import Data


def split(raw: RawData, data: Data, seed: int) -> Split:
    """Draw the samples used, then the validation part of exactly `data.validation_count`.

    Classes keep their shares in both parts. Indices lead into `raw.x_train`, in a random order.
    """
    pool = np.arange(len(raw.y_train))
    if data.pool_count < len(pool):
        pool, _ = divide(raw.y_train, data.pool_count, Stream.SUBSET.generator(seed))
    validation, train = divide(
        raw.y_train[pool], data.validation_count, Stream.VALIDATION.generator(seed)
    )
    return Split(train=pool[train], validation=pool[validation])


def divide(targets: Array, count: int, generator: np.random.Generator) -> tuple[Indices, Indices]:
    """Divide samples at random into `count` chosen ones and the rest: two int64 index arrays.

    Whole-number `targets` are classes and keep their shares; other targets are drawn freely.
    """
    order = generator.permutation(len(targets))
    if not np.issubdtype(targets.dtype, np.integer):
        return order[:count], order[count:]
    chosen = np.zeros(len(targets), bool)
    chosen[_first_of_each_class(targets, order, count)] = True
    return order[chosen[order]], order[~chosen[order]]


def _first_of_each_class(labels: Array, order: Indices, count: int) -> Indices:
    """The first of every class in `order`, as many as its share of `count`."""
    by_class = order[np.argsort(labels[order], kind="stable")]
    sizes = np.bincount(labels)
    rank = np.arange(len(labels)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return by_class[rank < np.repeat(shares(sizes, count), sizes)]


def shares(sizes: Indices, count: int) -> Indices:
    """How many of `count` fall to each class: the largest-remainder method, int64 (classes,).

    A class is left out, or used up, only where `count`, or what it leaves, is less than one each.
    """
    quota = sizes * (count / max(1, sizes.sum()))
    least, most = _bounds(sizes, count)
    share: Indices = np.clip(np.floor(quota).astype(np.int64), least, most)
    while (missing := int(np.sign(count - share.sum()))) != 0:
        movable = share < most if missing > 0 else share > least
        share[np.argmax(np.where(movable, (quota - share) * missing, -np.inf))] += missing
    return share


def _bounds(sizes: Indices, count: int) -> tuple[Indices, Indices]:
    """The fewest and the most that may be chosen of each class."""
    present = (sizes > 0).astype(np.int64)
    most = sizes - present if sizes.sum() - count >= present.sum() else sizes
    least = np.minimum(present, most) if count >= present.sum() else np.zeros_like(sizes)
    return least, most
