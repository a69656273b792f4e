"""Files that belong to a run, kept anywhere fsspec can reach."""

from __future__ import annotations

import io
import logging
import posixpath
import re
import zlib
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from core.errors import ResultsDamaged, RunNotFound
from core.runs.place import Place

Arrays = dict[str, NDArray[Any]]
_log = logging.getLogger(__name__)
_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}")


class Artifacts(Place):
    """What each run leaves behind: named groups of NumPy arrays, and files to download.

    A group is one compressed `.npz` file. Nothing is ever unpickled. A file appears whole or not
    at all.
    """

    def save(self, run_id: str, name: str, arrays: Arrays, *, compressed: bool = True) -> None:
        """Write `arrays` as group `name` of a run.

        Raises:
            StoreUnavailable: the place cannot be written.
            ValueError: an array holds Python objects, which would have to be pickled.
        """
        buffer = io.BytesIO()
        write = np.savez_compressed if compressed else np.savez
        write(buffer, allow_pickle=False, **arrays)
        content = buffer.getvalue()
        self.put(self._path(run_id, name), lambda place: self.files_at.pipe_file(place, content))

    def load(self, run_id: str, name: str) -> Arrays:
        """Read group `name` of a run.

        Raises:
            RunNotFound: there is no such group.
            ResultsDamaged: what is there is no such group.
            StoreUnavailable: it cannot be read.
        """
        path = self._path(run_id, name)
        missing = (
            f"This run has no {name}: it ended before they were made. Pick another run, or train "
            "one with these settings to its end."
        )
        content = self.read(path, missing)
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as group:
                return {key: group[key] for key in group.files}
        except (OSError, EOFError, ValueError, BadZipFile, zlib.error) as error:
            _log.warning("damaged: %s: %s", path, error, extra={"run": run_id})
            raise ResultsDamaged(
                f"The file {name} of this run cannot be read: it is damaged. Train the run again, "
                "or pick another one."
            ) from error

    def remove(self, run_id: str, prefix: str) -> None:
        """Delete the groups of a run whose names begin with `prefix`.

        Raises:
            StoreUnavailable: they cannot be deleted.
        """
        try:
            for place in self.files_at.ls(self._folder(run_id), detail=False):
                if posixpath.basename(place).startswith(prefix):
                    self.files_at.rm_file(place)
        except FileNotFoundError:  # somebody else did
            return
        except self.failures as error:
            raise self.unwritten(error) from error

    def save_file(self, run_id: str, name: str, source: Path) -> None:
        """Copy the file `source` here as `name` among the run's files.

        Raises:
            StoreUnavailable: the place cannot be written.
        """
        path = self._file(run_id, name)
        self.put(path, lambda place: self.files_at.put_file(str(source), place))

    def files(self, run_id: str) -> dict[str, int]:
        """The names of the run's files, sorted, and their sizes in bytes."""
        folder = posixpath.dirname(self._file(run_id, "any"))
        with self.reached():
            try:
                found = self.files_at.ls(folder, detail=True)
            except FileNotFoundError:
                return {}
        sizes = {posixpath.basename(entry["name"]): int(entry["size"]) for entry in found}
        return {name: sizes[name] for name in sorted(sizes) if not name.endswith(".partial")}

    def read_file(self, run_id: str, name: str) -> bytes:
        """The content of one of the run's files.

        Raises:
            RunNotFound: there is no such file.
            StoreUnavailable: it cannot be read.
        """
        path = self._file(run_id, name)
        return self.read(path, f"This run has no file {name}. Train it again.")

    def open_file(self, run_id: str, name: str) -> tuple[BinaryIO, int]:
        """One of the run's files, opened to be read piece by piece, and its size in bytes.

        Raises:
            RunNotFound: there is no such file.
            StoreUnavailable: it cannot be read.
        """
        path = self._file(run_id, name)
        with self.reached():
            try:
                size = int(self.files_at.size(path))
                return self.files_at.open(path, "rb"), size
            except FileNotFoundError:
                raise RunNotFound(f"This run has no file {name}. Train it again.") from None

    def has_file(self, run_id: str, name: str) -> bool:
        """Whether the run has the file `name`."""
        named = _ID.fullmatch(run_id) and _NAME.fullmatch(name)
        return bool(named) and self.exists(self._file(run_id, name))

    def has(self, run_id: str, name: str) -> bool:
        """Whether the run has group `name`."""
        return bool(_ID.fullmatch(run_id)) and self.exists(self._path(run_id, name))

    def _path(self, run_id: str, name: str) -> str:
        return posixpath.join(self._folder(run_id), f"{name}.npz")

    def _file(self, run_id: str, name: str) -> str:
        if not _NAME.fullmatch(name):
            raise RunNotFound(f"There is no file {name[:40]!r}. Pick another one.")
        return posixpath.join(self._folder(run_id), "files", name)

    def _folder(self, run_id: str) -> str:
        if not _ID.fullmatch(run_id):  # never leave the folder, whatever someone puts in a URL
            raise RunNotFound("There is no run of this id. Pick another one.")
        return posixpath.join(self.root, run_id)
