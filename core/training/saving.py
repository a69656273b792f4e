"""What is kept of a trained model: Keras's own files, which any Keras can open."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from core.experiment import Experiment
from core.records import BEST_WEIGHTS, LAST_WEIGHTS, MODEL
from core.training.callbacks.configured import CHECKPOINTS, CSV, TENSORBOARD
from core.training.trained import TrainedRun

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


def unpack_tensorboard(archive: bytes, folder: Path) -> None:
    """Put back into `folder` what `written_by_callbacks` packed there once."""
    folder.mkdir(parents=True, exist_ok=True)
    with ZipFile(BytesIO(archive)) as packed:
        packed.extractall(folder)


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
