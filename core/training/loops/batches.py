"""The training samples as a `tf.data.Dataset`: shuffled, batched, augmented, prefetched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
import tensorflow as tf

from core.training.loops.task import Task
from core.training.plan import Plan
from core.training.varying import vary

Tensor = Any


class Batches(keras.callbacks.Callback):  # type: ignore[misc]
    """Batches of (x, y) by the plan of the epoch, which this sets as the epoch begins.

    `Dataset.shuffle` and Keras's layers would do, but what they draw cannot be had again for a
    later epoch alone, and would not be that of the other loops.
    """

    def __init__(self, task: Task) -> None:
        super().__init__()
        self._task = task
        self._plan = Plan(*map(tf.Variable, task.plan(task.first_epoch)))

    def dataset(self) -> tf.data.Dataset:
        """A dataset to go through once an epoch."""
        x, y = tf.convert_to_tensor(self._task.x), tf.convert_to_tensor(self._task.y)
        size, kinds = self._task.batch_size, self._task.experiment.data.augmentation.kinds

        def batch(number: Tensor) -> tuple[Tensor, Tensor]:
            part = self._plan.part(number * size, (number + 1) * size)
            x_batch = vary(kinds, tf.gather(x, part.order), part.transforms, part.contrasts)
            return x_batch, tf.gather(y, part.order)

        return tf.data.Dataset.range(self._task.steps).map(batch).prefetch(tf.data.AUTOTUNE)

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Shuffle, and vary the images in another way."""
        for held, now in zip(self._plan, self._task.plan(epoch), strict=True):
            held.assign(now)
