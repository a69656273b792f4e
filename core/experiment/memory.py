"""How much memory an experiment's training takes, estimated from its shapes."""

from __future__ import annotations

import math

from core.experiment.experiment import Experiment

_BYTES = 4  # of a float32
# What each optimizer remembers of a parameter, besides its value and its gradient.
_SLOTS = {"sgd": 0, "rmsprop": 1, "adagrad": 1, "adam": 2, "adamw": 2, "nadam": 2}
_MOMENTUM = ("sgd", "rmsprop")


def estimated_bytes(experiment: Experiment) -> int:
    """Parameters with gradients and optimizer, outputs of all layers for a batch, and the data.

    While a step goes forward the outputs of all layers are kept, and going back each gets a
    gradient of its size; convolutions need about as much again to work in.
    """
    training = experiment.training
    slots = _SLOTS[training.optimizer] + bool(training.momentum and training.optimizer in _MOMENTUM)
    outputs = sum(math.prod(row.output) for row in experiment.summary)
    sample = math.prod(experiment.input_shape)
    return _BYTES * (
        experiment.parameter_count * (2 + slots) + 3 * training.batch_size * (outputs + sample)
    ) + 2 * data_bytes(experiment)


def data_bytes(experiment: Experiment) -> int:
    """All samples of a run, in memory once."""
    samples = experiment.data.pool_count + experiment.data.card.test_size
    return _BYTES * samples * math.prod(experiment.input_shape)
