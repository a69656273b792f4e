"""Varying images at random: what is drawn for each sample, and the images it makes, in NumPy.

Training draws here too, and makes the same images with TensorFlow (`core/training/varying.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.data.arrays import Floats
from core.experiment.augmentation import FULL_TURN, Augmentation

_DRAWS = 7  # numbers a sample, always, so that a setting does not change what others draw


@dataclass(frozen=True, eq=False)
class Variations:
    """What is done to each of n images: float32 `transforms` (n, 8) and `contrasts` (n,).

    A transform leads from a place (x, y) of the result to one of the image, where pixels are at
    whole numbers: (t₀x + t₁y + t₂, t₃x + t₄y + t₅), as `ImageProjectiveTransformV3` takes it; the
    last two are 0. A contrast is what the distance of a pixel from the image's mean is multiplied
    by, for each channel.
    """

    transforms: Floats
    contrasts: Floats


def draw_variations(
    augmentation: Augmentation,
    shape: tuple[int, ...],
    count: int,
    generator: np.random.Generator,
) -> Variations:
    """Draw for `count` images of `shape` (height, width, channels).

    The first of many are those of few: each image has its own numbers of the generator.
    """
    mirror_x, mirror_y, turn, down, right, size, contrast = generator.random((count, _DRAWS)).T
    height, width = shape[:2]
    moved = _transforms(
        signs=(
            _signs(mirror_x, augmentation.flip in ("horizontal", "both")),
            _signs(mirror_y, augmentation.flip in ("vertical", "both")),
        ),
        angle=np.deg2rad(FULL_TURN * _around(0, augmentation.rotation, turn)),
        shift=(
            width * _around(0, augmentation.translation, right),
            height * _around(0, augmentation.translation, down),
        ),
        zoom=_around(1, augmentation.zoom, size),
        middle=((width - 1) / 2, (height - 1) / 2),
    )
    contrasts = _around(1, augmentation.contrast, contrast)
    return Variations(moved, contrasts.astype(np.float32))


def varied(images: Floats, variations: Variations) -> Floats:
    """The images (n, height, width, channels), values 0 to 1, each as its variation says.

    Between pixels their values are blended (bilinear), outside the nearest one is taken. Equal to
    what training makes, up to 1e-5.
    """
    warped = _warped(images, variations.transforms)
    mean = warped.mean(axis=(1, 2), keepdims=True)
    contrasts = variations.contrasts[:, np.newaxis, np.newaxis, np.newaxis]
    changed: Floats = ((warped - mean) * contrasts + mean).clip(0, 1)
    return changed


def _signs(drawn: NDArray[np.float64], mirrors: bool) -> NDArray[np.float64]:
    """-1 for an image that is mirrored, else 1."""
    return np.where(drawn <= 0.5, -1.0, 1.0) if mirrors else np.ones(len(drawn))


def _around(center: float, share: float, drawn: NDArray[np.float64]) -> NDArray[np.float64]:
    """From `center` - `share` to `center` + `share`."""
    return center + share * (2 * drawn - 1)


def _transforms(
    signs: tuple[NDArray[np.float64], NDArray[np.float64]],
    angle: NDArray[np.float64],
    shift: tuple[NDArray[np.float64], NDArray[np.float64]],
    zoom: NDArray[np.float64],
    middle: tuple[float, float],
) -> Floats:
    """Mirroring, turn, shift and zoom of an image in one: float32 (n, 8).

    Read from the result back to the image, a place is zoomed, shifted, turned and mirrored, zoom,
    turn and mirror around the `middle`.
    """
    (sign_x, sign_y), (shift_x, shift_y), (middle_x, middle_y) = signs, shift, middle
    cosine, sine = np.cos(angle), np.sin(angle)
    row_x = sign_x * cosine, -sign_x * sine
    row_y = sign_y * sine, sign_y * cosine
    columns = []
    for (first, second), center in ((row_x, middle_x), (row_y, middle_y)):
        moved = first * (zoom * middle_x + shift_x) + second * (zoom * middle_y + shift_y)
        columns += [zoom * first, zoom * second, center - moved]
    zeros = np.zeros(len(angle))
    return np.stack([*columns, zeros, zeros], axis=1).astype(np.float32)


def _warped(images: Floats, transforms: Floats) -> Floats:
    count, height, width, _ = images.shape
    y, x = np.indices((height, width), dtype=np.float32).reshape(2, 1, -1)
    across = np.clip(_linear(transforms[:, 0:3], x, y), 0, width - 1)
    down = np.clip(_linear(transforms[:, 3:6], x, y), 0, height - 1)
    left, above = across.astype(np.int64), down.astype(np.int64)
    right, below = np.minimum(left + 1, width - 1), np.minimum(above + 1, height - 1)
    to_right, to_below = (across - left)[..., np.newaxis], (down - above)[..., np.newaxis]
    sample = np.arange(count)[:, np.newaxis]
    upper = _blend(images[sample, above, left], images[sample, above, right], to_right)
    lower = _blend(images[sample, below, left], images[sample, below, right], to_right)
    return _blend(upper, lower, to_below).reshape(images.shape)


def _linear(rows: Floats, x: Floats, y: Floats) -> Floats:
    """a·x + b·y + c for rows (n, 3) and places (1, m): float32 (n, m)."""
    return rows[:, 0:1] * x + rows[:, 1:2] * y + rows[:, 2:3]


def _blend(one: Floats, other: Floats, share: Floats) -> Floats:
    blended: Floats = (one * (1 - share) + other * share).astype(np.float32)
    return blended
