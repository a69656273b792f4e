"""Dropout inside a loop: the masks Keras's layers would draw, at a rate that may change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf

from core.training.seeds import seed_generators

Tensor = Any
Drop = Callable[[keras.layers.Dropout, Tensor, Tensor], Tensor]


class Dropouts:
    """The Dropout layers of a model, their rates kept in variables and not in the graph."""

    def __init__(self, model: keras.Sequential) -> None:
        self._model = model
        self._rates = {
            layer: tf.Variable(layer.rate, dtype=tf.float32)
            for layer in model.layers
            if isinstance(layer, keras.layers.Dropout) and hasattr(layer, "seed_generator")
        }

    def set_rates(self, model: keras.Sequential) -> None:
        """Drop as much as the layers of `model`, which are of the same kinds."""
        for mine, other in zip(self._model.layers, model.layers, strict=True):
            if mine in self._rates:
                mine.rate = other.rate
                self._rates[mine].assign(other.rate)

    def __contains__(self, layer: keras.layers.Layer) -> bool:
        """Whether `layer` is one of them, and drops anything."""
        return layer in self._rates

    def begin(self) -> Drop:
        """What drops values of a batch, given the layer, the batch, and the step from now.

        A layer's state moves on by one each step; here that is counted, and left to `count`.
        """
        rates = {layer: tf.convert_to_tensor(rate) for layer, rate in self._rates.items()}
        scales = {layer: 1.0 / (1.0 - rate) for layer, rate in rates.items()}
        seeds = {
            layer: tf.cast(tf.convert_to_tensor(layer.seed_generator.state), tf.int32)
            for layer in rates
        }

        def drop(layer: keras.layers.Dropout, x: Tensor, index: Tensor) -> Tensor:
            seed = seeds[layer] + tf.stack([0, index])
            drawn = tf.random.stateless_uniform(tf.shape(x), seed)
            return tf.where(drawn >= rates[layer], x * scales[layer], 0.0)

        return drop

    def count(self, steps: Tensor) -> None:
        """Move the layers' states on by `steps` steps."""
        for generator in seed_generators(self._model):
            state = tf.convert_to_tensor(generator.state)
            generator.state.assign(state + tf.cast(tf.stack([0, steps]), state.dtype))
