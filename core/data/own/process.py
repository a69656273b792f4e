"""Starts the process that reads a stranger's file, watches it, and tells how it ended."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from core.data.own.exchange import REPLY, REQUEST, Reply, Request, too_much_memory
from core.data.own.facts import Choices, Converted, Look, TableReading
from core.data.own.limits import ReadLimits
from core.data.own.names import tidy
from core.errors import UnusableUpload

_ROOT = Path(__file__).parents[3]
_SCRATCH = ".reading"
_GRACE_S = 5
_LONGEST_NAME = 255
# Nothing of the environment, as it holds secrets; one thread, and memory that is given back.
_ENVIRONMENT = {
    "PATH": os.defpath,
    "LANG": "C.UTF-8",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_MMAP_THRESHOLD_": "65536",
}
_LATE = (signal.SIGALRM, signal.SIGXCPU)
_NO_MEMORY = ("MemoryError", "memory allocation of")
_log = logging.getLogger(__name__)


def look(
    path: Path,
    name: str,
    limits: ReadLimits | None = None,
    reading: TableReading | None = None,
    wanted: Callable[[], bool] = lambda: True,
) -> Look:
    """What is in the file at `path`, which its owner calls `name`; waits for it.

    `reading` says how to read it if it is a table. It is given up when it is no longer `wanted`.

    Raises:
        UnusableUpload: it cannot be used.
    """
    limits = limits or ReadLimits()
    with TemporaryDirectory(dir=path.parent, prefix=".look-") as folder:
        request = Request(
            path.resolve(), _plain(name), Path(folder), limits, reading=reading or TableReading()
        )
        process = _Reading(request)
        try:
            found = process.reply(wanted).look
        finally:
            process.end()
    if found is None:
        raise UnusableUpload(_broken(name))
    return found


def start(
    path: Path,
    name: str,
    choices: Choices,
    folder: Path,
    seed: int = 0,
    limits: ReadLimits | None = None,
) -> Conversion:
    """Begin to convert the file at `path`, which its owner calls `name`, into arrays in `folder`.

    `folder` is made if need be, and must be empty.
    """
    folder.mkdir(parents=True, exist_ok=True)
    request = Request(
        path.resolve(), _plain(name), folder.resolve(), limits or ReadLimits(), choices, seed
    )
    return Conversion(request)


class Conversion:
    """A file that is being converted by another process."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._reading = _Reading(request)

    def progress(self) -> float:
        """The share that is done, from 0 to 1."""
        return self._reading.progress()

    def done(self) -> bool:
        """Whether `result` need not wait."""
        return self._reading.done()

    def cancel(self) -> None:
        """End it, if it has not ended, and remove what it wrote."""
        self._reading.end()
        shutil.rmtree(self._request.folder, ignore_errors=True)

    def result(self) -> Converted:
        """What was made of the file; waits for it. Without success, the folder is removed.

        Raises:
            UnusableUpload: it cannot be used, or the conversion was cancelled.
        """
        try:
            converted = self._reading.reply().converted
            if converted is None:
                raise UnusableUpload(_broken(self._request.name))
        except UnusableUpload:
            self.cancel()
            raise
        self._reading.end()
        return converted


class _Reading:
    """One process with its request and reply in a scratch folder."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._scratch = request.folder / _SCRATCH
        self._scratch.mkdir()
        (self._scratch / "request.json").write_bytes(REQUEST.dump_json(request))
        self._started = time.monotonic()
        self._reply: Reply | None = None
        with (self._scratch / "errors").open("wb") as errors:
            self._process = subprocess.Popen(  # noqa: S603  # nothing of a stranger
                [sys.executable, "-m", "core.data.own", str(self._scratch)],
                cwd=_ROOT,
                env=_ENVIRONMENT,
                stdin=subprocess.PIPE,  # its end tells the process that this one has ended
                stdout=subprocess.DEVNULL,
                stderr=errors,
                start_new_session=True,  # Ctrl+C is for the app, which then ends this itself
            )

    def progress(self) -> float:
        if self._reply is not None:
            return 1.0
        try:
            return float((self._scratch / "progress").read_text() or 0)
        except (OSError, ValueError):  # nothing told yet, or just being told
            return 0.0

    def done(self) -> bool:
        if time.monotonic() - self._started > self._request.limits.seconds + _GRACE_S:
            self._process.kill()  # it should have ended itself
        return self._process.poll() is not None

    def reply(self, wanted: Callable[[], bool] = lambda: True) -> Reply:
        """Wait for the reply, as long as it is wanted.

        Raises:
            UnusableUpload: the reply is that the file cannot be used, or there is none.
        """
        if self._reply is None:
            while not self.done():
                with suppress(subprocess.TimeoutExpired):
                    self._process.wait(1)
                if not wanted():
                    self.end()
            self._reply = self._read()
        if self._reply.problem is not None:
            raise UnusableUpload(self._reply.problem)
        return self._reply

    def end(self) -> None:
        """End the process if need be, and remove the scratch folder."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _read(self) -> Reply:
        with suppress(OSError, ValueError):
            return REPLY.validate_json((self._scratch / "reply.json").read_bytes())
        return Reply(problem=self._ending())

    def _ending(self) -> str:
        """What to say of a process that ended without a reply."""
        name, limits = self._request.name, self._request.limits
        code = self._process.returncode
        if -code in _LATE or time.monotonic() - self._started > limits.seconds:
            return (
                f"{tidy(name)} took longer to read than the {limits.seconds:,} seconds allowed. "
                "Upload a smaller file."
            )
        if not self._scratch.exists():
            return f"{tidy(name)} was not read to its end: it was cancelled. Upload it again."
        _log.warning("reading an upload ended with %s: %s", code, self._last_words())
        if code == -signal.SIGKILL or any(word in self._last_words() for word in _NO_MEMORY):
            return too_much_memory(name, limits)
        return _broken(name)

    def _last_words(self) -> str:
        with suppress(OSError):
            lines = (self._scratch / "errors").read_text(errors="replace").split("\n")
            return tidy(" ".join(lines[-3:]))
        return ""


def _plain(name: str) -> str:
    """The end of a name, as text that can be written: half of a character may be in it."""
    return name[-_LONGEST_NAME:].encode("utf-8", "replace").decode()


def _broken(name: str) -> str:
    return (
        f"{tidy(name)} could not be read: it is damaged, or not what its name says. Save it again "
        "with the program it comes from, and upload that."
    )
