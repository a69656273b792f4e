"""What finished pictures are like: their extremes, a digest of each, and which show nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from core.data.arrays import Array
from core.data.own import parts, repeats
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
    flat, low, high = [], 255, 0
    digests: list[bytes] = []
    for rows in parts.chunks(np.arange(len(x)), x[:1].nbytes):
        some = np.ascontiguousarray(x[rows]).reshape(len(rows), -1, x.shape[-1])
        flat.append((some == some[:, :1]).all(axis=(1, 2)))
        digests += map(repeats.digest, some)
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
