"""Files that belong to a run, kept anywhere fsspec can reach."""

from __future__ import annotations

import io
import posixpath
from typing import Any

import fsspec
import numpy as np
from numpy.typing import NDArray

from core.errors import RunNotFound, StoreUnavailable

Arrays = dict[str, NDArray[Any]]


class Artifacts:
    """Named groups of NumPy arrays for each run, one compressed `.npz` file a group.

    Nothing is ever unpickled. A file appears whole or not at all.
    """

    def __init__(self, url: str) -> None:
        self._files, self._root = fsspec.core.url_to_fs(url, auto_mkdir=True)

    def save(self, run_id: str, name: str, arrays: Arrays) -> None:
        """Write `arrays` as group `name` of a run.

        Raises:
            StoreUnavailable: the place cannot be written.
        """
        buffer = io.BytesIO()
        np.savez_compressed(buffer, **arrays)  # type: ignore[arg-type]
        path = self._path(run_id, name)
        partial = f"{path}.partial"
        try:
            self._files.makedirs(posixpath.dirname(path), exist_ok=True)
            self._files.pipe_file(partial, buffer.getvalue())
            self._files.mv(partial, path)
        except OSError as error:
            raise StoreUnavailable(
                f"The results could not be written to {self._root}: {error}. Check that it can "
                "be written and has free space."
            ) from error

    def load(self, run_id: str, name: str) -> Arrays:
        """Read group `name` of a run.

        Raises:
            RunNotFound: there is no such group.
        """
        try:
            content = self._files.cat_file(self._path(run_id, name))
        except FileNotFoundError:
            raise RunNotFound(
                f"This run has no {name}: it ended before they were made. Train it again to the "
                "end, or pick another run."
            ) from None
        with np.load(io.BytesIO(content), allow_pickle=False) as group:
            return {key: group[key] for key in group.files}

    def has(self, run_id: str, name: str) -> bool:
        """Whether the run has group `name`."""
        return bool(self._files.exists(self._path(run_id, name)))

    def _path(self, run_id: str, name: str) -> str:
        return posixpath.join(self._root, run_id, f"{name}.npz")
