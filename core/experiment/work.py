"""How much arithmetic an experiment's training is, counted from its shapes."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

from core.experiment import layers as kinds
from core.experiment.experiment import Experiment
from core.experiment.fields import Part
from core.experiment.shapes import LayerShape, Shape

BACK_AND_FORTH = 3  # going back costs twice the way forward: gradients of outputs and of weights
VALIDATION_BATCH = 512  # of the loop that chooses its own, see core/training/loops/evaluation.py
# What else takes time, in multiplications of the same length; measured with the presets.
ELEMENT = 25  # an output written, read and differentiated, outside of products
UPDATE = {"sgd": 10, "rmsprop": 25, "adagrad": 25, "adam": 40, "adamw": 50, "nadam": 120}
# Calls into TensorFlow a step, for each layer and for all that surrounds them.
AROUND = {"compiled": 4.0, "fit": 100.0, "tape": 300.0}
NORMALIZATION = 8.0
TIME_STEP = 6.0  # of a recurrent layer, which takes one token after the other
# An image varied before it is trained on: for each of its values, and the call.
VARYING = {"flip": 50, "warp": 300, "contrast": 50}
VARYING_CALL = 1.0


@dataclass(frozen=True)
class Work:
    """Operations and calls: what takes long because it is much, and because it is often."""

    operations: float = 0.0
    calls: float = 0.0

    def __add__(self, other: Work) -> Work:
        """Both, one after the other."""
        return Work(self.operations + other.operations, self.calls + other.calls)

    def __mul__(self, times: float) -> Work:
        """The same, several times."""
        return Work(self.operations * times, self.calls * times)


def forward_operations(experiment: Experiment) -> int:
    """Multiplications and additions of one sample's way through the network's products."""
    total, shape = 0, experiment.input_shape
    for row in experiment.summary:
        total += _products(row, shape)
        shape = row.output
    return total


def epoch_work(experiment: Experiment) -> Work:
    """One epoch: all updates, and the validation."""
    steps = experiment.batches_per_epoch
    updates = UPDATE[experiment.training.optimizer] * _trainable(experiment) * steps
    samples = BACK_AND_FORTH * experiment.data.train_count * _sample_operations(experiment)
    train = Work(samples + updates, steps * _calls(experiment))
    return train + _varying(experiment) + _look(experiment, experiment.data.validation_count)


def test_work(experiment: Experiment) -> Work:
    """The test, with the last weights and with the best ones."""
    return _look(experiment, experiment.data.card.test_size) * 2


def timing_key(experiment: Experiment) -> str:
    """Equal for two experiments whose steps take equally long on one computer.

    Rates, seeds, epochs and the number of samples do not matter to a step.
    """
    training, callbacks = experiment.training, experiment.callbacks
    facts = (
        experiment.input_shape,
        [_kind(layer) for layer in experiment.layers],
        experiment.loss,
        experiment.metrics,
        (training.optimizer, bool(training.momentum), training.nesterov),
        (training.loop, training.batch_size, training.shuffle),
        experiment.data.augmentation.kinds,
        (callbacks.checkpoint, callbacks.csv, callbacks.tensorboard, callbacks.terminate_on_nan),
    )
    return hashlib.blake2b(repr(facts).encode(), digest_size=12).hexdigest()


def _products(row: LayerShape, reaching: Shape) -> int:
    """Operations of a layer's matrix product for one sample; 0 for layers without one."""
    if isinstance(row.layer, kinds.Conv2D):
        return 2 * row.layer.kernel_size**2 * reaching[-1] * math.prod(row.output)
    if isinstance(row.layer, kinds.Conv1D):
        return 2 * row.layer.kernel_size * reaching[-1] * math.prod(row.output)
    if isinstance(row.layer, kinds.LSTM | kinds.GRU):
        return 2 * row.trainable * reaching[0]
    if isinstance(row.layer, kinds.Dense):
        return 2 * reaching[-1] * math.prod(row.output)
    return 0


def _sample_operations(experiment: Experiment) -> float:
    """One way forward of a sample, with what is not a product."""
    elements = sum(
        math.prod(row.output)
        for row in experiment.summary
        if not isinstance(row.layer, kinds.Flatten)
    )
    return forward_operations(experiment) + ELEMENT * elements


def _varying(experiment: Experiment) -> Work:
    """The augmentation of an epoch's images."""
    kinds = experiment.data.augmentation.kinds
    values = experiment.data.train_count * math.prod(experiment.input_shape)
    calls = VARYING_CALL * experiment.batches_per_epoch if kinds else 0.0
    return Work(float(values * sum(VARYING[kind] for kind in kinds)), calls)


def _look(experiment: Experiment, samples: int) -> Work:
    """Samples on their way forward, in large batches where the loop chooses them."""
    training = experiment.training
    batch = VALIDATION_BATCH if training.loop == "compiled" else training.batch_size
    calls = math.ceil(samples / batch) * _calls(experiment) / 2
    return Work(samples * _sample_operations(experiment), calls)


def _calls(experiment: Experiment) -> float:
    extra = sum(
        NORMALIZATION
        for row in experiment.summary
        if isinstance(row.layer, kinds.BatchNormalization)
    )
    steps = TIME_STEP * _time_steps(experiment)
    return AROUND[experiment.training.loop] + len(experiment.layers) + extra + steps


def _time_steps(experiment: Experiment) -> int:
    """Of all recurrent layers together, for one batch."""
    total, shape = 0, experiment.input_shape
    for row in experiment.summary:
        total += shape[0] if isinstance(row.layer, kinds.LSTM | kinds.GRU) else 0
        shape = row.output
    return total


def _trainable(experiment: Experiment) -> int:
    return sum(row.trainable for row in experiment.summary)


def _kind(layer: Part) -> str:
    if isinstance(layer, kinds.Dropout):
        return "Dropout" if layer.rate else ""
    return layer.model_dump_json()
