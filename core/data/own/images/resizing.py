"""Pictures brought to one size: by bilinear interpolation as TensorFlow does it."""

from __future__ import annotations

import numpy as np

from core.data.arrays import Array, Floats, Indices
from core.data.own.facts import Fit

# The weights that JPEG and libpng use for the lightness of red, green and blue.
_LIGHTNESS = (0.299, 0.587, 0.114)
_WHITE = 255
_MANY = 2  # pixels for each new one, from which their mean is taken


def resized(picture: Array, shape: tuple[int, int, int]) -> Array:
    """The picture as uint8 of `shape`, (height, width, 1 or 3), by bilinear interpolation.

    As `tf.image.resize(…, antialias=False)`, but where two or more pixels become one in an axis,
    their means come first: thin lines would be lost.
    """
    height, width, channels = shape
    whole = picture if picture.ndim == 3 else picture[..., np.newaxis]
    whole = _shrunk(whole, height, width)
    top, bottom, down = _neighbours(height, whole.shape[0])
    left, right, across = _neighbours(width, whole.shape[1])
    down, across = down[:, np.newaxis, np.newaxis], across[:, np.newaxis]
    rows = [_lightness_or_colors(whole[rows], channels) for rows in (top, bottom)]
    upper, lower = (row[:, left] * (1 - across) + row[:, right] * across for row in rows)
    return np.clip(np.rint(upper * (1 - down) + lower * down), 0, _WHITE).astype(np.uint8)


def fitted(picture: Array, fit: Fit, margin: int) -> Array:
    """The picture made square: as it is to be stretched, its middle, or with margins around it."""
    height, width = picture.shape[:2]
    side = min(height, width) if fit == "crop" else max(height, width)
    if fit == "stretch" or height == width:
        return picture
    top, left = abs(height - side) // 2, abs(width - side) // 2
    if fit == "crop":
        return picture[top : top + side, left : left + side]
    square = np.full((side, side, *picture.shape[2:]), margin, np.uint8)
    square[top : top + height, left : left + width] = picture
    return square


def _shrunk(picture: Array, height: int, width: int) -> Array:
    """Means of blocks of pixels, as large as still leaves `height` × `width` of them."""
    for axis, size in ((0, height), (1, width)):
        block = picture.shape[axis] // size
        if block >= _MANY:
            count = picture.shape[axis] // block
            first = (picture.shape[axis] - count * block) // 2  # as much is lost at either end
            whole = np.take(picture, np.arange(first, first + count * block), axis)
            starts = np.arange(0, count * block, block)
            picture = np.add.reduceat(whole, starts, axis, dtype=np.float32) / block
    return picture


def _neighbours(size: int, old: int) -> tuple[Indices, Indices, Floats]:
    """The pixels on either side of each new pixel's centre, and the weight of the second."""
    centre = (np.arange(size, dtype=np.float32) + 0.5) * (old / size) - 0.5
    first = np.floor(centre)
    weight = (centre - first).astype(np.float32)
    low = np.clip(first, 0, old - 1).astype(np.int64)
    high = np.clip(first + 1, 0, old - 1).astype(np.int64)
    return low, high, weight


def _lightness_or_colors(rows: Array, channels: int) -> Floats:
    """float32 rows with so many channels: grey from colours, or the same grey in each."""
    values = rows.astype(np.float32)
    if values.shape[-1] == channels:
        return values
    if channels == 1:
        lightness = values @ np.array(_LIGHTNESS, np.float32)
        return np.asarray(np.rint(lightness)[..., np.newaxis], np.float32)
    return np.repeat(values, channels, axis=-1)
