"""What is odd about finished pictures: of one colour, there twice, or the same in two classes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from core.data.arrays import Array, Indices
from core.data.own import parts
from core.data.own.names import counted, listed, tidy

_DIM = 127


@dataclass(frozen=True, eq=False)
class Seen:
    """What was seen of each picture: whether all its pixels are alike, and a digest of them.

    `lowest` and `highest` are the extremes of all pixels.
    """

    flat: Array
    digests: list[bytes]
    lowest: int
    highest: int


def seen(x: Array) -> Seen:
    """Look at finished pictures, uint8 (n, height, width, channels)."""
    flat, digests, low, high = [], [], 255, 0
    for rows in parts.chunks(np.arange(len(x)), x[:1].nbytes):
        some = np.ascontiguousarray(x[rows]).reshape(len(rows), -1, x.shape[-1])
        flat.append((some == some[:, :1]).all(axis=(1, 2)))
        digests += [blake2b(one.tobytes(), digest_size=16).digest() for one in some]
        low, high = min(low, int(some.min())), max(high, int(some.max()))
    return Seen(np.concatenate(flat), digests, low, high)


def brightening(found: Seen) -> float:
    """By how much pixels are multiplied: those of masks and labels may be from 0 to 1 or 9."""
    return 255 / found.highest if 0 < found.highest <= _DIM else 1.0


def one_color(found: Seen, shown: Sequence[str]) -> Iterator[str]:
    """What to say of pictures whose pixels are all alike; `shown` are the names of all."""
    which = np.flatnonzero(found.flat)
    if len(which):
        names = listed((tidy(shown[index]) for index in which.tolist()), 2)
        yield (
            f"{counted(len(which), 'image')} of {len(found.flat):,} have a single colour and show "
            f"nothing: {names}. Look at the files."
        )


def alike(found: Seen, train: Indices, test: Indices) -> Iterator[str]:
    """What to say of pictures that are there twice; the indices lead into all pictures."""
    learnt = {found.digests[index] for index in train.tolist()}
    both = sum(found.digests[index] in learnt for index in test.tolist())
    again = len(train) - len(learnt)
    if both:
        yield (
            f"{counted(both, 'test image')} of {len(test):,} are among the training images too, "
            "pixel for pixel: results of the test will look better than they are."
        )
    if again:
        yield f"Repeated among the training images, pixel for pixel: {counted(again, 'image')}."


def same_classes(found: Seen, labels: Array, rows: Indices, names: Sequence[str]) -> Iterator[str]:
    """What to say of the same pictures in several classes; `labels` are those of `rows`."""
    classes: defaultdict[bytes, set[int]] = defaultdict(set)
    for row, label in zip(rows.tolist(), labels.tolist(), strict=True):
        classes[found.digests[row]].add(label)
    of_class: defaultdict[int, set[bytes]] = defaultdict(set)
    for digest, several in classes.items():
        for label in several:
            of_class[label].add(digest)
    groups: defaultdict[frozenset[bytes], list[str]] = defaultdict(list)
    for label, digests in sorted(of_class.items()):
        groups[frozenset(digests)].append(names[label])
    for group in groups.values():
        if len(group) > 1:
            yield (
                f"The classes {listed(group)} have exactly the same images: nothing can tell them "
                "apart. Look at the files."
            )
    if mixed := sum(len(several) > 1 for several in classes.values()):
        yield f"In more than one class, pixel for pixel: {counted(mixed, 'image')}."
