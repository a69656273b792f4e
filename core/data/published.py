"""Sets that Keras fetches from the internet: their files, and where they are looked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from core.settings import settings

ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"  # as in keras.datasets


@dataclass(frozen=True, eq=False)
class Published:
    """One set: the files of it at `ORIGIN`, their sizes in bytes, and what to do without them.

    `folder` is its folder in Keras's cache, and in `EPOCHSCOPE_DATA_DIR` if it is not that folder
    itself; `unpacked` that of the arrays in the home folder, `labels` what tells apart sets of the
    same samples there. `hashes` are Keras's, SHA-256 or MD5. `also` are the names under which Keras
    keeps the one file, or what was in it. `origin` is where the files are, if not at `ORIGIN`.
    """

    title: str
    unpacked: str
    sizes: Mapping[str, int]
    instead: str
    folder: str = ""
    hashes: Mapping[str, str] | None = None
    elsewhere: Callable[[], tuple[Path, ...]] = tuple
    labels: str = ""
    also: tuple[str, ...] = ()
    origin: str = ""

    @property
    def size_bytes(self) -> int:
        """Of all files together."""
        return sum(self.sizes.values())

    @property
    def cache(self) -> Path:
        """Where Keras keeps the files."""
        home = Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser()
        return home / "datasets" / self.folder

    def folders(self) -> tuple[Path, ...]:
        """Where the files are looked for, in this order."""
        own = settings().data_dir
        ours = dict.fromkeys((own, own / self.folder)) if own else ()
        return (*ours, *self.elsewhere(), self.cache)

    def source(self) -> Path | None:
        """The first folder that holds all the files, or what Keras has made of them."""
        return next(filter(self._is_complete, self.folders()), None)

    def here_bytes(self) -> int:
        """Of the files on this computer, or of what was in them; 0 if there are none."""
        folder = self.source()
        places = [folder / name for name in (*self.sizes, *self.also)] if folder else []
        files = (file for place in places for file in (place, *place.glob("*")) if file.is_file())
        return sum(file.stat().st_size for file in files)

    def _is_complete(self, folder: Path) -> bool:
        files = all((folder / name).is_file() for name in self.sizes)
        return files or any((folder / name).exists() for name in self.also)

    def looked_in(self) -> str:
        """The files and the folders that were searched, in words."""
        what = "its file" if len(self.sizes) == 1 else f"its {len(self.sizes)} files"
        places = ", ".join(map(str, self.folders()))
        return f"Looked for {what} ({', '.join(self.sizes)}) in: {places}."

    def not_here(self) -> str:
        """What to tell whoever asks for a set that is not on this computer."""
        return (
            f"{self.title} is not on this computer. {self.looked_in()} It is fetched from the "
            f"internet ({self.size_bytes / 1e6:.3g} MB) the first time a network trains on it; or "
            f"{self.instead}."
        )
