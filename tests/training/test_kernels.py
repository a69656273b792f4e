"""The loop's own ways to convolve, pool and multiply, against TensorFlow's and its gradients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from core.training import kernels

ROUNDING = 2e-5  # of the largest value: sums of thousands of products, added in another order


def random(*shape: int, seed: int = 0) -> Any:
    return tf.random.stateless_normal(shape, (seed, 1))


def values_and_gradients(function: Callable[..., Any], *inputs: Any) -> list[Any]:
    """What `function` gives, and the gradients of a weighted sum of it, run as in a loop."""

    @tf.function
    def run(*inputs: Any) -> list[Any]:
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            found = function(*inputs)
            score = tf.reduce_sum(found * tf.random.stateless_normal(tf.shape(found), (7, 7)))
        return [found, *tape.gradient(score, inputs)]

    return run(*inputs)


def assert_same(found: list[Any], expected: list[Any], tolerance: float = ROUNDING) -> None:
    for one, other in zip(found, expected, strict=True):
        assert one.shape == other.shape
        scale = float(tf.reduce_max(tf.abs(other)))
        np.testing.assert_allclose(one, other, rtol=0, atol=tolerance * scale)


def test_matmul_has_tensorflows_product_and_gradients() -> None:
    inputs = random(32, 300), random(300, 70, seed=1)
    assert_same(
        values_and_gradients(kernels.matmul, *inputs), values_and_gradients(tf.matmul, *inputs)
    )


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("size", [1, 2, 3, 5])
@pytest.mark.parametrize(
    ("images", "filters"), [((4, 9, 7, 3), 5), ((1, 6, 6, 1), 2), ((3, 28, 28, 1), 16)]
)
def test_conv2d_has_tensorflows_values_and_gradients(
    images: tuple[int, int, int, int], filters: int, size: int, padding: str
) -> None:
    inputs = random(*images), random(size, size, images[-1], filters, seed=1)
    assert_same(
        values_and_gradients(lambda x, w: kernels.conv2d(x, w, padding), *inputs),
        values_and_gradients(lambda x, w: tf.nn.conv2d(x, w, 1, padding.upper()), *inputs),
    )


@pytest.mark.parametrize("height", [27, 28, 29])
@pytest.mark.parametrize("size", [2, 3, 4])
def test_max_pool_has_tensorflows_values_and_gradients(size: int, height: int) -> None:
    x = random(3, height, 28, 32)
    assert_same(
        values_and_gradients(lambda x: kernels.max_pool(x, size), x),
        values_and_gradients(lambda x: tf.nn.max_pool2d(x, size, size, "VALID"), x),
        tolerance=0,
    )


@pytest.mark.parametrize("size", [2, 3])
def test_max_pool_gives_the_gradient_to_the_first_of_equal_values(size: int) -> None:
    x = tf.round(random(4, 30, 30, 16))  # a handful of values: most windows have several largest
    assert_same(
        values_and_gradients(lambda x: kernels.max_pool(x, size), x),
        values_and_gradients(lambda x: tf.nn.max_pool2d(x, size, size, "VALID"), x),
        tolerance=0,
    )


def test_large_images_take_the_compiled_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests above would pass without them."""
    called = []
    for name in ("_shifted_sum", "_toward_largest"):
        original = getattr(kernels, name)
        monkeypatch.setattr(
            kernels,
            name,
            lambda *inputs, name=name, original=original: called.append(name) or original(*inputs),
        )
    values_and_gradients(
        lambda x, w: kernels.max_pool(kernels.conv2d(x, w, "same"), 2),
        random(2, 28, 28, 1),
        random(3, 3, 1, 16, seed=1),
    )
    assert set(called) == {"_shifted_sum", "_toward_largest"}


@pytest.mark.parametrize("size", [2, 3])
def test_without_xla_the_values_are_the_same(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = random(2, 28, 28, 1), random(3, 3, 1, 16, seed=1)

    def network(x: Any, weights: Any) -> Any:
        return kernels.max_pool(kernels.conv2d(x, weights, "same"), size)

    compiled = values_and_gradients(network, *inputs)
    monkeypatch.setattr(kernels, "can_compile", lambda: False)
    assert_same(compiled, values_and_gradients(network, *inputs))
