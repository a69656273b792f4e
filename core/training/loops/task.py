"""What a loop is given, and what every loop does alike around its steps."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import keras
from numpy.typing import NDArray

from core.experiment import Experiment
from core.training.plan import Plan, epoch_plan
from core.training.program import Program

Array = NDArray[Any]
Logs = dict[str, float]
Hooks: TypeAlias = keras.callbacks.CallbackList


@dataclass(frozen=True, eq=False)
class Task:
    """One run: a program whose model has its first weights, samples, and callbacks.

    Labels are in the form the loss takes. Without validation its arrays are empty.
    """

    experiment: Experiment
    program: Program
    x: Array
    y: Array
    x_validation: Array
    y_validation: Array
    callbacks: list[keras.callbacks.Callback]
    first_epoch: int = 0

    @property
    def model(self) -> keras.Sequential:
        """The model that learns."""
        return self.program.model

    @property
    def batch_size(self) -> int:
        """Samples of one update."""
        return self.experiment.training.batch_size

    @property
    def steps(self) -> int:
        """Updates in an epoch; the last batch may be smaller."""
        return math.ceil(len(self.x) / self.batch_size)

    def hooks(self, steps: int, history: bool = False) -> Hooks:
        """The callbacks as Keras calls them; `steps` are the batches of an epoch.

        With `history`, `model.history` is kept as `fit` keeps it.
        """
        return keras.callbacks.CallbackList(
            self.callbacks,
            add_history=history,
            model=self.model,
            epochs=self.experiment.training.epochs,
            steps=steps,
            verbose=0,
        )

    def plan(self, epoch: int) -> Plan:
        """The order in which `epoch` takes the rows of `x`, and how each image is varied."""
        return epoch_plan(self.experiment, len(self.x), epoch)


def run_epochs(
    task: Task,
    train: Callable[[int, Hooks], Logs],
    validate: Callable[[Hooks], Logs],
) -> None:
    """The epochs of a run, calling back as `keras.Model.fit` does.

    `train` and `validate` run the steps of one epoch, with the hooks of their batches.
    """
    model = task.model
    hooks = task.hooks(task.steps, history=True)
    model.stop_training = False
    logs: Logs = {}
    hooks.on_train_begin()
    for epoch in range(task.first_epoch, task.experiment.training.epochs):
        hooks.on_epoch_begin(epoch)
        logs = train(epoch, hooks)
        if len(task.x_validation):
            hooks.on_test_begin()
            found = validate(hooks)
            hooks.on_test_end(found)
            logs |= {f"val_{name}": value for name, value in found.items()}
        hooks.on_epoch_end(epoch, logs)
        if model.stop_training:
            break
    hooks.on_train_end(logs)
