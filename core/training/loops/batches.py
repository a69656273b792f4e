"""The training samples as a `tf.data.Dataset`: shuffled, batched, prefetched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
import tensorflow as tf

from core.training.loops.task import Task

Tensor = Any


class Batches(keras.callbacks.Callback):  # type: ignore[misc]
    """Batches of (x, y) in the order of the epoch, which this sets as the epoch begins.

    `Dataset.shuffle` would do, but its order cannot be had again for a later epoch alone, and
    would not be that of the other loops.
    """

    def __init__(self, task: Task) -> None:
        super().__init__()
        self._task = task
        self._order = tf.Variable(task.order(task.first_epoch))

    def dataset(self) -> tf.data.Dataset:
        """A dataset to go through once an epoch."""
        x, y = tf.convert_to_tensor(self._task.x), tf.convert_to_tensor(self._task.y)
        size = self._task.batch_size

        def batch(number: Tensor) -> tuple[Tensor, Tensor]:
            rows = self._order[number * size : (number + 1) * size]
            return tf.gather(x, rows), tf.gather(y, rows)

        return tf.data.Dataset.range(self._task.steps).map(batch).prefetch(tf.data.AUTOTUNE)

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Shuffle."""
        self._order.assign(self._task.order(epoch))
