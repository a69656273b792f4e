"""`train`: one experiment from start to end, in any Python process."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path

import keras
import tensorflow as tf

from core import data
from core.errors import OutOfMemory
from core.experiment import Data, Experiment
from core.records import EpochRecord
from core.training.building import labels_for
from core.training.callbacks import (
    BestWeights,
    EpochRecorder,
    StopOnDivergence,
    StopRequestedError,
    configured,
)
from core.training.divergence import remedy
from core.training.loops import LOOPS, Evaluation, Task
from core.training.programs import Programs
from core.training.saving import load_weights
from core.training.seeds import DropoutSeeds
from core.training.snapshot import Arrays, Commit, Snapshot, WholeEpoch
from core.training.trained import Floats, Outcome, Start, TestResult, TrainedRun


def train(
    experiment: Experiment,
    on_epoch: Callable[[EpochRecord], None] | None = None,
    callbacks: Iterable[keras.callbacks.Callback] = (),
    *,
    programs: Programs | None = None,
    folder: Path | None = None,
    start: Start | Arrays | None = None,
) -> TrainedRun:
    """Train `experiment` and test the result. `callbacks` are Keras's, or subclasses.

    `on_epoch` is called in this thread as each epoch ends. A diverging run and a requested stop
    return normally, with their epochs so far and `outcome` saying which it was. Somebody who
    trains many experiments may give `programs`, and give back the run's when done with it. The
    experiment's own callbacks write into `folder`, or a new temporary one. With `start`, training
    goes on from there, and the epochs that were trained then are not trained again: from another
    run's weights, or from a snapshot as a `Commit` among the callbacks is given it. After a
    snapshot all goes on as if training had never ended, to the same bits.

    Raises:
        DatasetUnavailable: the data is not here and could not be fetched.
        OutOfMemory: the model or a batch does not fit.
    """
    samples = _samples(experiment.data.arrays, experiment.seed)
    recorder = EpochRecorder(on_epoch)
    best = BestWeights(since=start.epochs if isinstance(start, Start) else 0)
    divergence = StopOnDivergence(partial(remedy, experiment, samples))
    if folder is None and experiment.callbacks.write_files:
        folder = Path(tempfile.mkdtemp(prefix="epochscope-"))
    own = list(configured(experiment, folder or Path()))
    remembering = [recorder, best, *own, divergence]
    whole = WholeEpoch(remembering, best.since)
    hooks = _in_order([DropoutSeeds(experiment.seed), *remembering, *callbacks], whole)
    try:
        task = _task(experiment, samples, hooks, programs or Programs(keep=0), start)
        if isinstance(start, dict):
            task = _go_on(task, Snapshot(start, remembering), whole)
        outcome, validation_outputs = _fit(task, whole)
        run = TrainedRun(
            task.program,
            tuple(recorder.records),
            "diverged" if divergence.reason else outcome,
            folder,
            divergence.reason,
            validation_true=samples.y_validation if validation_outputs is not None else None,
            validation_outputs=validation_outputs,
            epochs_before=task.first_epoch,
            diverging=tuple(divergence.course) if divergence.reason else (),
            end_epoch=_end_epoch(own, whole),
            best_epoch=best.epoch,
            best_since=best.since,
            state=whole.take,
        )
        return _tested(run, task, samples, best) if run.trained and not run.reason else run
    except (MemoryError, tf.errors.ResourceExhaustedError) as error:
        raise OutOfMemory(
            f"There was not enough memory for {experiment.parameter_count:,} parameters with "
            f"batches of {experiment.training.batch_size:,}. Use a smaller batch size, fewer "
            "units or filters, or more pooling."
        ) from error


def prepare(experiment: Experiment) -> None:
    """Load the data of `experiment`, so that `train` has them at hand.

    Raises:
        DatasetUnavailable: the data is not here and could not be fetched.
    """
    _samples(experiment.data.arrays, experiment.seed)


def evaluate(
    experiment: Experiment, weights: Path, *, programs: Programs | None = None
) -> dict[str, float]:
    """The test metrics of a model of `experiment` with the weights of a `.weights.h5` file.

    They are those training reported for these weights, to the last bit on the same computer.

    Raises:
        DatasetUnavailable: the data is not here and could not be fetched.
        ResultsDamaged: the file is damaged, or of another network.
    """
    programs = programs or Programs(keep=0)
    samples = _samples(experiment.data.arrays, experiment.seed)
    none = samples.x_train[:0], labels_for(experiment, samples.y_train[:0])
    task = Task(experiment, programs.take(experiment), *none, *none, [])
    load_weights(task.model, weights)
    labels = labels_for(experiment, samples.y_test)
    found, _ = Evaluation(task, samples.x_test, labels, "predict").run()
    programs.give_back(experiment, task.program)
    return found


@lru_cache(maxsize=1)
def _samples(settings: Data, seed: int) -> data.Dataset:
    """The prepared data, kept for the next run on the same."""
    return data.load(settings, seed)


def _task(
    experiment: Experiment,
    samples: data.Dataset,
    hooks: list[keras.callbacks.Callback],
    programs: Programs,
    start: Start | Arrays | None,
) -> Task:
    task = Task(
        experiment,
        programs.take(experiment),
        samples.x_train,
        labels_for(experiment, samples.y_train),
        samples.x_validation,
        labels_for(experiment, samples.y_validation),
        hooks,
        start.epochs if isinstance(start, Start) else 0,
    )
    if isinstance(start, Start):
        _load(task, start.weights)
    return task


def _load(task: Task, weights: Path) -> None:
    """The weights and the optimizer; of scaled targets, only its learning rate.

    `Start` is left by versions that learned scaled targets from a loss in their own unit: what
    their optimizers remember of gradients is of another size.
    """
    optimizer = task.model.optimizer
    rate = optimizer.learning_rate
    fresh = [(kept, kept.numpy()) for kept in optimizer.variables if kept is not rate]
    load_weights(task.model, weights)
    if task.experiment.data.target_scaling != "none":
        for variable, value in fresh:
            variable.assign(value)


def _go_on(task: Task, snapshot: Snapshot, whole: WholeEpoch) -> Task:
    """`task` from the end of the snapshot's epoch; from its last one, if training had ended."""
    hooks = [*task.callbacks, snapshot]
    snapshot.restore(task.model)
    whole.epochs = snapshot.epochs
    total = task.experiment.training.epochs
    first = total if snapshot.stopped else snapshot.epochs
    return replace(task, callbacks=hooks, first_epoch=first)


def _in_order(
    hooks: list[keras.callbacks.Callback], whole: WholeEpoch
) -> list[keras.callbacks.Callback]:
    """`hooks` with `whole` after those that change the model, and then those that commit it."""
    commits = [hook for hook in hooks if isinstance(hook, Commit)]
    for commit in commits:
        commit.covers(whole)
    return [*(hook for hook in hooks if not isinstance(hook, Commit)), whole, *commits]


def _fit(task: Task, whole: WholeEpoch) -> tuple[Outcome, Floats | None]:
    """How training ended, and the outputs for the validation samples where the loop kept them.

    A run stopped within an epoch is put back to the end of the last whole one.
    """
    try:
        loop = task.experiment.training.loop
        outputs = LOOPS[loop](task)
        nothing_left = loop == "compiled" and outputs is None and len(task.x_validation)
        if nothing_left or (outputs is not None and _goes_back(task.experiment)):
            quiet = replace(task, callbacks=[])
            test = Evaluation(quiet, task.x_validation, task.y_validation, "predict")
            outputs = test.run()[1]
        return "finished", outputs
    except StopRequestedError:
        whole.restore()
        for callback in task.callbacks:  # those that write files close them
            callback.on_train_end()
        return "stopped", None


def _end_epoch(callbacks: list[keras.callbacks.Callback], whole: WholeEpoch) -> int:
    """The epoch (from 0) whose weights training ended with."""
    for callback in callbacks:
        is_stopping = isinstance(callback, keras.callbacks.EarlyStopping)
        if is_stopping and callback.restore_best_weights and callback.best_weights is not None:
            return int(callback.best_epoch)
    return whole.epochs - 1


def _goes_back(experiment: Experiment) -> bool:
    """Whether training may end with other weights than those of the last epoch."""
    stopping = experiment.callbacks.early_stopping
    return stopping is not None and stopping.restore_best_weights


def _tested(run: TrainedRun, task: Task, samples: data.Dataset, best: BestWeights) -> TrainedRun:
    """`run` with its test results, unless it is stopped meanwhile."""
    labels = labels_for(task.experiment, samples.y_test)
    test = Evaluation(task, samples.x_test, labels, "predict")
    try:
        run = replace(run, last=TestResult(*test.run()), test_true=samples.y_test)
        if best.same_as(task.model):
            return run
        last = task.model.get_weights()
        task.model.set_weights(best.weights)
        try:
            found = TestResult(*test.run())
        finally:
            task.model.set_weights(last)
    except StopRequestedError:
        return replace(run, outcome="stopped")
    return replace(run, best=found, best_weights=best.weights)
