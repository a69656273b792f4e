"""What an epoch does with the samples: their order, and how each image is varied."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from core import data
from core.experiment import Experiment
from core.training.seeds import augmentation_generator, epoch_order

Tensor = Any
TRANSFORM = 8  # numbers, see `core.data.Variations`


class Plan(NamedTuple):
    """The plan of an epoch, arrays or tensors; by position in the epoch, not by sample.

    `order`, int32 (n,), are the rows of x and y. `transforms`, float32 (n, 8), and `contrasts`,
    float32 (n,), are as in `core.data.Variations`; both are empty without augmentation.
    """

    order: Tensor
    transforms: Tensor
    contrasts: Tensor

    def part(self, begin: Tensor, end: Tensor) -> Plan:
        """Positions `begin` to `end` of the epoch; fewer where it ends."""
        return Plan(*(values[begin:end] for values in self))


PLAN = Plan(
    tf.TensorSpec((None,), tf.int32),
    tf.TensorSpec((None, TRANSFORM), tf.float32),
    tf.TensorSpec((None,), tf.float32),
)


def epoch_plan(experiment: Experiment, count: int, epoch: int) -> Plan:
    """The plan for `count` samples in `epoch` (from 0), as arrays."""
    seed, augmentation = experiment.seed, experiment.data.augmentation
    order = np.arange(count, dtype=np.int32)
    if experiment.training.shuffle:
        order = epoch_order(count, seed, epoch)
    if not augmentation.kinds:
        return Plan(order, np.empty((0, TRANSFORM), np.float32), np.empty(0, np.float32))
    drawn = data.draw_variations(
        augmentation, experiment.input_shape, count, augmentation_generator(seed, epoch)
    )
    return Plan(order, drawn.transforms, drawn.contrasts)
