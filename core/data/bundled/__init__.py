"""The datasets that come with Epochscope; README.md says where they are from."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np

from core.data.arrays import RawData
from core.errors import DatasetUnavailable
from core.experiment import DatasetCard

FOLDER = Path(__file__).parent


def read(card: DatasetCard) -> RawData:
    """Read `<name>.npz` of this folder into memory.

    Raises:
        DatasetUnavailable: the installation is incomplete.
    """
    path = FOLDER / f"{card.name}.npz"
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return RawData(**{name: _usable(arrays[name]) for name in arrays.files})
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise DatasetUnavailable(
            f"{card.title} cannot be read from {path} ({error}). The file belongs to Epochscope: "
            "install Epochscope again, or choose one of the 2-D sets, which need no file."
        ) from error


def _usable(array: np.ndarray) -> np.ndarray:
    """Labels are stored as bytes to be small, but are int64 everywhere else."""
    return array.astype(np.int64) if array.ndim == 1 else array
