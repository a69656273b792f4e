"""Operations TensorFlow has slow ways for on a CPU: the same values, computed in other ways.

Values and gradients are those of TensorFlow's operations, up to rounding; `README.md` tells what
each way gave. All take images as (samples, height, width, channels).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import tensorflow as tf

Tensor = Any
Gradients = Callable[[Tensor], tuple[Tensor, Tensor]]
# Values of one sample from which a compiled kernel gains more than calling it costs; measured.
_WORTH_COMPILING = 10_000
_MOST_PLACES = 9  # of a pooling window, or weights of an output: each is written out in a kernel


@tf.custom_gradient  # type: ignore[untyped-decorator]
def matmul(x: Tensor, weights: Tensor) -> tuple[Tensor, Gradients]:
    """`x @ weights` of (samples, n) and (n, units).

    The gradient for `x`, `dy @ weightsᵀ`, has few rows and reads the weights across their order
    in memory; transposed as a whole it takes less than half the time.
    """

    def gradients(upstream: Tensor) -> tuple[Tensor, Tensor]:
        across = tf.transpose(tf.matmul(weights, upstream, transpose_b=True))
        return across, tf.matmul(x, upstream, transpose_a=True)

    return tf.matmul(x, weights), gradients


def conv2d(x: Tensor, kernel: Tensor, padding: str) -> Tensor:
    """The convolution `tf.nn.conv2d(x, kernel, 1, padding)`, its gradients as convolutions too.

    `kernel` is (height, width, channels, filters), `padding` "valid" or "same". TensorFlow has
    kernels of their own for the two gradients, slower than its convolution.
    """
    before, after = _padding(kernel, padding)

    @tf.custom_gradient  # type: ignore[untyped-decorator]
    def convolve(x: Tensor, kernel: Tensor) -> tuple[Tensor, Gradients]:
        def gradients(upstream: Tensor) -> tuple[Tensor, Tensor]:
            return _toward_input(kernel, upstream, before, after), _toward_kernel(
                x, upstream, before, after
            )

        if math.prod(kernel.shape[:3]) <= _MOST_PLACES and _large(x, kernel.shape[3]):
            return _shifted_sum(tf.pad(x, _pads(before, after)), kernel), gradients
        return tf.nn.conv2d(x, kernel, 1, _pads(before, after)), gradients

    return convolve(x, kernel)


def max_pool(x: Tensor, size: int) -> Tensor:
    """The largest value of each window of `size` × `size`, side by side, what is over cut off.

    The gradient goes to the first of several equal values, as in TensorFlow.
    """
    if not _large(x) or size * size > _MOST_PLACES:
        return tf.nn.max_pool2d(x, size, size, "VALID")

    @tf.custom_gradient  # type: ignore[untyped-decorator]
    def pool(x: Tensor) -> tuple[Tensor, Callable[[Tensor], Tensor]]:
        largest = tf.nn.max_pool2d(x, size, size, "VALID")
        return largest, lambda upstream: _toward_largest(x, largest, upstream, size)

    return pool(x)


def _large(x: Tensor, channels: int | None = None) -> bool:
    height, width, own = x.shape[1:]
    return height * width * (channels or own) >= _WORTH_COMPILING and can_compile()


@cache
def can_compile() -> bool:
    """Whether this TensorFlow can compile with XLA."""
    try:
        tf.function(lambda x: x + 1.0, jit_compile=True)(tf.constant(0.0))
    except tf.errors.OpError:
        return False
    return True


def _padding(kernel: Tensor, padding: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Rows and columns of zeros before, and after, as `tf.nn.conv2d` adds them."""
    if padding == "valid":
        return (0, 0), (0, 0)
    before = tuple((size - 1) // 2 for size in kernel.shape[:2])
    return before, tuple(size // 2 for size in kernel.shape[:2])


def _pads(before: tuple[int, ...], after: tuple[int, ...]) -> list[list[int]]:
    return [[0, 0], *([one, other] for one, other in zip(before, after, strict=True)), [0, 0]]


def _toward_input(
    kernel: Tensor, upstream: Tensor, before: tuple[int, ...], after: tuple[int, ...]
) -> Tensor:
    """The upstream gradient convolved with the kernel turned by 180°, channels for filters."""
    turned = tf.transpose(tf.reverse(kernel, (0, 1)), (0, 1, 3, 2))
    spans = tuple(size - 1 for size in kernel.shape[:2])
    starts = tuple(span - pad for span, pad in zip(spans, before, strict=True))
    ends = tuple(span - pad for span, pad in zip(spans, after, strict=True))
    return tf.nn.conv2d(upstream, turned, 1, _pads(starts, ends))


def _toward_kernel(
    x: Tensor, upstream: Tensor, before: tuple[int, ...], after: tuple[int, ...]
) -> Tensor:
    """x convolved with the upstream gradient: channels are its samples, samples its channels."""
    found = tf.nn.conv2d(
        tf.transpose(x, (3, 1, 2, 0)),
        tf.transpose(upstream, (1, 2, 0, 3)),
        1,
        _pads(before, after),
    )
    return tf.transpose(found, (1, 2, 0, 3))


@tf.function(jit_compile=True, autograph=False)  # type: ignore[untyped-decorator]
def _shifted_sum(padded: Tensor, kernel: Tensor) -> Tensor:
    """The convolution of a padded image as a sum over the places of the kernel, in one pass."""
    rows, columns, channels, _ = kernel.shape
    height, width = padded.shape[1] - rows + 1, padded.shape[2] - columns + 1
    return tf.add_n(
        [
            padded[:, i : i + height, j : j + width, c : c + 1] * kernel[i, j, c]
            for i in range(rows)
            for j in range(columns)
            for c in range(channels)
        ]
    )


@tf.function(jit_compile=True, autograph=False)  # type: ignore[untyped-decorator]
def _toward_largest(x: Tensor, largest: Tensor, upstream: Tensor, size: int) -> Tensor:
    """The upstream gradient at the first place of each window that has its largest value."""
    rows, columns, channels = largest.shape[1:]
    windows = tf.reshape(x[:, : rows * size, : columns * size], (-1, size, columns, size, channels))
    largest = tf.reshape(largest, (-1, columns, channels))
    left = tf.reshape(upstream, (-1, columns, channels))
    places = []
    for i in range(size):
        for j in range(size):
            found = tf.equal(windows[:, i, :, j], largest)
            places.append(tf.where(found, left, 0.0))
            left = tf.where(found, 0.0, left)
    across = [tf.stack(places[i * size : (i + 1) * size], 2) for i in range(size)]
    covered = tf.reshape(tf.stack(across, 1), (-1, rows * size, columns * size, channels))
    over = x.shape[1] - rows * size, x.shape[2] - columns * size
    return tf.pad(covered, ((0, 0), (0, over[0]), (0, over[1]), (0, 0)))
