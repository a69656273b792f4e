"""How pixels become shades from 0 to 255 for all pictures alike: what transparency shows, depth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from core.data.arrays import Array
from core.data.own.facts import Background
from core.data.own.images.decoding import Picture

BACKGROUNDS: dict[Background, int] = {"white": 255, "black": 0, "grey": 128}
_WHITE = 255
_DIM = 127  # pictures without a brighter pixel are of another range, as 0 to 16
_SEEN = 16  # shades between what is seen of a picture and what is behind it
_BITS = (8, 10, 12, 14, 16)


@dataclass
class Contrasts:
    """Watches transparent pictures: on which background what they show can be seen."""

    count: int = 0
    _lost: dict[Background, int] = field(default_factory=lambda: dict.fromkeys(BACKGROUNDS, 0))
    _sum: dict[Background, float] = field(default_factory=lambda: dict.fromkeys(BACKGROUNDS, 0.0))

    def add(self, picture: Picture) -> None:
        """Take a picture into account."""
        if picture.alpha is None:
            return
        self.count += 1
        pixels = picture.pixels.astype(np.float32)
        shades = pixels.mean(axis=-1) if pixels.ndim == 3 else pixels
        weights = picture.alpha.astype(np.float64)
        total = weights.sum()
        for name, behind in BACKGROUNDS.items():
            seen = float((np.abs(shades - behind) * weights).sum() / total) if total else 0.0
            self._lost[name] += seen < _SEEN
            self._sum[name] += seen

    def best(self) -> Background:
        """The background on which fewest pictures are lost; of these white or black stand out."""
        fewest = min(self._lost.values())
        names: list[Background] = [name for name in BACKGROUNDS if self._lost[name] == fewest]
        plain = [name for name in names if name != "grey"]
        return max(plain or names, key=lambda name: self._sum[name])


@dataclass(frozen=True)
class Scale:
    """Numbers of another depth become shades: `black` becomes 0, and `white` 255."""

    black: float
    white: float

    def shades(self, picture: Picture) -> Array:
        """uint8 (height, width)."""
        values = np.nan_to_num(picture.pixels.astype(np.float64), nan=self.black)
        share = np.clip((values - self.black) / (self.white - self.black), 0, 1)
        return np.rint((1 - share if picture.zero_is_white else share) * _WHITE).astype(np.uint8)


def scale(pictures: Iterable[Picture]) -> Scale | None:
    """The scale for all pictures of another depth; None where there is none.

    Whole numbers are of 8, 10, 12, 14 or 16 bits, as many as the largest of them needs; others go
    from 0 to 1, or to 255.
    """
    low, high, whole = np.inf, -np.inf, True
    for picture in pictures:
        if picture.is_deep:
            values = picture.pixels[np.isfinite(picture.pixels)]
            whole &= picture.pixels.dtype.kind in "iu"
            if values.size:
                low, high = min(low, float(values.min())), max(high, float(values.max()))
    if low > high:
        return None
    low = min(0.0, low)
    return Scale(low, _white(low, high, whole))


def _white(low: float, high: float, whole: bool) -> float:
    """The number that is white: what the format has, or the largest if all are dark beside that."""
    if low < 0:
        return high if high > low else low + 1
    depths = [2.0**bits - 1 for bits in _BITS] if whole else [1.0, float(_WHITE)]
    white = next((depth for depth in depths if high <= depth), high)
    return (white if _WHITE * high > _DIM * white else high) or 1.0


def flat(picture: Picture, behind: Background, depth: Scale | None) -> Array:
    """The picture as uint8 (height, width) or (height, width, 3), on this background."""
    if picture.is_deep:
        return (depth or scale([picture]) or Scale(0, 1)).shades(picture)
    if picture.alpha is None:
        return picture.pixels
    share = picture.alpha.astype(np.float32) / _WHITE
    if picture.pixels.ndim == 3:
        share = share[..., np.newaxis]
    mixed = picture.pixels * share + BACKGROUNDS[behind] * (1 - share)
    return np.rint(mixed).astype(np.uint8)
