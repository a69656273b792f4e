"""`train`: one experiment from start to end, in any Python process."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core import data, records
from core.errors import OutOfMemory
from core.experiment import Experiment
from core.records import EpochRecord
from core.training.building import build_model, labels_for
from core.training.callbacks import EpochRecorder, StopOnDivergence, StopRequestedError

Floats = NDArray[np.float32]
Outcome = Literal["finished", "stopped", "diverged"]
PREDICT_BATCH = 512


@dataclass(frozen=True)
class TrainedRun:
    """What training left behind.

    `test_true` holds the test labels, (n,) integers or (n, 1) floats; `test_outputs` what the
    model says of the test samples, (n, outputs) floats. Both are None when training was stopped
    during the test, or diverged; `evaluation` is empty then.
    """

    model: keras.Model
    records: tuple[EpochRecord, ...]
    outcome: Outcome
    reason: str = ""
    evaluation: dict[str, float] = field(default_factory=dict)
    test_true: NDArray[np.generic] | None = None
    test_outputs: Floats | None = None

    @property
    def history(self) -> dict[str, list[float]]:
        """Metric name to one float an epoch, under Keras's names: loss, accuracy, val_loss, …"""
        return records.history(self.records)


def train(
    experiment: Experiment,
    on_epoch: Callable[[EpochRecord], None] | None = None,
    callbacks: Iterable[keras.callbacks.Callback] = (),
) -> TrainedRun:
    """Train `experiment` and test the result. `callbacks` are Keras's, or subclasses.

    `on_epoch` is called in this thread as each epoch ends. A diverging run and a requested stop
    return normally, with their epochs so far and `outcome` saying which it was.

    Raises:
        DatasetUnavailable: the data is not here and could not be fetched.
        OutOfMemory: the model or a batch does not fit.
    """
    callbacks = list(callbacks)
    samples = data.load(experiment.data, experiment.seed)
    recorder, divergence = EpochRecorder(on_epoch), StopOnDivergence()
    hooks = [recorder, *callbacks, divergence]
    try:
        model = build_model(experiment)
        outcome: Outcome = _fit(model, experiment, samples, hooks)
        kept = tuple(recorder.records)
        if divergence.reason:
            return TrainedRun(model, kept, "diverged", divergence.reason)
        if not kept:
            return TrainedRun(model, kept, outcome)
        return _tested(TrainedRun(model, kept, outcome), experiment, samples, callbacks)
    except (MemoryError, tf.errors.ResourceExhaustedError) as error:
        raise OutOfMemory(
            f"There was not enough memory for {experiment.parameter_count:,} parameters with "
            f"batches of {experiment.training.batch_size:,}. Use a smaller batch size, fewer "
            "units or filters, or more pooling."
        ) from error


def _fit(
    model: keras.Model,
    experiment: Experiment,
    samples: data.Dataset,
    hooks: list[keras.callbacks.Callback],
) -> Outcome:
    validation = None
    if len(samples.x_validation):
        validation = (samples.x_validation, labels_for(experiment, samples.y_validation))
    try:
        model.fit(
            samples.x_train,
            labels_for(experiment, samples.y_train),
            batch_size=experiment.training.batch_size,
            epochs=experiment.training.epochs,
            shuffle=experiment.training.shuffle,
            validation_data=validation,
            callbacks=hooks,
            verbose=0,
        )
    except StopRequestedError:
        return "stopped"
    return "finished"


def _tested(
    run: TrainedRun,
    experiment: Experiment,
    samples: data.Dataset,
    callbacks: list[keras.callbacks.Callback],
) -> TrainedRun:
    """`run` with its test metrics and outputs, unless it is stopped meanwhile."""
    labels = labels_for(experiment, samples.y_test)
    try:
        outputs = run.model.predict(
            samples.x_test, batch_size=PREDICT_BATCH, callbacks=callbacks, verbose=0
        )
        evaluation = run.model.evaluate(
            samples.x_test, labels, batch_size=PREDICT_BATCH, verbose=0, return_dict=True
        )
    except StopRequestedError:
        return TrainedRun(run.model, run.records, "stopped")
    return TrainedRun(
        model=run.model,
        records=run.records,
        outcome=run.outcome,
        evaluation={name: float(value) for name, value in evaluation.items()},
        test_true=samples.y_test,
        test_outputs=np.asarray(outputs, dtype=np.float32),
    )
