"""Fused updates change variables as Keras's optimizers do: over 5 steps, but for rounding."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.training.updates import build_update

STEPS = 5
OPTIMIZERS = {
    "sgd": lambda: keras.optimizers.SGD(0.1),
    "momentum": lambda: keras.optimizers.SGD(0.1, momentum=0.9),
    "nesterov": lambda: keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True),
    "rmsprop": lambda: keras.optimizers.RMSprop(0.01),
    "rmsprop momentum": lambda: keras.optimizers.RMSprop(0.01, momentum=0.9),
    "adam": lambda: keras.optimizers.Adam(0.01),
    "adamw": lambda: keras.optimizers.AdamW(0.01, weight_decay=0.1),
    "nadam": lambda: keras.optimizers.Nadam(0.01),
    "adagrad": lambda: keras.optimizers.Adagrad(0.1),
}
# One that a thread does alone, and one that threads share.
SHAPES = [(7, 3), (300, 200)]


def variables() -> list[keras.Variable]:
    generator = np.random.default_rng(1)
    return [keras.Variable(generator.normal(size=shape).astype(np.float32)) for shape in SHAPES]


def gradients() -> list[list[tf.Tensor]]:
    generator = np.random.default_rng(2)
    return [
        [tf.constant(generator.normal(size=shape).astype(np.float32)) for shape in SHAPES]
        for _ in range(STEPS)
    ]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_update_is_that_of_keras(name):
    expected, ours = OPTIMIZERS[name](), OPTIMIZERS[name]()
    theirs, mine = variables(), variables()
    expected.build(theirs)
    ours.build(mine)
    begin = build_update(ours, mine)
    update = tf.function(lambda step, *given: begin(tf.constant(0, tf.int64))(given, step))
    for step, given in enumerate(gradients()):
        expected.apply(given, theirs)
        update(tf.constant(step), *given)
    pairs = [*zip(mine, theirs, strict=True), *zip(slots(ours), slots(expected), strict=True)]
    for found, wanted in pairs:
        np.testing.assert_allclose(found.numpy(), wanted.numpy(), rtol=1e-5, atol=1e-6)


def slots(optimizer) -> list[keras.Variable]:
    """The optimizer's memory of each variable; the iterations are counted elsewhere."""
    return [variable for variable in optimizer.variables if len(variable.shape) == 2]


def of_tokens() -> list[tf.IndexedSlices]:
    """Gradients of an embedding: some tokens are twice in a batch, most not at all."""
    generator = np.random.default_rng(3)
    rows = [(1, 4, 4, 0), (2, 2, 2, 6), (5, 4, 1, 1), (0, 3, 6, 6), (1, 2, 3, 4)]
    values = [generator.normal(size=(4, 3)).astype(np.float32) for _ in range(STEPS)]
    return [
        tf.IndexedSlices(tf.constant(value), tf.constant(row), tf.constant((7, 3)))
        for value, row in zip(values, rows, strict=True)
    ]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_update_of_an_embedding_is_that_of_keras(name):
    expected, ours = OPTIMIZERS[name](), OPTIMIZERS[name]()
    [theirs, _], [mine, _] = variables(), variables()
    expected.build([theirs])
    ours.build([mine])
    begin = build_update(ours, [mine])
    update = tf.function(lambda step, given: begin(tf.constant(0, tf.int64))([given], step))
    for step, given in enumerate(of_tokens()):
        expected.apply([given], [theirs])
        update(tf.constant(step), given)
    pairs = [(mine, theirs), *zip(slots(ours), slots(expected), strict=True)]
    for found, wanted in pairs:
        np.testing.assert_allclose(found.numpy(), wanted.numpy(), rtol=1e-5, atol=1e-6)
