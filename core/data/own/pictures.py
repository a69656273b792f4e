"""One image of a stranger: read with Pillow within limits, and resized as TensorFlow does."""

from __future__ import annotations

import struct
import warnings
import zipfile
from io import BytesIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from core.data.arrays import Array, Floats, Indices
from core.data.own import zips
from core.data.own.limits import ReadLimits
from core.data.own.names import tidy

_FORMATS = ("BMP", "GIF", "JPEG", "PNG")
_MOST_BYTES = 100 * 2**20
# What Pillow raises where an image is broken, or too large.
BROKEN = (
    *zips.BROKEN,
    SyntaxError,
    TypeError,
    KeyError,
    IndexError,
    struct.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
# The weights that JPEG and libpng use for the lightness of red, green and blue.
_LIGHTNESS = (0.299, 0.587, 0.114)
_WHITE = 255


class Unreadable(Exception):
    """An image cannot be read; the text says why, for a list of such images."""


def read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limits: ReadLimits) -> Array:
    """The pixels of a file in an archive: uint8 (height, width) or (height, width, 3).

    Raises:
        Unreadable: it is damaged, too large, or no image.
    """
    if member.file_size > _MOST_BYTES:
        raise Unreadable(f"it has {member.file_size / 1e6:,.0f} MB")
    try:
        content = archive.read(member)
        with warnings.catch_warnings(action="ignore"), _opened(content, limits) as image:
            return _pixels(image)
    except UnidentifiedImageError as error:
        raise Unreadable("it is no BMP, GIF, JPEG or PNG image") from error
    except BROKEN as error:
        raise Unreadable("it is damaged" if " at 0x" in str(error) else _words(error)) from error


def _words(error: Exception) -> str:
    return tidy(str(error), "it is damaged")


def _opened(content: bytes, limits: ReadLimits) -> Image.Image:
    image = Image.open(BytesIO(content), formats=_FORMATS)
    width, height = image.size
    if width * height > limits.pixels_per_image:
        raise Unreadable(
            f"it has {width:,} × {height:,} pixels; {limits.pixels_per_image:,} are allowed"
        )
    return image


def _pixels(image: Image.Image) -> Array:
    image.load()
    if image.mode.startswith("I"):  # 16 bits a pixel, of which the upper eight are kept
        return (np.asarray(image) >> 8).clip(0, _WHITE).astype(np.uint8)
    upright = ImageOps.exif_transpose(image)
    is_grey = upright.mode in ("1", "L", "LA", "La")
    return np.asarray(upright.convert("L" if is_grey else "RGB"))


def is_grey(picture: Array) -> bool:
    """Whether it has no colours."""
    return picture.ndim == 2 or bool(np.all(picture == picture[..., :1]))


def resized(picture: Array, shape: tuple[int, int, int]) -> Array:
    """The picture as uint8 of `shape`, (height, width, 1 or 3), by bilinear interpolation.

    As `tf.image.resize(…, antialias=False)`: of a much larger picture only some pixels are seen.
    """
    height, width, channels = shape
    whole = picture if picture.ndim == 3 else picture[..., np.newaxis]
    top, bottom, down = _neighbours(height, whole.shape[0])
    left, right, across = _neighbours(width, whole.shape[1])
    down, across = down[:, np.newaxis, np.newaxis], across[:, np.newaxis]
    rows = [_lightness_or_colors(whole[rows], channels) for rows in (top, bottom)]
    upper, lower = (row[:, left] * (1 - across) + row[:, right] * across for row in rows)
    return np.clip(np.rint(upper * (1 - down) + lower * down), 0, _WHITE).astype(np.uint8)


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
