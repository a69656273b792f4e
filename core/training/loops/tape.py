"""A training loop by hand, with `tf.GradientTape`: what `model.fit` does, to be read."""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

from core.training.loops.batches import Batches
from core.training.loops.task import Hooks, Logs, Task, run_epochs

Tensor = Any


class GradientTapeLoop:
    """Steps that run as TensorFlow graphs, called from Python once a batch."""

    def __init__(self, task: Task) -> None:
        self.model = task.model
        self.optimizer = task.model.optimizer
        self.loss_function = keras.losses.get(task.experiment.loss)
        self.mean_loss = keras.metrics.Mean("loss")
        self.metrics = [self.mean_loss, *task.program.metrics]
        self.batches = Batches(task)
        self.training = self.batches.dataset()
        self.validation = tf.data.Dataset.from_tensor_slices(
            (task.x_validation, task.y_validation)
        ).batch(task.batch_size)

    @tf.function  # type: ignore[untyped-decorator]
    def train_step(self, x: Tensor, y: Tensor) -> None:
        """Predict a batch, see how wrong that is, and change the weights against it."""
        with tf.GradientTape() as tape:
            predicted = self.model(x, training=True)
            loss = self.loss(y, predicted)
            learned = self.optimizer.scale_loss(loss)  # of scaled targets, the loss in their scale
        gradients = tape.gradient(learned, self.model.trainable_weights)
        self.optimizer.apply_gradients(zip(gradients, self.model.trainable_weights, strict=True))
        self.measure(y, predicted, loss)

    @tf.function  # type: ignore[untyped-decorator]
    def test_step(self, x: Tensor, y: Tensor) -> None:
        """Predict a batch and see how wrong that is: without dropout, without learning."""
        predicted = self.model(x, training=False)
        self.measure(y, predicted, self.loss(y, predicted))

    def loss(self, y: Tensor, predicted: Tensor) -> Tensor:
        """The mean loss of a batch, and the L1 and L2 penalties of the weights."""
        penalties = self.model.losses
        data_loss = tf.reduce_mean(self.loss_function(y, predicted))
        return tf.add_n([data_loss, *penalties])

    def measure(self, y: Tensor, predicted: Tensor, loss: Tensor) -> None:
        """Add a batch to the means of the epoch."""
        self.mean_loss.update_state(loss, sample_weight=tf.shape(predicted)[0])
        for metric in self.metrics[1:]:
            metric.update_state(y, predicted)

    def train_epoch(self, epoch: int, hooks: Hooks) -> Logs:
        """Every batch once, in this epoch's order."""
        self.reset()
        self.batches.on_epoch_begin(epoch)
        for step, (x, y) in enumerate(self.training):
            hooks.on_train_batch_begin(step)
            self.train_step(x, y)
            hooks.on_train_batch_end(step, self.logs())
            if self.model.stop_training:
                break
        return self.logs()

    def validate(self, hooks: Hooks) -> Logs:
        """The samples held back, which nothing is learned from."""
        self.reset()
        for step, (x, y) in enumerate(self.validation):
            hooks.on_test_batch_begin(step)
            self.test_step(x, y)
            hooks.on_test_batch_end(step, self.logs())
        return self.logs()

    def reset(self) -> None:
        """Begin new means."""
        for metric in self.metrics:
            metric.reset_state()

    def logs(self) -> Logs:
        """The means so far."""
        return {metric.name: float(metric.result()) for metric in self.metrics}


def run(task: Task) -> None:
    """Train, epoch by epoch."""
    loop = GradientTapeLoop(task)
    run_epochs(task, loop.train_epoch, loop.validate)
