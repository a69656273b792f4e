"""Arrays of pixels as they are stored: uint8 (n, height, width, channels), channels last."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.data.arrays import Array
from core.data.own.limits import SIDES
from core.data.own.names import tidy
from core.data.own.parts import chunks
from core.errors import UnusableUpload

_CHANNELS = (1, 3)
_WHITE = 255
_DIM = 127  # pictures without a brighter pixel are of another range, as 0 to 16


@dataclass(frozen=True)
class Pixels:
    """How the values of an array become pixels: (value - `black`) × `factor`."""

    shape: tuple[int, int, int]
    black: float
    factor: float
    warnings: tuple[str, ...]

    @property
    def value_range(self) -> tuple[float, float]:
        """From black to white, as a `DatasetCard` has it."""
        return (0.0, float(_WHITE))

    def encode(self, values: Array) -> Array:
        """Some rows as uint8 (n, height, width, channels)."""
        if values.dtype == np.uint8 and self.factor == 1:
            return np.ascontiguousarray(values).reshape(-1, *self.shape)
        scaled = (np.nan_to_num(values.astype(np.float64)) - self.black) * self.factor
        return np.clip(np.rint(scaled), 0, _WHITE).astype(np.uint8).reshape(-1, *self.shape)


def image_shape(shape: tuple[int, ...], name: str) -> tuple[int, int, int]:
    """One image of an array (n, height, width) or (n, height, width, channels).

    Raises:
        UnusableUpload: it is no image, or too small or large a one.
    """
    height, width, channels = (*shape[1:], 1)[:3]
    shown = " × ".join(f"{size:,}" for size in shape)
    if channels not in _CHANNELS:
        hint = "Move the channels to the end." if shape[1] in _CHANNELS else "Drop the others."
        raise UnusableUpload(
            f"{tidy(name)}: x is {shown}; images must be samples × height × width, with 1 or 3 "
            f"channels as a last axis. {hint}"
        )
    if not SIDES[0] <= min(height, width) <= max(height, width) <= SIDES[1]:
        raise UnusableUpload(
            f"{tidy(name)}: x is {shown}; images must be {SIDES[0]} to {SIDES[1]} pixels high and "
            "wide. Resize them."
        )
    return height, width, channels


def pixels_of(arrays: list[Array], name: str) -> Pixels:
    """How these arrays, all of like shape, become pixels.

    Raises:
        UnusableUpload: they hold no images, or all pixels are the same.
    """
    shape = image_shape(arrays[0].shape, name)
    low, high, complete = _extremes(arrays)
    if not low < high:
        raise UnusableUpload(
            f"{tidy(name)}: all pixels of x are the same, so there is nothing to learn. Look at "
            "how the file was made."
        )
    said = [] if complete else ["Pixels that are not a number were made black."]
    whole = arrays[0].dtype.kind in "iu"
    if low >= 0 and high <= 1 and not whole:
        return Pixels(shape, 0.0, _WHITE, tuple(said))
    if low >= 0 and _DIM < high <= _WHITE:
        return Pixels(shape, 0.0, 1.0, tuple(said))
    low = min(low, 0.0)  # what is black stays so
    said.append(f"Pixels from {low:g} to {high:g} were brought to 0 to {_WHITE}, in steps of one.")
    return Pixels(shape, low, _WHITE / (high - low), tuple(said))


def _extremes(arrays: list[Array]) -> tuple[float, float, bool]:
    """The smallest and the largest finite value, and whether all are finite."""
    low, high, complete = np.inf, -np.inf, True
    for array in arrays:
        for chunk in chunks(np.arange(len(array)), array[:1].nbytes):
            values = array[chunk].astype(np.float64)
            finite = values[np.isfinite(values)]
            complete &= finite.size == values.size
            low, high = min(low, finite.min(initial=np.inf)), max(high, finite.max(initial=-np.inf))
    return float(low), float(high), complete
