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
from core.experiment.layers import Rescaling
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
    dtype = "int32" if experiment.data.card.is_text else "float32"
    model = keras.Sequential([keras.Input(experiment.input_shape, dtype=dtype), *layers])
    model.compile(
        optimizer=build_optimizer(experiment.training),
        loss=experiment.loss,
        metrics=build_metrics(experiment) if metrics is None else metrics,
        jit_compile=False,  # XLA's compile time outweighs what it saves on a CPU
    )
    model.get_compile_config = lambda: _compile_config(experiment, model)
    # Otherwise the first training step makes the optimizer's variables, and is traced twice.
    model.optimizer.build(model.trainable_variables)
    return model


def layers_of(experiment: Experiment) -> tuple[Part, ...]:
    """The experiment's layers, rescaling with the numbers of the targets trained on."""
    if experiment.data.target_scaling == "none":
        return experiment.layers
    mean, deviation = data.target_scale(experiment.data, experiment.seed)
    filled = Rescaling(scale=deviation, offset=mean)
    return tuple(filled if isinstance(layer, Rescaling) else layer for layer in experiment.layers)


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
