"""A network's outputs while it learns, in fewer and faster operations than its Keras layers'."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import keras
import tensorflow as tf

from core.training import kernels
from core.training.dropout import Dropouts

Tensor = Any
# Activations that never turn a larger value into a smaller one: the largest of a window can be
# found before them. Where they turn two values into one, their slope is 0 in both.
_KEEP_ORDER = {"linear", "relu", "tanh", "sigmoid"}
# Below these a layer is faster as it is, its operations fused by TensorFlow; measured.
_LARGE_MATRIX = 1_000_000  # weights
_MANY_PRODUCTS = 200_000  # of a sample


class _Part(NamedTuple):
    """A piece of a layer; whether the largest value before it is the largest after it."""

    run: Callable[[Tensor], Tensor] | keras.layers.Dropout
    keeps_order: bool = False
    pools: bool = False


class Forward:
    """The layers of a Sequential model as one function of a batch.

    What a layer does is that of Keras, taken apart: a pooling moves before the bias and the
    activation it follows, which then have fewer values to work on, and what TensorFlow has slow
    kernels for goes to `kernels`.
    """

    def __init__(self, model: keras.Sequential) -> None:
        self.dropouts = Dropouts(model)
        self._parts: list[_Part] = []
        for layer in model.layers:
            for part in _parts(layer, self.dropouts):
                self._append(part)

    def _append(self, part: _Part) -> None:
        place = len(self._parts)
        while part.pools and place and self._parts[place - 1].keeps_order:
            place -= 1
        self._parts.insert(place, part)

    def begin(self) -> Callable[[Tensor, Tensor], Tensor]:
        """The outputs of a batch, given it and the number of the step from now."""
        drop = self.dropouts.begin()

        def outputs(x: Tensor, index: Tensor) -> Tensor:
            for part in self._parts:
                run = part.run
                x = drop(run, x, index) if isinstance(run, keras.layers.Dropout) else run(x)
            return x

        return outputs


def _parts(layer: keras.layers.Layer, dropouts: Dropouts) -> Iterator[_Part]:
    if layer in dropouts:
        yield _Part(layer)
    elif isinstance(layer, keras.layers.Dense) and math.prod(layer.kernel.shape) >= _LARGE_MATRIX:
        yield _Part(lambda x: kernels.matmul(x, tf.convert_to_tensor(layer.kernel)))
        yield from _bias_and_activation(layer)
    elif isinstance(layer, keras.layers.Conv2D) and _worth_taking_apart(layer):
        yield _Part(lambda x: kernels.conv2d(x, tf.convert_to_tensor(layer.kernel), layer.padding))
        yield from _bias_and_activation(layer)
    elif isinstance(layer, keras.layers.Activation):
        yield _Part(layer, keeps_order=layer.activation.__name__ in _KEEP_ORDER)
    elif isinstance(layer, keras.layers.MaxPooling2D):
        yield _Part(_pooling(layer), pools=True)
    else:
        yield _Part(partial(layer, training=True))


def _worth_taking_apart(layer: keras.layers.Conv2D) -> bool:
    products = math.prod(layer.output.shape[1:3]) * math.prod(layer.kernel.shape)
    return bool(layer.strides == (1, 1) and products >= _MANY_PRODUCTS)


def _bias_and_activation(layer: keras.layers.Dense | keras.layers.Conv2D) -> Iterator[_Part]:
    yield _Part(lambda x: tf.nn.bias_add(x, tf.convert_to_tensor(layer.bias)), keeps_order=True)
    yield _Part(layer.activation, keeps_order=layer.activation.__name__ in _KEEP_ORDER)


def _pooling(layer: keras.layers.MaxPooling2D) -> Callable[[Tensor], Tensor]:
    size, other = layer.pool_size
    if layer.padding == "valid" and layer.strides == layer.pool_size and size == other:
        return lambda x: kernels.max_pool(x, size)
    return partial(layer)
