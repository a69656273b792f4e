"""Images varied at random while they are trained on: what `core.data.varied` does, in TensorFlow.

Nothing is drawn here: an epoch's variations follow from the seed and its number (see `seeds`).
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import tensorflow as tf

from core.experiment.augmentation import Kind
from core.training.kernels import can_compile

Tensor = Any


def vary(kinds: tuple[Kind, ...], x: Tensor, transforms: Tensor, contrasts: Tensor) -> Tensor:
    """Images x (batch, height, width, channels), each as its variation says; see `Variations`.

    `kinds` is what is to be done, the same for all batches. Turn, shift, zoom and mirroring are one
    transform, and with the contrast they are one kernel: 0.2 ms for 32 images of 28 × 28, of which
    `ImageProjectiveTransformV3` takes 0.4 ms.
    """
    if not kinds:
        return x
    run = _compiled if can_compile() else _vary
    return tf.ensure_shape(run(kinds, x, transforms, contrasts), x.shape)


def _vary(kinds: tuple[Kind, ...], x: Tensor, transforms: Tensor, contrasts: Tensor) -> Tensor:
    if "flip" in kinds:
        x = _mirrored(x, transforms)
    if "warp" in kinds:
        x = _warped(x, transforms)
    return _contrasted(x, contrasts) if "contrast" in kinds else x


_compiled = tf.function(_vary, jit_compile=True, autograph=False)


def _mirrored(x: Tensor, transforms: Tensor) -> Tensor:
    """Images whose transform has a negative sign are turned over, their pixels unchanged."""
    for axis, sign in ((2, transforms[:, 0]), (1, transforms[:, 4])):
        mirrors = sign[:, tf.newaxis, tf.newaxis, tf.newaxis] < 0
        x = tf.where(mirrors, tf.reverse(x, [axis]), x)
    return x


def _warped(x: Tensor, transforms: Tensor) -> Tensor:
    """Each pixel of the result is blended of the four around the place it comes from."""
    height, width, channels = x.shape[1:]
    rows, columns = np.indices((height, width), dtype=np.float32).reshape(2, 1, -1)

    def source(first: int, size: int) -> tuple[Tensor, Tensor]:
        """The pixel before the place along one axis, and how far the place is from it."""
        slope_x, slope_y, start = (transforms[:, first + i, tf.newaxis] for i in range(3))
        place = tf.clip_by_value(slope_x * columns + slope_y * rows + start, 0.0, size - 1.0)
        before = tf.minimum(tf.floor(place), max(0.0, size - 2.0))
        return before, (place - before)[..., tf.newaxis]

    (left, to_right), (above, to_below) = source(0, width), source(3, height)
    corner = tf.cast(above * width + left, tf.int32)
    pixels = tf.reshape(x, (-1, height * width, channels))
    pick = partial(tf.gather, pixels, batch_dims=1)
    right, below = int(width > 1), width * (height > 1)
    upper = _blend(pick(corner), pick(corner + right), to_right)
    lower = _blend(pick(corner + below), pick(corner + below + right), to_right)
    return tf.reshape(_blend(upper, lower, to_below), tf.shape(x))


def _contrasted(x: Tensor, contrasts: Tensor) -> Tensor:
    mean = tf.reduce_mean(x, (1, 2), keepdims=True)
    factor = contrasts[:, tf.newaxis, tf.newaxis, tf.newaxis]
    return tf.clip_by_value((x - mean) * factor + mean, 0.0, 1.0)


def _blend(one: Tensor, other: Tensor, share: Tensor) -> Tensor:
    return one * (1 - share) + other * share
