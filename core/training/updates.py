"""The optimizer's update in as few operations as TensorFlow has kernels for."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import keras
import tensorflow as tf

Tensor = Any
_WORTH_SHARING = 50_000  # elements; measured, see README.md
Variables = list[keras.Variable]
Update = Callable[[Sequence[Tensor], Tensor], None]
# From the iteration at which a loop begins to the update of a step, which is given the
# gradients and the number of the step from then; what steps share is made before the loop.
Begin = Callable[[Tensor], Update]
# Gradients of embeddings are `tf.IndexedSlices`: what changes for them is in `_squared`.


def build_update(optimizer: keras.Optimizer, variables: Variables) -> Begin:
    """What changes `variables` as `optimizer.apply` would; iterations count updates from 0.

    `optimizer.iterations` is left to the caller. Keras writes an update as a dozen operations
    a variable, each a pass over memory; TensorFlow has a kernel for most optimizers that makes
    one pass. Nadam, which has none, keeps Keras's own formula.
    """
    kind = _KERNELS.get(type(optimizer), _keras)
    if isinstance(optimizer, keras.optimizers.RMSprop):
        # The kernel wants a place for each variable's momentum, also where there is none.
        momentums = optimizer._momentums or [
            keras.Variable(tf.zeros(variable.shape), trainable=False) for variable in variables
        ]
        return lambda iteration: _rmsprop(optimizer, variables, momentums)
    return lambda iteration: kind(optimizer, variables, iteration)


def _sgd(optimizer: keras.optimizers.SGD, variables: Variables, iteration: Tensor) -> Update:
    rate = _rate(optimizer)

    def descend(gradients: Sequence[Tensor], step: Tensor) -> None:
        for gradient, variable in zip(gradients, variables, strict=True):
            _descend(variable, rate, gradient)

    def update(gradients: Sequence[Tensor], step: Tensor) -> None:
        parts = zip(gradients, variables, optimizer.momentums, strict=True)
        for gradient, variable, momentum in parts:
            tf.raw_ops.ResourceApplyKerasMomentum(
                var=_handle(variable),
                accum=_handle(momentum),
                lr=rate,
                grad=tf.convert_to_tensor(gradient),
                momentum=optimizer.momentum,
                use_nesterov=optimizer.nesterov,
            )

    return update if optimizer.momentum else descend


def _rmsprop(
    optimizer: keras.optimizers.RMSprop, variables: Variables, momentums: Variables
) -> Update:
    rate = _rate(optimizer)

    def update(gradients: Sequence[Tensor], step: Tensor) -> None:
        parts = zip(gradients, variables, optimizer._velocities, momentums, strict=True)
        for gradient, variable, velocity, momentum in parts:
            if isinstance(gradient, tf.IndexedSlices):
                _descend(velocity, 1 - optimizer.rho, velocity - _squared(gradient))
                dense = tf.convert_to_tensor(gradient)
                step_taken = rate * dense / tf.sqrt(velocity + optimizer.epsilon)
                _descend(momentum, 1.0, (1 - optimizer.momentum) * momentum - step_taken)
                _descend(variable, 1.0, momentum)
                continue
            tf.raw_ops.ResourceApplyRMSProp(
                var=_handle(variable),
                ms=_handle(velocity),
                mom=_handle(momentum),
                lr=rate,
                rho=optimizer.rho,
                momentum=float(optimizer.momentum),
                epsilon=optimizer.epsilon,
                grad=gradient,
            )

    return update


def _adagrad(
    optimizer: keras.optimizers.Adagrad, variables: Variables, iteration: Tensor
) -> Update:
    rate = _rate(optimizer)

    def update(gradients: Sequence[Tensor], step: Tensor) -> None:
        parts = zip(gradients, variables, optimizer._accumulators, strict=True)
        for gradient, variable, sums in parts:
            if isinstance(gradient, tf.IndexedSlices):
                _descend(sums, 1.0, -_squared(gradient))
                dense = tf.convert_to_tensor(gradient)
                _descend(variable, rate, dense / tf.sqrt(sums + optimizer.epsilon))
                continue
            tf.raw_ops.ResourceApplyAdagradV2(
                var=_handle(variable),
                accum=_handle(sums),
                lr=rate,
                epsilon=optimizer.epsilon,
                grad=gradient,
            )

    return update


def _adam(optimizer: keras.optimizers.Adam, variables: Variables, iteration: Tensor) -> Update:
    rate = _rate(optimizer)
    first = tf.cast(iteration + 1, tf.float32)

    def update(gradients: Sequence[Tensor], step: Tensor) -> None:
        count = first + tf.cast(step, tf.float32)
        powers = tf.pow(optimizer.beta_1, count), tf.pow(optimizer.beta_2, count)
        slots = zip(variables, optimizer._momentums, optimizer._velocities, gradients, strict=True)
        corrected = rate * tf.sqrt(1.0 - powers[1]) / (1.0 - powers[0])
        for variable, momentum, velocity, gradient in slots:
            if isinstance(gradient, tf.IndexedSlices) or _is_small(variable):
                _adam_alone(optimizer, (variable, momentum, velocity), corrected, gradient)
            else:
                tf.raw_ops.ResourceApplyAdam(
                    var=_handle(variable),
                    m=_handle(momentum),
                    v=_handle(velocity),
                    beta1_power=powers[0],
                    beta2_power=powers[1],
                    lr=rate,
                    beta1=optimizer.beta_1,
                    beta2=optimizer.beta_2,
                    epsilon=optimizer.epsilon,
                    grad=gradient,
                )

    return update


def _adam_alone(
    optimizer: keras.optimizers.Adam,
    slots: tuple[keras.Variable, keras.Variable, keras.Variable],
    rate: Tensor,
    gradient: Tensor,
) -> None:
    """Adam's update of one variable in one thread.

    TensorFlow's kernel shares even a small variable out among threads, and waking a thread
    takes longer than the work.
    """
    variable, momentum, velocity = slots
    _descend(momentum, 1 - optimizer.beta_1, momentum - tf.convert_to_tensor(gradient))
    _descend(velocity, 1 - optimizer.beta_2, velocity - _squared(gradient))
    _descend(variable, rate, momentum / (tf.sqrt(velocity) + optimizer.epsilon))


def _adamw(optimizer: keras.optimizers.AdamW, variables: Variables, iteration: Tensor) -> Update:
    adam = _adam(optimizer, variables, iteration)
    decay = _rate(optimizer) * optimizer.weight_decay

    def update(gradients: Sequence[Tensor], step: Tensor) -> None:
        for variable in variables:
            _descend(variable, decay, variable)
        adam(gradients, step)

    return update


def _keras(optimizer: keras.Optimizer, variables: Variables, iteration: Tensor) -> Update:
    def update(gradients: Sequence[Tensor], step: Tensor) -> None:
        optimizer.iterations.assign(iteration + tf.cast(step, iteration.dtype))
        optimizer.apply(gradients, variables)

    return update


_KERNELS: dict[type, Callable[[Any, Variables, Tensor], Update]] = {
    keras.optimizers.SGD: _sgd,
    keras.optimizers.Adagrad: _adagrad,
    keras.optimizers.Adam: _adam,
    keras.optimizers.AdamW: _adamw,
}


def _descend(variable: keras.Variable, rate: Tensor | float, direction: Tensor) -> None:
    """`variable -= rate * direction`."""
    tf.raw_ops.ResourceApplyGradientDescent(
        var=_handle(variable), alpha=rate, delta=tf.convert_to_tensor(direction)
    )


def _is_small(variable: keras.Variable) -> bool:
    return bool(math.prod(variable.shape) < _WORTH_SHARING)


def _squared(gradient: Tensor) -> Tensor:
    """The square of a gradient.

    That of an embedding comes as one row for each token of the batch, to be added up where a
    token is there twice. Keras squares the rows before it adds them up, and so does this.
    """
    if not isinstance(gradient, tf.IndexedSlices):
        return gradient * gradient
    rows = tf.square(gradient.values)
    return tf.convert_to_tensor(tf.IndexedSlices(rows, gradient.indices, gradient.dense_shape))


def _rate(optimizer: keras.Optimizer) -> Tensor:
    return tf.convert_to_tensor(optimizer.learning_rate)


def _handle(variable: keras.Variable) -> Tensor:
    return variable.value.handle
