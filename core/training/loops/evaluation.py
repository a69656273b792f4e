"""Loss, metrics and outputs of samples, in one pass over them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.training.callbacks.hooks import wants_every
from core.training.loops.pace import Pace
from core.training.loops.task import Hooks, Logs, Task

Tensor = Any
LARGEST_BATCH = 512
_LARGEST_OUTPUT = 2**25  # numbers a layer may put out for a batch: 128 MB


class Evaluation:
    """Samples to evaluate the task's model on, as often as wanted.

    `phase` says by which hooks the callbacks hear of it. Batches are large, whatever the batch
    size of training, unless a callback wants to see each.
    """

    def __init__(
        self, task: Task, x: NDArray[Any], y: NDArray[Any], phase: Literal["test", "predict"]
    ) -> None:
        self._task = task
        self._program = task.program
        self._samples = tf.convert_to_tensor(x), tf.convert_to_tensor(y)
        self._phase = phase
        every = wants_every(phase, task.callbacks)
        self._pace = Pace(every)
        self._batch_size = task.batch_size if every else _batch_size(task)

    def run(self, hooks: Hooks | None = None) -> tuple[Logs, NDArray[np.float32]]:
        """Mean loss and metrics, and the outputs (n, outputs) in the order of the samples.

        Without `hooks`, those of a new loop, the beginning and the end of the phase are told too.
        """
        steps = -(-len(self._samples[0]) // self._batch_size)
        if hooks:
            return self._run(hooks, steps)
        hooks = self._task.hooks(steps)
        getattr(hooks, f"on_{self._phase}_begin")()
        logs, outputs = self._run(hooks, steps)
        getattr(hooks, f"on_{self._phase}_end")(logs if self._phase == "test" else None)
        self._program.reset_metrics()  # Keras's own `evaluate` would go on from here
        return logs, outputs

    def _run(self, hooks: Hooks, steps: int) -> tuple[Logs, NDArray[np.float32]]:
        begin = getattr(hooks, f"on_{self._phase}_batch_begin")
        end = getattr(hooks, f"on_{self._phase}_batch_end")
        count = len(self._samples[0])
        batch_size = tf.constant(self._batch_size)
        loss_sum, metrics, outputs = tf.constant(0.0), {}, []
        self._program.reset_metrics()
        done = 0
        while done < steps:
            now = self._pace.steps(steps - done)
            begin(done)
            began = time.perf_counter()
            loss_sum, metrics, predicted = self._program.test(
                self._samples, batch_size, tf.constant(done), tf.constant(now), loss_sum
            )
            outputs.append(predicted.numpy())
            done += now
            self._pace.took(now, time.perf_counter() - began)
            logs = as_logs(loss_sum, min(done * self._batch_size, count), metrics)
            end(done - 1, logs if self._phase == "test" else {"outputs": outputs[-1]})
        return logs, np.concatenate(outputs)


def as_logs(loss_sum: Tensor, samples: int, metrics: Mapping[str, Tensor]) -> Logs:
    """Means over the samples seen so far, under Keras's names."""
    loss = loss_sum.numpy() / np.float32(samples)
    return {"loss": float(loss), **{name: float(value) for name, value in metrics.items()}}


def _batch_size(task: Task) -> int:
    widest = max(int(np.prod(row.output)) for row in task.experiment.summary)
    return max(1, min(LARGEST_BATCH, _LARGEST_OUTPUT // widest))
