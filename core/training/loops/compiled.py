"""The fast loop: stretches of an epoch run inside one TensorFlow function, over data in memory."""

from __future__ import annotations

import time

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.training.callbacks.hooks import wants_every
from core.training.loops.evaluation import Evaluation, as_logs
from core.training.loops.pace import Pace
from core.training.loops.task import Hooks, Logs, Task, run_epochs
from core.training.plan import Plan


def run(task: Task) -> NDArray[np.float32] | None:
    """Train; the outputs for the validation samples after the last epoch, (n, outputs)."""
    loop = _Compiled(task)
    run_epochs(task, loop.train, loop.validate)
    return loop.validation_outputs


class _Compiled:
    """The data as tensors, and how many steps to run at a time."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._samples = tf.convert_to_tensor(task.x), tf.convert_to_tensor(task.y)
        self._pace = Pace(wants_every("train", task.callbacks))
        self._validation = Evaluation(task, task.x_validation, task.y_validation, "test")
        self.validation_outputs: NDArray[np.float32] | None = None

    def train(self, epoch: int, hooks: Hooks) -> Logs:
        """All steps of an epoch."""
        task, program = self._task, self._task.program
        plan = Plan(*map(tf.convert_to_tensor, task.plan(epoch)))
        batch_size = tf.constant(task.batch_size)
        loss_sum = tf.constant(0.0)
        program.reset_metrics()
        logs: Logs = {}
        first = 0
        while first < task.steps and not task.model.stop_training:
            count = self._pace.steps(task.steps - first)
            hooks.on_train_batch_begin(first)
            began = time.perf_counter()
            loss_sum, metrics = program.train(
                self._samples, plan, batch_size, tf.constant(first), tf.constant(count), loss_sum
            )
            first += count
            logs = as_logs(loss_sum, min(first * task.batch_size, len(task.x)), metrics)
            self._pace.took(count, time.perf_counter() - began)
            hooks.on_train_batch_end(first - 1, logs)
        return logs

    def validate(self, hooks: Hooks) -> Logs:
        """Loss and metrics of the validation samples."""
        logs, self.validation_outputs = self._validation.run(hooks)
        return logs
