"""Files that belong to a run, kept anywhere fsspec can reach."""

from __future__ import annotations

import io
import posixpath
import re
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import fsspec
import numpy as np
from numpy.typing import NDArray

from core.errors import RunNotFound, StoreUnavailable

Arrays = dict[str, NDArray[Any]]
_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}")


class Artifacts:
    """What each run leaves behind: named groups of NumPy arrays, and files to download.

    A group is one compressed `.npz` file. Nothing is ever unpickled. A file appears whole or not
    at all.
    """

    def __init__(self, url: str) -> None:
        self._files, self._root = fsspec.core.url_to_fs(url, auto_mkdir=True)

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
        self._put(self._path(run_id, name), lambda place: self._files.pipe_file(place, content))

    def load(self, run_id: str, name: str) -> Arrays:
        """Read group `name` of a run.

        Raises:
            RunNotFound: there is no such group.
            StoreUnavailable: it cannot be read, or is damaged.
        """
        path = self._path(run_id, name)
        try:
            content = self._files.cat_file(path)
            with np.load(io.BytesIO(content), allow_pickle=False) as group:
                return {key: group[key] for key in group.files}
        except FileNotFoundError:
            raise RunNotFound(
                f"This run has no {name}: it ended before they were made. Train it again to the "
                "end, or pick another run."
            ) from None
        except (OSError, EOFError, ValueError, BadZipFile, zlib.error) as error:
            raise StoreUnavailable(
                f"The results in {path} cannot be read: the file is damaged or may not be opened. "
                "Train the run again, or pick another one."
            ) from error

    def remove(self, run_id: str, prefix: str) -> None:
        """Delete the groups of a run whose names begin with `prefix`.

        Raises:
            StoreUnavailable: they cannot be deleted.
        """
        try:
            for place in self._files.ls(self._folder(run_id), detail=False):
                if posixpath.basename(place).startswith(prefix):
                    self._files.rm_file(place)
        except FileNotFoundError:  # somebody else did
            return
        except OSError as error:
            raise StoreUnavailable(f"{self._root} cannot be written: {error}.") from error

    def save_file(self, run_id: str, name: str, source: Path) -> None:
        """Copy the file `source` here as `name` among the run's files.

        Raises:
            StoreUnavailable: the place cannot be written.
        """
        path = self._file(run_id, name)
        self._put(path, lambda place: self._files.put_file(str(source), place))

    def files(self, run_id: str) -> dict[str, int]:
        """The names of the run's files, sorted, and their sizes in bytes."""
        folder = posixpath.dirname(self._file(run_id, "any"))
        try:
            found = self._files.ls(folder, detail=True)
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
        try:
            content: bytes = self._files.cat_file(self._file(run_id, name))
        except FileNotFoundError:
            raise RunNotFound(f"This run has no file {name}. Train it again.") from None
        except OSError as error:
            raise StoreUnavailable(f"The file {name} cannot be read: {error}.") from error
        return content

    def has_file(self, run_id: str, name: str) -> bool:
        """Whether the run has the file `name`."""
        named = _ID.fullmatch(run_id) and _NAME.fullmatch(name)
        return bool(named and self._files.exists(self._file(run_id, name)))

    def has(self, run_id: str, name: str) -> bool:
        """Whether the run has group `name`."""
        return bool(_ID.fullmatch(run_id) and self._files.exists(self._path(run_id, name)))

    def _put(self, path: str, write: Callable[[str], None]) -> None:
        """Have `write` fill a place beside `path`, then move that there."""
        partial = f"{path}.partial"
        try:
            self._files.makedirs(posixpath.dirname(path), exist_ok=True)
            write(partial)
            self._files.mv(partial, path)
        except OSError as error:
            raise StoreUnavailable(
                f"The results could not be written to {self._root}: {error}. Check that it can "
                "be written and has free space."
            ) from error

    def _path(self, run_id: str, name: str) -> str:
        return posixpath.join(self._folder(run_id), f"{name}.npz")

    def _file(self, run_id: str, name: str) -> str:
        if not _NAME.fullmatch(name):
            raise RunNotFound(f"There is no file {name[:40]!r}. Pick another one.")
        return posixpath.join(self._folder(run_id), "files", name)

    def _folder(self, run_id: str) -> str:
        if not _ID.fullmatch(run_id):  # never leave the folder, whatever someone puts in a URL
            raise RunNotFound(f"There is no run {run_id[:40]!r}. Pick another one.")
        return posixpath.join(self._root, run_id)
