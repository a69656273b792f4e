"""Fetching a published set with Keras, with progress; for the process that trains."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from core.data.published import ORIGIN, Published
from core.errors import DatasetUnavailable

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


def download(published: Published, on_download: OnDownload | None = None) -> None:
    """Fetch the files of a published set into the Keras cache.

    `on_download` is called in this thread, several times a second; what it raises ends the wait.

    Raises:
        DatasetUnavailable: there is no network, or the cache cannot be written to.
    """
    sizes = published.sizes
    for index, name in enumerate(sizes, start=1):
        for received in _received(published, name):
            if on_download:
                on_download(DownloadProgress(name, index, len(sizes), received, sizes[name]))


def _received(published: Published, name: str) -> Iterator[int]:
    """Fetch the file of this name; its size in bytes while it grows, and at last the whole."""
    path = published.cache / name
    url = (published.origin or ORIGIN) + name
    transfer = _Transfer(path, url, (published.hashes or {}).get(name))
    transfer.start()
    size, grown_at = 0, time.monotonic()
    while transfer.is_alive():
        if (now := transfer.size_bytes) > size:
            size, grown_at = now, time.monotonic()
        elif time.monotonic() - grown_at > PATIENCE_S:
            reason = f"nothing of {path.name} arrived for {PATIENCE_S:g} seconds"
            raise _unavailable(published, reason)
        yield size
        transfer.join(INTERVAL_S)
    if transfer.error:
        raise _unavailable(published, str(transfer.error)) from transfer.error
    yield path.stat().st_size


class _Transfer(Thread):
    """One file on its way, in a thread of its own: Keras offers no other way to watch.

    It works in a folder of its own and moves the whole file to `path`, so several may fetch the
    same file. Nobody need wait for it: it clears up, and does not keep the process from ending.
    """

    def __init__(self, path: Path, url: str, sha256: str | None) -> None:
        super().__init__(name=f"download of {path.name}", daemon=True)
        self.path, self.url, self.sha256 = path, url, sha256
        self.part: Path | None = None
        self.error: Exception | None = None

    def run(self) -> None:
        """Fetch the file; what goes wrong is kept in `error`."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with TemporaryDirectory(dir=self.path.parent, prefix=".part-") as folder:
                self.part = Path(folder, self.path.name)
                _get_file(self.part, self.url, self.sha256)
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


def _get_file(path: Path, url: str, sha256: str | None) -> None:
    from keras.utils import get_file  # noqa: PLC0415  # brings TensorFlow: worker processes only

    get_file(
        path.name,
        origin=url,
        cache_dir=str(path.parent),
        cache_subdir=".",
        file_hash=sha256,
        hash_algorithm="auto",
    )


def _unavailable(published: Published, reason: str) -> DatasetUnavailable:
    files = "the file" if len(published.sizes) == 1 else "the files"
    return DatasetUnavailable(
        f"{published.title} could not be downloaded: {reason}. {published.looked_in()} Check the "
        f"connection to the internet and try again, or put {files} into one of these folders, or "
        f"{published.instead}."
    )
