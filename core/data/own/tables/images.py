"""Tables in which each row is an image: their columns are its pixels."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

import numpy as np

from core.data.arrays import Array
from core.data.own.facts import Column
from core.data.own.names import tidy
from core.data.own.npz import forms, pixels
from core.data.own.npz.pixels import Pixels
from core.data.own.tables.columns import Summary
from core.data.own.tables.source import Table
from core.data.own.work import Work
from core.errors import UnusableUpload

Shape = tuple[int, ...]
_LOOKED_AT = 500
_FEWEST_PIXELS = 64
_SURE = 784
_NAME = re.compile(
    r"(?:pixels?|px|pix|p|v|x|column)?[\s_.\-]*\d+(?:[\sx_,.\-]\d+){0,2}", re.IGNORECASE
)


def suggested(
    table: Table, found: Mapping[str, Summary], columns: Sequence[Column], target: str
) -> tuple[Shape | None, bool]:
    """The shape of the images that the rows may be, and whether they surely are.

    `(channels, height, width)` says that colours come one after another.
    """
    names = pixel_names(columns, target)
    numeric = all(found[name].numbers == found[name].present for name in names)
    if len(names) < _FEWEST_PIXELS or not numeric:
        return None, False
    arrays, _ = next(iter(table.portions(names)), ({}, 0.0))
    few = [found[name].values(array.slice(0, _LOOKED_AT)) for name, array in arrays.items()]
    shape = forms.flat_image(np.column_stack(few)) if few else None
    named = all(_NAME.fullmatch(name) for name in names)
    return shape, shape is not None and (named or len(names) >= _SURE)


def pixel_names(columns: Sequence[Column], target: str) -> tuple[str, ...]:
    """The columns that would be pixels: all but the target and those that number the rows."""
    return tuple(one.name for one in columns if one.name != target and not one.left_out)


def encoded(x: Array, shape: Shape, names: Sequence[str], work: Work) -> tuple[Array, Pixels]:
    """Rows (n, features) as images of this shape, channels last, and how these become pixels.

    Raises:
        UnusableUpload: the rows are no images of this shape.
    """
    if len(names) != math.prod(shape):
        shown = " × ".join(map(str, shape))
        raise UnusableUpload(
            f"{tidy(work.name)}: images of {shown} pixels need {math.prod(shape):,} columns, but "
            f"{len(names):,} were chosen. Take the rows as numbers."
        )
    images = forms.unflattened(x, shape)
    return images, pixels.pixels_of([images], work.name)
