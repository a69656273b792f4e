"""`OwnArrays`: the arrays of people's own datasets, kept with the artifacts by what is in them."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

from core.errors import DatasetUnavailable
from core.runs.place import Place

FOLDER = "own"  # no run has so short an id
FILES = ("x_train.npy", "y_train.npy", "x_test.npy", "y_test.npy")
_KEY = re.compile(r"[0-9a-f]{64}")


class OwnArrays:
    """Four files a set, in a folder named for the SHA-256 of what they hold.

    Two visitors who bring the same data share them. All methods raise `StoreUnavailable` when the
    place cannot be reached.
    """

    def __init__(self, place: Place) -> None:
        self._place = place

    def has(self, key: str) -> bool:
        """Whether all files of the set are there."""
        return all(self._place.exists(self._path(key, name)) for name in FILES)

    def keep(self, key: str, folder: Path) -> None:
        """Copy the set's files here from `folder`."""
        for name in FILES:
            source = str(folder / name)
            self._place.put(
                self._path(key, name),
                lambda path, source=source: self._place.files_at.put_file(source, path),  # type: ignore[misc]
            )

    def fetch(self, key: str, folder: Path) -> None:
        """Copy the set's files to `folder`, piece by piece.

        Raises:
            DatasetUnavailable: the set was removed.
        """
        for name in FILES:
            with self._place.reached():
                try:
                    self._place.files_at.get_file(self._path(key, name), str(folder / name))
                except FileNotFoundError:
                    raise DatasetUnavailable(
                        "These data were removed: their owner did so, or nobody had trained on "
                        "them for a long time. Add the file again on the Data page, or choose "
                        "another dataset."
                    ) from None

    def remove(self, key: str) -> None:
        """Delete the set's files."""
        try:
            self._place.files_at.rm(self._folder(key), recursive=True)
        except FileNotFoundError:  # somebody else did
            return
        except self._place.failures as error:
            raise self._place.unwritten(error) from error

    def _path(self, key: str, name: str) -> str:
        return posixpath.join(self._folder(key), name)

    def _folder(self, key: str) -> str:
        if not _KEY.fullmatch(key):  # never leave the folder, whatever an experiment says
            raise DatasetUnavailable("There are no such data. Choose another dataset.")
        return posixpath.join(self._place.root, FOLDER, key)
