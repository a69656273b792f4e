"""`train`: one experiment from start to end, in any Python process."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core import data, records
from core.errors import OutOfMemory
from core.experiment import Experiment
from core.records import EpochRecord
from core.training.building import labels_for
from core.training.callbacks import EpochRecorder, StopOnDivergence, StopRequestedError
from core.training.loops import LOOPS, Evaluation, Task
from core.training.program import Program
from core.training.programs import Programs
from core.training.seeds import DropoutSeeds

Floats = NDArray[np.float32]
Outcome = Literal["finished", "stopped", "diverged"]


@dataclass(frozen=True)
class TrainedRun:
    """What training left behind.

    `test_true` holds the test labels, (n,) integers or (n, 1) floats; `test_outputs` what the
    model says of the test samples, (n, outputs) floats. Both are None when training was stopped
    during the test, or diverged; `evaluation` is empty then. `validation_outputs` are those of the
    validation samples after the last epoch, where the loop kept them.
    """

    program: Program
    records: tuple[EpochRecord, ...]
    outcome: Outcome
    reason: str = ""
    evaluation: dict[str, float] = field(default_factory=dict)
    test_true: NDArray[np.generic] | None = None
    test_outputs: Floats | None = None
    validation_outputs: Floats | None = None

    @property
    def model(self) -> keras.Sequential:
        """The model as training left it."""
        return self.program.model

    @property
    def history(self) -> dict[str, list[float]]:
        """Metric name to one float an epoch, under Keras's names: loss, accuracy, val_loss, …"""
        return records.history(self.records)


def train(
    experiment: Experiment,
    on_epoch: Callable[[EpochRecord], None] | None = None,
    callbacks: Iterable[keras.callbacks.Callback] = (),
    *,
    programs: Programs | None = None,
) -> TrainedRun:
    """Train `experiment` and test the result. `callbacks` are Keras's, or subclasses.

    `on_epoch` is called in this thread as each epoch ends. A diverging run and a requested stop
    return normally, with their epochs so far and `outcome` saying which it was. Somebody who
    trains many experiments may give `programs`, and give back the run's when done with it.

    Raises:
        DatasetUnavailable: the data is not here and could not be fetched.
        OutOfMemory: the model or a batch does not fit.
    """
    recorder, divergence = EpochRecorder(on_epoch), StopOnDivergence()
    samples = data.load(experiment.data, experiment.seed)
    hooks = [DropoutSeeds(experiment.seed), recorder, *callbacks, divergence]
    try:
        task = Task(
            experiment,
            (programs or Programs(keep=0)).take(experiment),
            samples.x_train,
            labels_for(experiment, samples.y_train),
            samples.x_validation,
            labels_for(experiment, samples.y_validation),
            hooks,
        )
        outcome, validation_outputs = _fit(task)
        run = TrainedRun(
            task.program,
            tuple(recorder.records),
            "diverged" if divergence.reason else outcome,
            divergence.reason,
            validation_outputs=validation_outputs,
        )
        return _tested(run, task, samples) if run.records and not run.reason else run
    except (MemoryError, tf.errors.ResourceExhaustedError) as error:
        raise OutOfMemory(
            f"There was not enough memory for {experiment.parameter_count:,} parameters with "
            f"batches of {experiment.training.batch_size:,}. Use a smaller batch size, fewer "
            "units or filters, or more pooling."
        ) from error


def _fit(task: Task) -> tuple[Outcome, Floats | None]:
    try:
        return "finished", LOOPS[task.experiment.training.loop](task)
    except StopRequestedError:
        return "stopped", None


def _tested(run: TrainedRun, task: Task, samples: data.Dataset) -> TrainedRun:
    """`run` with its test metrics and outputs, unless it is stopped meanwhile."""
    labels = labels_for(task.experiment, samples.y_test)
    test = Evaluation(task, samples.x_test, labels, "predict")
    try:
        evaluation, outputs = test.run()
    except StopRequestedError:
        return replace(run, outcome="stopped")
    return replace(run, evaluation=evaluation, test_true=samples.y_test, test_outputs=outputs)
