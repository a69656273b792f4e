"""One picture of a stranger: read with Pillow within limits, with what is told of it."""

from __future__ import annotations

import struct
import warnings
import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from core.data.arrays import Array
from core.data.own import zips
from core.data.own.images import formats
from core.data.own.limits import ReadLimits
from core.data.own.names import tidy

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
_GREY = {"1", "L", "LA", "La"}
_DEEP = {"I", "F", "I;16", "I;16B", "I;16L", "I;16N"}
_PHOTOMETRIC = 262  # the tag of a TIFF that says whether 0 is white
_JPEG = {"JPEG", "MPO"}  # an MPO's second picture is a preview or a map of brightness


class Unreadable(Exception):
    """An image cannot be read; the text says why, for a list of such images."""


@dataclass(frozen=True, eq=False)
class Picture:
    """`pixels` are uint8 (height, width) or (height, width, 3), or (height, width) of any numbers.

    `alpha` is uint8 (height, width), None where nothing is transparent. `is_deep` says that the
    numbers are not from 0 to 255, `zero_is_white` that the darkest of these is the largest.
    `has_more` says that the file has more frames or pages than this one, and `was_hidden` that a
    transparency that hid all of it was left away.
    """

    pixels: Array
    alpha: Array | None = None
    is_deep: bool = False
    zero_is_white: bool = False
    has_more: bool = False
    was_hidden: bool = False

    @property
    def is_grey(self) -> bool:
        """Whether it has no colours."""
        pixels = self.pixels
        return pixels.ndim == 2 or bool(np.all(pixels == pixels[..., :1]))


def read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limits: ReadLimits) -> Picture:
    """The picture that a file in an archive holds, upright.

    Raises:
        Unreadable: it is damaged, too large, or no image.
    """
    if member.file_size > _MOST_BYTES:
        raise Unreadable(f"it has {member.file_size / 1e6:,.0f} MB")
    content = b""
    try:
        content = archive.read(member)
        with warnings.catch_warnings(action="ignore"), _opened(content, limits) as image:
            return _picture(image)
    except UnidentifiedImageError as error:
        raise Unreadable(_reason(content)) from error
    except BROKEN as error:
        raise Unreadable("it is damaged" if " at 0x" in str(error) else _words(error)) from error


def _reason(content: bytes) -> str:
    start = content[: formats.MAGIC_BYTES]
    return "it is damaged" if formats.is_picture(start) else formats.described(start)


def _words(error: Exception) -> str:
    return tidy(str(error), "it is damaged")


def _opened(content: bytes, limits: ReadLimits) -> Image.Image:
    image = Image.open(BytesIO(content), formats=formats.PILLOW)
    width, height = image.size
    if width * height > limits.pixels_per_image:
        raise Unreadable(
            f"it has {width:,} × {height:,} pixels; {limits.pixels_per_image:,} are allowed"
        )
    return image


def _picture(image: Image.Image) -> Picture:
    has_more = image.format not in _JPEG and bool(getattr(image, "is_animated", False))
    zero_is_white = getattr(image, "tag_v2", {}).get(_PHOTOMETRIC) == 0
    image.load()
    upright = ImageOps.exif_transpose(image)
    if upright.mode in _DEEP:
        pixels = np.asarray(upright)
        return Picture(pixels, None, True, zero_is_white, has_more)
    if not upright.has_transparency_data:
        plain = upright.convert("L" if upright.mode in _GREY else "RGB")
        return Picture(np.asarray(plain), has_more=has_more)
    return _transparent(upright, has_more)


def _transparent(image: Image.Image, has_more: bool) -> Picture:
    both: Array = np.asarray(image.convert("LA" if image.mode in _GREY else "RGBA"))
    pixels, alpha = both[..., :-1], both[..., -1]
    if pixels.shape[-1] == 1:
        pixels = pixels[..., 0]
    if alpha.min() == 255:
        return Picture(pixels, has_more=has_more)
    if alpha.max() == 0 and _varies(pixels):
        return Picture(pixels, has_more=has_more, was_hidden=True)
    return Picture(pixels, alpha, has_more=has_more)


def _varies(pixels: Any) -> bool:
    return bool(np.any(pixels != pixels[:1, :1]))
