"""The datasets that come with Epochscope; README.md says where they are from."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from pathlib import Path

import numpy as np

from core.data import unpacked
from core.data.arrays import RawData
from core.data.damaged import reason
from core.errors import DatasetUnavailable
from core.experiment import DatasetCard

FOLDER = Path(__file__).parent
TABLES = ("iris", "wine", "breast_cancer", "diabetes")


def read(card: DatasetCard) -> RawData:
    """Open the arrays of `<name>.npz` of this folder.

    Raises:
        DatasetUnavailable: the installation is incomplete.
    """
    path = FOLDER / f"{card.name}.npz"
    try:
        return unpacked.shared(card, f"{card.name}-{_key(path)}", lambda: _parsed(path))
    except (*unpacked.UNUSABLE, zipfile.BadZipFile, zlib.error) as error:
        raise DatasetUnavailable(
            f"{card.title} cannot be read from {path.name} ({reason(error)}). The file belongs to "
            "Epochscope: install it again, or choose one of the 2-D sets, which need no file."
        ) from error


def words_path(name: str) -> Path:
    """Where the words of a set of texts are, one a line, the most frequent first."""
    return FOLDER / f"{name}_words.txt"


def words(name: str) -> tuple[str, ...]:
    """The words of a set of texts by rank."""
    return tuple(words_path(name).read_text("utf-8").splitlines())


def _key(path: Path) -> str:
    """Another one for other contents, so that a newer file is never hidden by an older one."""
    with zipfile.ZipFile(path) as archive:
        checksums = sorted((entry.filename, entry.CRC) for entry in archive.infolist())
    return hashlib.sha256(repr(checksums).encode()).hexdigest()[:12]


def _parsed(path: Path) -> RawData:
    with np.load(path, allow_pickle=False) as arrays:
        return RawData(**{name: _usable(arrays[name]) for name in arrays.files})


def _usable(array: np.ndarray) -> np.ndarray:
    """Labels are stored as bytes to be small, but are int64 everywhere else."""
    is_labels = array.ndim == 1 and array.dtype == np.uint8
    return array.astype(np.int64) if is_labels else array
