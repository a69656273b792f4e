"""Experiment layers → Keras layers, argument for argument."""

from __future__ import annotations

import random
from functools import singledispatch

import keras

from core.experiment import layers as kinds
from core.experiment.fields import Part


@singledispatch
def keras_layer(layer: Part, seeds: random.Random) -> keras.layers.Layer:
    """The Keras layer that `layer` describes; `seeds` gives the seeds of what it draws.

    Keras would take these from Python's own `random`, in the same order; but there another thread
    of the process may draw too, and then no two runs were the same.

    Raises:
        TypeError: there is no such Keras layer here.
    """
    raise TypeError(f"{type(layer).__name__} cannot be built as a Keras layer.")


def _draw(seeds: random.Random) -> int:
    """As `keras.random.SeedGenerator` does without a seed."""
    return seeds.randint(1, 10**9)


def _regularizer(penalty: kinds.Regularizer) -> keras.regularizers.Regularizer | None:
    return keras.regularizers.L1L2(l1=penalty.l1, l2=penalty.l2) if penalty.active else None


@keras_layer.register
def _(layer: kinds.Conv2D, seeds: random.Random) -> keras.layers.Layer:
    return keras.layers.Conv2D(
        filters=layer.filters,
        kernel_size=layer.kernel_size,
        strides=layer.strides,
        padding=layer.padding,
        activation=layer.activation,
        kernel_initializer=keras.initializers.GlorotUniform(_draw(seeds)),
        kernel_regularizer=_regularizer(layer.kernel_regularizer),
        bias_regularizer=_regularizer(layer.bias_regularizer),
    )


@keras_layer.register
def _(layer: kinds.Embedding, seeds: random.Random) -> keras.layers.Layer:
    return keras.layers.Embedding(
        input_dim=layer.input_dim,
        output_dim=layer.output_dim,
        embeddings_initializer=keras.initializers.RandomUniform(seed=_draw(seeds)),
    )


@keras_layer.register
def _(layer: kinds.Conv1D, seeds: random.Random) -> keras.layers.Layer:
    return keras.layers.Conv1D(
        filters=layer.filters,
        kernel_size=layer.kernel_size,
        strides=layer.strides,
        padding=layer.padding,
        activation=layer.activation,
        kernel_initializer=keras.initializers.GlorotUniform(_draw(seeds)),
        kernel_regularizer=_regularizer(layer.kernel_regularizer),
        bias_regularizer=_regularizer(layer.bias_regularizer),
    )


@keras_layer.register(kinds.LSTM)
@keras_layer.register(kinds.GRU)
def _(layer: kinds.LSTM | kinds.GRU, seeds: random.Random) -> keras.layers.Layer:
    kind = keras.layers.LSTM if isinstance(layer, kinds.LSTM) else keras.layers.GRU
    return kind(
        units=layer.units,
        kernel_initializer=keras.initializers.GlorotUniform(_draw(seeds)),
        recurrent_initializer=keras.initializers.Orthogonal(seed=_draw(seeds)),
        return_sequences=layer.return_sequences,
        seed=_draw(seeds),
    )


@keras_layer.register
def _(layer: kinds.MaxPooling1D, seeds: random.Random) -> keras.layers.Layer:
    return keras.layers.MaxPooling1D(layer.pool_size, layer.strides, layer.padding)


@keras_layer.register
def _(layer: kinds.GlobalAveragePooling1D, seeds: random.Random) -> keras.layers.Layer:
    return keras.layers.GlobalAveragePooling1D()


@keras_layer.register
def _(layer: kinds.GlobalMaxPooling1D, seeds: random.Random) -> keras.layers.Layer:
    return keras.layers.GlobalMaxPooling1D()


@keras_layer.register
def _(layer: kinds.MaxPooling2D, seeds: random.Random) -> keras.layers.Layer:
    return keras.layers.MaxPooling2D(layer.pool_size, layer.strides, layer.padding)


@keras_layer.register
def _(layer: kinds.AveragePooling2D, seeds: random.Random) -> keras.layers.Layer:
    return keras.layers.AveragePooling2D(layer.pool_size, layer.strides, layer.padding)


@keras_layer.register
def _(layer: kinds.GlobalAveragePooling2D, seeds: random.Random) -> keras.layers.Layer:
    return keras.layers.GlobalAveragePooling2D()


@keras_layer.register
def _(layer: kinds.Flatten, seeds: random.Random) -> keras.layers.Layer:
    return keras.layers.Flatten()


@keras_layer.register
def _(layer: kinds.Dense, seeds: random.Random) -> keras.layers.Layer:
    return keras.layers.Dense(
        units=layer.units,
        activation=layer.activation,
        kernel_initializer=keras.initializers.GlorotUniform(_draw(seeds)),
        kernel_regularizer=_regularizer(layer.kernel_regularizer),
        bias_regularizer=_regularizer(layer.bias_regularizer),
    )


@keras_layer.register
def _(layer: kinds.Activation, seeds: random.Random) -> keras.layers.Layer:
    return keras.layers.Activation(layer.activation)


@keras_layer.register
def _(layer: kinds.Rescaling, seeds: random.Random) -> keras.layers.Layer:
    return keras.layers.Rescaling(layer.scale, layer.offset)


@keras_layer.register
def _(layer: kinds.Dropout, seeds: random.Random) -> keras.layers.Layer:
    return keras.layers.Dropout(layer.rate, seed=_draw(seeds) if layer.rate else None)


@keras_layer.register
def _(layer: kinds.BatchNormalization, seeds: random.Random) -> keras.layers.Layer:
    return keras.layers.BatchNormalization(momentum=layer.momentum, epsilon=layer.epsilon)
