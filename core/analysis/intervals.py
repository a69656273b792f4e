"""How far a share counted on few samples may lie from the true one: 95 % intervals."""

from __future__ import annotations

import math
from typing import NamedTuple

Z = 1.959963984540054  # 97.5 % of a normal distribution lie below


class Interval(NamedTuple):
    """Bounds of a share, or of a difference of two."""

    low: float
    high: float


class Score(NamedTuple):
    """So many samples right of so many."""

    right: int
    total: int

    @classmethod
    def of(cls, share: float, total: int) -> Score:
        """The score that a measured share of `total` samples stands for."""
        return cls(round(share * total), total)

    def __add__(self, other: object) -> Score:
        """Both counted together."""
        if not isinstance(other, Score):
            return NotImplemented
        return Score(self.right + other.right, self.total + other.total)

    @property
    def share(self) -> float:
        """The share that is right; 0 without samples."""
        return self.right / self.total if self.total else 0.0

    @property
    def interval(self) -> Interval:
        """Wilson's score interval (Wilson, 1927; Brown, Cai and DasGupta, 2001)."""
        if not self.total:
            return Interval(0.0, 1.0)
        spread = Z**2 / self.total
        middle = (self.share + spread / 2) / (1 + spread)
        half = math.sqrt(self.share * (1 - self.share) * spread + spread**2 / 4) / (1 + spread)
        return Interval(max(0.0, middle - half), min(1.0, middle + half))


def difference(first: Score, second: Score) -> Interval:
    """The interval of the first share minus the second (Newcombe, 1998, method 10)."""
    between = first.share - second.share
    one, other = first.interval, second.interval
    below = math.hypot(first.share - one.low, other.high - second.share)
    above = math.hypot(one.high - first.share, second.share - other.low)
    return Interval(between - below, between + above)
