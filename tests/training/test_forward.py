"""A network taken apart for speed gives what its Keras layers give, and learns the same."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.training.forward import Forward

LARGE = (28, 28, 1)  # from here the loop takes convolutions apart


def conv(activation: str = "relu", *, filters: int = 16, **options: object) -> keras.layers.Layer:
    return keras.layers.Conv2D(filters, 3, activation=activation, padding="same", **options)


def pool(size: int = 2, **options: object) -> keras.layers.Layer:
    return keras.layers.MaxPooling2D(size, **options)


def network(*layers: keras.layers.Layer) -> keras.Sequential:
    keras.utils.set_random_seed(3)
    ends = [keras.layers.Flatten(), keras.layers.Dense(4)]
    model = keras.Sequential([keras.Input(LARGE), *layers, *ends])
    for variable in model.trainable_variables:  # biases begin at 0, and would not tell
        variable.assign_add(tf.random.stateless_normal(variable.shape, (5, 5)) * 0.1)
    return model


CASES = {
    "pooling after ReLU": lambda: [conv(), pool(), conv(), pool()],
    "pooling after tanh": lambda: [conv("tanh"), pool(3)],
    "pooling after sigmoid": lambda: [conv("sigmoid"), pool()],
    "pooling after SiLU, which turns back": lambda: [conv("silu"), pool()],
    "pooling after an activation of its own": lambda: [
        conv("linear"),
        keras.layers.Activation("relu"),
        pool(),
    ],
    "pooling after batch normalization": lambda: [
        conv("linear"),
        keras.layers.BatchNormalization(),
        keras.layers.Activation("relu"),
        pool(),
    ],
    "softmax over the channels, then pooling": lambda: [conv("softmax"), pool()],
    "overlapping windows": lambda: [conv(), pool(3, strides=2)],
    "windows over the border": lambda: [conv(), pool(3, padding="same")],
    "two poolings": lambda: [conv(), pool(), pool()],
    "strides": lambda: [conv(strides=2), pool()],
    "average pooling": lambda: [conv(), keras.layers.AveragePooling2D(2)],
    "a large matrix": lambda: [keras.layers.Flatten(), keras.layers.Dense(1_300, "relu")],
}


@pytest.mark.parametrize("case", CASES)
def test_outputs_and_gradients_are_those_of_the_layers(case: str) -> None:
    model = network(*CASES[case]())
    x = np.random.default_rng(0).random((8, *LARGE), np.float32)
    # Images have areas of one value, and windows there several largest.
    x[:, :10] = 0

    @tf.function
    def learn(forward: object) -> tuple[object, object]:
        with tf.GradientTape() as tape:
            outputs = forward(x)
            score = tf.reduce_sum(outputs * tf.random.stateless_normal(outputs.shape, (9, 9)))
        variables = [variable.value for variable in model.trainable_variables]
        return outputs, tape.gradient(score, variables)

    begun = Forward(model).begin()
    outputs, gradients = learn(lambda x: begun(x, tf.constant(0)))
    expected, expected_gradients = learn(lambda x: model(x, training=True))
    np.testing.assert_allclose(outputs, expected, rtol=1e-4, atol=1e-5)
    for found, other in zip(gradients, expected_gradients, strict=True):
        scale = float(tf.reduce_max(tf.abs(other)))
        np.testing.assert_allclose(found, other, rtol=0, atol=5e-5 * scale)


def test_dropout_draws_the_masks_of_the_layer() -> None:
    layers = [conv(), pool(), keras.layers.Dropout(0.4, seed=11)]
    model = network(*layers)
    x = np.random.default_rng(0).random((8, *LARGE), np.float32)
    found = Forward(model).begin()(x, tf.constant(0))
    np.testing.assert_allclose(found, model(x, training=True), rtol=1e-4, atol=1e-5)
