"""Experiment → compiled Keras model."""

from __future__ import annotations

import random
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from core import data
from core.experiment import Experiment, Training
from core.experiment.fields import Part
from core.experiment.layers import Regularizer, Rescaling
from core.training.layers import keras_layer
from core.training.metrics import build_metrics

_KERAS_METRICS = ("accuracy", "mae", "mse")


def build_model(
    experiment: Experiment, metrics: list[keras.metrics.Metric] | None = None
) -> keras.Sequential:
    """The compiled model, its weights drawn from the experiment's seed.

    `metrics` are the experiment's, when the caller has made them. Sets the process's Python,
    NumPy and TensorFlow seeds.

    Raises:
        DatasetUnavailable: targets are scaled, and the dataset is not on this computer.
    """
    keras.utils.set_random_seed(experiment.seed)
    seeds = random.Random(experiment.seed)  # noqa: S311 - nothing secret
    layers = [keras_layer(layer, seeds) for layer in layers_of(experiment)]
    optimizer = build_optimizer(experiment.training)
    _learn_in_scaled_units(optimizer, experiment)
    dtype = "int32" if experiment.data.card.is_text else "float32"
    model = keras.Sequential([keras.Input(experiment.input_shape, dtype=dtype), *layers])
    model.compile(
        optimizer=optimizer,
        loss=experiment.loss,
        metrics=build_metrics(experiment) if metrics is None else metrics,
        jit_compile=False,  # XLA's compile time outweighs what it saves on a CPU
    )
    model.get_compile_config = lambda: _compile_config(experiment, model)
    # Otherwise the first training step makes the optimizer's variables, and is traced twice.
    model.optimizer.build(model.trainable_variables)
    return model


def layers_of(experiment: Experiment) -> tuple[Part, ...]:
    """The experiment's layers, with the numbers of scaled targets filled in.

    Penalties of weights are in the unit of the loss, as if they were added to the scaled one.
    """
    scale = _target_scale(experiment)
    if scale is None:
        return experiment.layers
    unit = scale.loss_unit(experiment.loss)
    return tuple(
        Rescaling(scale=scale.deviation, offset=scale.mean)
        if isinstance(layer, Rescaling)
        else _with_penalties_times(unit, layer)
        for layer in experiment.layers
    )


def _target_scale(experiment: Experiment) -> data.TargetScale | None:
    if experiment.data.target_scaling == "none":
        return None
    return data.target_scale(experiment.data, experiment.seed)


def _with_penalties_times(factor: float, layer: Part) -> Part:
    penalties = {
        name: Regularizer.model_construct(l1=value.l1 * factor, l2=value.l2 * factor)
        for name, value in layer
        if isinstance(value, Regularizer)
    }
    return layer.model_copy(update=penalties)


def _learn_in_scaled_units(optimizer: keras.optimizers.Optimizer, experiment: Experiment) -> None:
    """Have gradients taken of the loss of scaled targets; the loss that is told stays as it is.

    The other loops ask `scale_loss` for what to differentiate, as Keras's own does.
    """
    if scale := _target_scale(experiment):
        unit = scale.loss_unit(experiment.loss)
        optimizer.scale_loss = lambda loss: loss / unit


def _compile_config(experiment: Experiment, model: keras.Sequential) -> dict[str, Any]:
    """What a saved model says of its training: only what a Keras without Epochscope knows."""
    return {
        "optimizer": keras.saving.serialize_keras_object(model.optimizer),
        "loss": experiment.loss,
        "metrics": [name for name in experiment.metrics if name in _KERAS_METRICS],
    }


def build_optimizer(training: Training) -> keras.optimizers.Optimizer:
    """The Keras optimizer with the arguments that apply to it."""
    rate = training.learning_rate
    match training.optimizer:
        case "sgd":
            return keras.optimizers.SGD(rate, training.momentum, training.nesterov)
        case "rmsprop":
            return keras.optimizers.RMSprop(rate, momentum=training.momentum)
        case "adam":
            return keras.optimizers.Adam(rate)
        case "adamw":
            return keras.optimizers.AdamW(rate, weight_decay=training.weight_decay)
        case "nadam":
            return keras.optimizers.Nadam(rate)
        case "adagrad":
            return keras.optimizers.Adagrad(rate)


def labels_for(experiment: Experiment, labels: NDArray[np.generic]) -> NDArray[np.generic]:
    """Labels in the form the loss takes: (n,) integers, (n, classes) one-hot, or (n, 1) floats."""
    if experiment.one_hot:
        encoded = keras.utils.to_categorical(labels, experiment.data.card.class_count)
        return np.asarray(encoded, dtype=np.float32)
    if experiment.outputs == 1:
        return labels.reshape(-1, 1).astype(np.float32)
    return labels
