"""Files that belong to a run, kept anywhere fsspec can reach."""

from __future__ import annotations

import contextlib
import io
import posixpath
import re
import secrets
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import fsspec
import numpy as np
from numpy.typing import NDArray

from core.errors import RunNotFound, StoreUnavailable

Arrays = dict[str, NDArray[Any]]
_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
# Where a file appears when all of it is there, and moving one would mean copying it.
_OBJECT_STORES = {"s3", "s3a", "gs", "gcs", "az", "abfs"}
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}")


class Artifacts:
    """What each run leaves behind: named groups of NumPy arrays, and files to download.

    A group is one compressed `.npz` file. Nothing is ever unpickled. A file appears whole or not
    at all.
    """

    def __init__(self, url: str) -> None:
        """Use the folder at `url`; it is made when something is written.

        Raises:
            StoreUnavailable: nothing can be kept at such a URL.
        """
        try:
            # Other processes write here too: a remembered listing would soon be wrong.
            opened = fsspec.core.url_to_fs(url, use_listings_cache=False)
        except (ValueError, ImportError) as error:
            raise StoreUnavailable(
                f"EPOCHSCOPE_ARTIFACTS_URL is a URL of {url.partition(':')[0]!r}, where nothing "
                "can be kept. Allowed are file:///folder and s3://bucket/folder. Correct it, or "
                "remove it to keep files in EPOCHSCOPE_HOME; then start again."
            ) from error
        self._files, self._root = opened
        protocols = self._files.protocol
        names = {protocols} if isinstance(protocols, str) else set(protocols)
        self._appears_whole = bool(names & _OBJECT_STORES)
        self._failures = _failures(names)

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
        missing = (
            f"This run has no {name}: it ended before they were made. Train it again to the end, "
            "or pick another run."
        )
        content = self._read(path, missing)
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as group:
                return {key: group[key] for key in group.files}
        except (OSError, EOFError, ValueError, BadZipFile, zlib.error) as error:
            raise StoreUnavailable(
                f"The results in {path} cannot be read: the file is damaged. Train the run "
                "again, or pick another one."
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
        with self._reached():
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
        path = self._file(run_id, name)
        return self._read(path, f"This run has no file {name}. Train it again.")

    def has_file(self, run_id: str, name: str) -> bool:
        """Whether the run has the file `name`."""
        named = _ID.fullmatch(run_id) and _NAME.fullmatch(name)
        return bool(named) and self._exists(self._file(run_id, name))

    def has(self, run_id: str, name: str) -> bool:
        """Whether the run has group `name`."""
        return bool(_ID.fullmatch(run_id)) and self._exists(self._path(run_id, name))

    def _exists(self, path: str) -> bool:
        with self._reached():
            return bool(self._files.exists(path))

    def _read(self, path: str, missing: str) -> bytes:
        with self._reached():
            try:
                content: bytes = self._files.cat_file(path)
            except FileNotFoundError:
                raise RunNotFound(missing) from None
        return content

    def _put(self, path: str, write: Callable[[str], None]) -> None:
        """Have `write` fill `path`: where files grow in sight, beside it, to be moved there."""
        try:
            if self._appears_whole:
                write(path)
            else:
                self._files.makedirs(posixpath.dirname(path), exist_ok=True)
                self._move_into_place(path, write)
        except self._failures as error:
            raise StoreUnavailable(
                f"The results could not be written to {self._root}: {error}. Check that it "
                "exists, can be written and has free space."
            ) from error

    def _move_into_place(self, path: str, write: Callable[[str], None]) -> None:
        # A name of its own: a worker that was given up may still be writing the same file.
        partial = f"{path}.{secrets.token_hex(4)}.partial"
        try:
            write(partial)
            self._files.mv(partial, path)
        except OSError:
            with contextlib.suppress(OSError):
                self._files.rm_file(partial)
            raise

    @contextlib.contextmanager
    def _reached(self) -> Iterator[None]:
        """Turn what the file system raises into `StoreUnavailable`."""
        try:
            yield
        except self._failures as error:
            raise StoreUnavailable(
                f"The results in {self._root} cannot be read: {error}. Check that it can be "
                "reached and may be read, then try again."
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


def _failures(protocols: set[str]) -> tuple[type[Exception], ...]:
    """What may be raised where files cannot be reached, read or written."""
    if "s3" not in protocols:
        return (OSError,)
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415 - 18 MB, for S3 alone

    return OSError, BotoCoreError
