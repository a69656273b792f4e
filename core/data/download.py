"""Fetching Fashion-MNIST with Keras, with progress; for the process that trains."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from core.data import fashion
from core.errors import DatasetUnavailable

ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"  # as in keras.datasets
SIZES = {  # bytes at ORIGIN: Keras's get_file does not pass on how much it expects
    "train-labels-idx1-ubyte.gz": 29_515,
    "train-images-idx3-ubyte.gz": 26_421_880,
    "t10k-labels-idx1-ubyte.gz": 5_148,
    "t10k-images-idx3-ubyte.gz": 4_422_102,
}
INTERVAL_S = 0.2
PATIENCE_S = 60.0


@dataclass(frozen=True)
class DownloadProgress:
    """How far a download is: file `index` (from 1) of `files`, and its bytes so far."""

    file: str
    index: int
    files: int
    received_bytes: int
    total_bytes: int


OnDownload = Callable[[DownloadProgress], None]


def download(on_download: OnDownload | None = None) -> None:
    """Fetch the four published files into the Keras cache.

    `on_download` is called in this thread, several times a second; what it raises ends the wait.

    Raises:
        DatasetUnavailable: there is no network, or the cache cannot be written to.
    """
    for index, name in enumerate(SIZES, start=1):
        for received in _received(fashion.keras_folder() / name):
            if on_download:
                on_download(DownloadProgress(name, index, len(SIZES), received, SIZES[name]))


def _received(path: Path) -> Iterator[int]:
    """Fetch the file of this name; its size in bytes while it grows, and at last the whole."""
    transfer = _Transfer(path)
    transfer.start()
    size, grown_at = 0, time.monotonic()
    while transfer.is_alive():
        if (now := transfer.size_bytes) > size:
            size, grown_at = now, time.monotonic()
        elif time.monotonic() - grown_at > PATIENCE_S:
            raise _unavailable(f"nothing of {path.name} arrived for {PATIENCE_S:g} seconds")
        yield size
        transfer.join(INTERVAL_S)
    if transfer.error:
        raise _unavailable(str(transfer.error)) from transfer.error
    yield path.stat().st_size


class _Transfer(Thread):
    """One file on its way, in a thread of its own: Keras offers no other way to watch.

    It works in a folder of its own and moves the whole file to `path`, so several may fetch the
    same file. Nobody need wait for it: it clears up, and does not keep the process from ending.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(name=f"download of {path.name}", daemon=True)
        self.path = path
        self.part: Path | None = None
        self.error: Exception | None = None

    def run(self) -> None:
        """Fetch the file; what goes wrong is kept in `error`."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with TemporaryDirectory(dir=self.path.parent, prefix=".part-") as folder:
                self.part = Path(folder, self.path.name)
                _get_file(self.part)
                self.part.replace(self.path)
        except Exception as error:  # noqa: BLE001  # Keras raises a bare one where a URL fails
            self.error = error

    @property
    def size_bytes(self) -> int:
        """What has arrived; 0 before the first byte and after the last."""
        try:
            return self.part.stat().st_size if self.part else 0
        except OSError:
            return 0


def _get_file(path: Path) -> None:
    from keras.utils import get_file  # noqa: PLC0415  # brings TensorFlow: worker processes only

    get_file(path.name, origin=ORIGIN + path.name, cache_dir=str(path.parent), cache_subdir=".")


def _unavailable(reason: str) -> DatasetUnavailable:
    return DatasetUnavailable(
        f"Fashion-MNIST could not be downloaded: {reason}. {fashion.looked_in()} Check the "
        "connection to the internet and try again, or put the four files into one of these "
        f"folders, or {fashion.INSTEAD}."
    )
