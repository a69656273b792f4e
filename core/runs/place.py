"""`Place`: a folder anywhere fsspec can reach, in which files appear whole or not at all."""

from __future__ import annotations

import contextlib
import posixpath
import secrets
from collections.abc import Callable, Iterator

import fsspec

from core.errors import RunNotFound, StoreUnavailable
from core.runs.unavailable import unavailable

_WHAT = "The place where results are kept"
# Where a file appears when all of it is there, and moving one would mean copying it.
_OBJECT_STORES = {"s3", "s3a", "gs", "gcs", "az", "abfs"}


class Place:
    """A folder that other processes read and write too.

    `files_at` is the file system, of fsspec, and `root` the folder in it. `failures` is what it
    raises when it cannot be reached, read or written.
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
        self.files_at, self.root = opened
        protocols = self.files_at.protocol
        names = {protocols} if isinstance(protocols, str) else set(protocols)
        self._appears_whole = bool(names & _OBJECT_STORES)
        self.failures = _failures(names)

    def exists(self, path: str) -> bool:
        """Whether there is a file at `path`."""
        with self.reached():
            return bool(self.files_at.exists(path))

    def read(self, path: str, missing: str) -> bytes:
        """The content of the file at `path`.

        Raises:
            RunNotFound: with the text `missing`, if there is none.
            StoreUnavailable: it cannot be read.
        """
        with self.reached():
            try:
                content: bytes = self.files_at.cat_file(path)
            except FileNotFoundError:
                raise RunNotFound(missing) from None
        return content

    def put(self, path: str, write: Callable[[str], None]) -> None:
        """Have `write` fill `path`: where files grow in sight, beside it, to be moved there.

        Raises:
            StoreUnavailable: the place cannot be written.
        """
        try:
            if self._appears_whole:
                write(path)
            else:
                self.files_at.makedirs(posixpath.dirname(path), exist_ok=True)
                self._move_into_place(path, write)
        except self.failures as error:
            raise self.unwritten(error) from error

    def _move_into_place(self, path: str, write: Callable[[str], None]) -> None:
        # A name of its own: a worker that was given up may still be writing the same file.
        partial = f"{path}.{secrets.token_hex(4)}.partial"
        try:
            write(partial)
            self.files_at.mv(partial, path)
        except OSError:
            with contextlib.suppress(OSError):
                self.files_at.rm_file(partial)
            raise

    @contextlib.contextmanager
    def reached(self) -> Iterator[None]:
        """Turn what the file system raises into `StoreUnavailable`."""
        try:
            yield
        except self.failures as error:
            advice = "Check that it can be reached and may be read."
            raise unavailable(_WHAT, error, self.root, advice) from error

    def unwritten(self, error: Exception) -> StoreUnavailable:
        """What to raise since something could not be written or deleted."""
        advice = "Check that it exists, can be written and has free space."
        return unavailable(_WHAT, error, self.root, advice)


def _failures(protocols: set[str]) -> tuple[type[Exception], ...]:
    """What may be raised where files cannot be reached, read or written."""
    if "s3" not in protocols:
        return (OSError,)
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415 - 18 MB, for S3 alone

    return OSError, BotoCoreError
