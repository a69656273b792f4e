"""The forms that samples come in: channels first or last, and images as rows of pixels."""

from __future__ import annotations

import math

import numpy as np

from core.data.arrays import Array
from core.data.own.limits import SIDES

Shape = tuple[int, ...]
_CHANNELS = (1, 3)
_FEWEST_PIXELS = 64
_WHITE = 255
_LOOKED_AT = 500


def is_channels_first(shape: Shape) -> bool:
    """Whether an array (n, channels, height, width) is what PyTorch has images in."""
    return len(shape) == 4 and shape[1] in _CHANNELS and shape[3] not in _CHANNELS


def channels_last(x: Array) -> Array:
    """The same images with their channels as last axis."""
    return np.moveaxis(x, 1, -1) if is_channels_first(x.shape) else x


def flat_image(x: Array) -> Shape | None:
    """The shape of the square images that rows (n, features) seem to be: whole numbers to 255.

    `(channels, height, width)` says that colours come one after another.
    """
    if x.ndim != 2 or x.shape[1] < _FEWEST_PIXELS or not _are_pixels(x[:_LOOKED_AT]):
        return None
    for channels in _CHANNELS:
        side = math.isqrt(x.shape[1] // channels)
        if side * side * channels == x.shape[1] and SIDES[0] <= side <= SIDES[1]:
            if channels == 1:
                return side, side, 1
            return _smoother(x[:_LOOKED_AT], side)
    return None


def unflattened(x: Array, shape: Shape) -> Array:
    """Rows as images of this shape, channels last."""
    return channels_last(x.reshape(len(x), *shape))


def _are_pixels(x: Array) -> bool:
    if x.dtype.kind == "b":
        return False
    values = np.nan_to_num(np.asarray(x, np.float64))
    low, high = values.min(), values.max()
    if low < 0 or high > _WHITE or low == high:
        return False
    whole = bool(np.all(values == np.rint(values))) and high > 1
    # Most features of tables are not all between 0 and 1, and often at both ends.
    shares = high == 1 and low == 0 and x.shape[1] >= 4 * _FEWEST_PIXELS
    return bool(whole or shares)


def _smoother(x: Array, side: int) -> Shape:
    """Whether colours come one after another, or pixel by pixel: neighbours are alike."""
    first = np.asarray(x, np.float32).reshape(-1, 3, side, side)
    last = np.moveaxis(np.asarray(x, np.float32).reshape(-1, side, side, 3), -1, 1)
    rough = [float(np.abs(np.diff(images, axis=-1)).mean()) for images in (first, last)]
    return (3, side, side) if rough[0] <= rough[1] else (side, side, 3)
