"""What is kept of a trained model: Keras's own files, which any Keras can open."""

from __future__ import annotations

import logging
import shutil
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import keras

from core.errors import ResultsDamaged
from core.experiment import Experiment
from core.records import BEST_WEIGHTS, LAST_WEIGHTS, MODEL
from core.training.callbacks.configured import CHECKPOINTS, CSV, TENSORBOARD
from core.training.trained import TrainedRun

_log = logging.getLogger(__name__)
# What Keras and HDF5 raise of a file that was cut short, and of one whose layers are others.
_UNUSABLE = (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RuntimeError)
TENSORBOARD_FILE = f"{TENSORBOARD}.zip"


def save_model(run: TrainedRun, folder: Path) -> Iterator[Path]:
    """Write the model, the weights training ended with and, where they differ, the best epoch's.

    Weights come with the optimizer's state, so that training can go on from them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    model = run.model
    model.save(folder / MODEL)
    yield folder / MODEL
    model.save_weights(folder / LAST_WEIGHTS)
    yield folder / LAST_WEIGHTS
    if run.best_weights:
        last = model.get_weights()
        model.set_weights(run.best_weights)
        model.save_weights(folder / BEST_WEIGHTS)
        model.set_weights(last)
        yield folder / BEST_WEIGHTS


def load_weights(model: keras.Model, file: Path) -> None:
    """Put the weights of a `.weights.h5` file into a model, and the optimizer's state.

    Raises:
        ResultsDamaged: the file is damaged, or of another network.
    """
    try:
        model.load_weights(file)
    except _UNUSABLE as error:
        raise damaged(file.name, error) from error


def damaged(name: str, error: Exception) -> ResultsDamaged:
    """What to say of a run's file that cannot be used; the log is told why."""
    _log.warning("%s cannot be used: %s", name, error)
    return ResultsDamaged(
        f"The file {name} of this run cannot be used: it is damaged, or of another network. Train "
        "the run again, or choose another one."
    )


def unpack_tensorboard(archive: bytes, folder: Path) -> None:
    """Put back into `folder` what `written_by_callbacks` packed there once.

    Raises:
        ResultsDamaged: it is no such archive.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with ZipFile(BytesIO(archive)) as packed:
            packed.extractall(folder)
    except (BadZipFile, zlib.error, EOFError) as error:
        raise damaged(TENSORBOARD_FILE, error) from error


def put_back(name: str, content: bytes, folder: Path) -> None:
    """Put a file that `written_by_callbacks` found once to where its callback goes on writing."""
    if name == TENSORBOARD_FILE:
        unpack_tensorboard(content, folder)
        return
    file = folder / CSV if name == CSV else folder / CHECKPOINTS / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def written_by_callbacks(experiment: Experiment, folder: Path) -> Iterator[Path]:
    """The files callbacks left in `folder`; TensorBoard's many as one archive."""
    callbacks = experiment.callbacks
    if callbacks.checkpoint:
        yield from sorted((folder / CHECKPOINTS).iterdir())
    if callbacks.csv and (folder / CSV).exists():
        yield folder / CSV
    if callbacks.tensorboard and (folder / TENSORBOARD).exists():
        archive = shutil.make_archive(
            str(folder / TENSORBOARD), "zip", folder, base_dir=TENSORBOARD
        )
        yield Path(archive)
