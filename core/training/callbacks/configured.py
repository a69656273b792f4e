"""The Keras callbacks an experiment asks for; what they write goes into one folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keras

from core.experiment import Experiment
from core.experiment.callbacks import Checkpoint, EarlyStopping, Plateau, direction

CHECKPOINTS = "checkpoints"
CSV = "epochs.csv"
TENSORBOARD = "tensorboard"


def configured(experiment: Experiment, folder: Path) -> Iterator[keras.callbacks.Callback]:
    """Keras's own callbacks, set as `experiment.callbacks` says, writing below `folder`."""
    wanted = experiment.callbacks
    if wanted.schedule:
        rates = wanted.schedule.rates(experiment.training.learning_rate, experiment.training.epochs)
        yield keras.callbacks.LearningRateScheduler(lambda epoch, _: rates[epoch])
    if wanted.terminate_on_nan:
        yield keras.callbacks.TerminateOnNaN()
    if wanted.plateau:
        yield _plateau(wanted.plateau)
    if wanted.checkpoint:
        yield _checkpoint(wanted.checkpoint, folder / CHECKPOINTS)
    if wanted.csv:
        folder.mkdir(parents=True, exist_ok=True)
        yield keras.callbacks.CSVLogger(str(folder / CSV))
    if wanted.tensorboard:
        yield keras.callbacks.TensorBoard(str(folder / TENSORBOARD), write_graph=False)
    if wanted.early_stopping:
        yield _early_stopping(wanted.early_stopping)


def _early_stopping(wanted: EarlyStopping) -> keras.callbacks.EarlyStopping:
    return keras.callbacks.EarlyStopping(
        monitor=wanted.monitor,
        mode=direction(wanted.monitor),
        patience=wanted.patience,
        min_delta=wanted.min_delta,
        restore_best_weights=wanted.restore_best_weights,
    )


def _checkpoint(wanted: Checkpoint, folder: Path) -> keras.callbacks.ModelCheckpoint:
    folder.mkdir(parents=True, exist_ok=True)
    return keras.callbacks.ModelCheckpoint(
        str(folder / wanted.file_name),
        monitor=wanted.monitor,
        mode=direction(wanted.monitor),
        save_best_only=wanted.best_only,
        save_weights_only=wanted.weights_only,
    )


def _plateau(wanted: Plateau) -> keras.callbacks.ReduceLROnPlateau:
    return keras.callbacks.ReduceLROnPlateau(
        monitor=wanted.monitor,
        mode=direction(wanted.monitor),
        factor=wanted.factor,
        patience=wanted.patience,
        min_lr=wanted.min_learning_rate,
    )
