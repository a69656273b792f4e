"""An uploaded file on its way to a dataset of its visitor's."""

from __future__ import annotations

import shutil
import threading
from dataclasses import dataclass
from pathlib import Path

from core.data import kept, own
from core.errors import LimitExceeded, Problem
from core.experiment import OwnData
from core.settings import settings
from core.ui import own_sets, platform, uploads

MB = 1_000_000
_AT_ONCE = 1  # of those that look, and of those that convert: each may take a gigabyte
_PATIENCE_S = 60.0
_looking = threading.BoundedSemaphore(_AT_ONCE)
_going: list[own.Conversion] = []
_lock = threading.Lock()
_AROUND_BYTES = 4_096  # of a set's files, what is not values: the heads of its arrays
# Pages read images a few at a time, but of a table all that is trained on, in double precision.
_MOST_BYTES = {"images": 200 * MB, "table": 40 * MB}


@dataclass(frozen=True, eq=False)
class Adding:
    """A conversion that goes on, what its result is to be called, and where it is made."""

    title: str
    kind: own.Kind
    conversion: own.Conversion
    folder: Path

    def finished(self) -> own.Converted:
        """Keep what was made as the visitor's, here and with the artifacts, and choose it.

        Raises:
            UnusableUpload: nothing could be made of the file.
            LimitExceeded: it takes more room than the visitor has.
            StoreUnavailable: it could not be kept.
        """
        try:
            made = self.conversion.result()
            facts = own_data_of(made, self.title, self.kind)
            platform.own_library().add(facts, self.folder, made.size_bytes, settings().own)
            kept.take(facts, self._move)
            own_sets.choose(facts)
            return made
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _move(self, target: Path) -> None:
        for name in own.ARRAYS:
            shutil.move(self.folder / f"{name}.npy", target)


def look(upload: uploads.Upload, reading: own.TableReading | None = None) -> own.Look:
    """What there is in an uploaded file, read as `reading` says; waits while others are read.

    Raises:
        UnusableUpload: it cannot be used.
        LimitExceeded: too many other files are read.
    """
    if not _looking.acquire(timeout=_PATIENCE_S):
        raise _busy()
    try:
        return own.look(upload.path, upload.name, limits(), reading)
    finally:
        _looking.release()


def start(upload: uploads.Upload, title: str, choices: own.Choices, images: bool = False) -> Adding:
    """Begin to make a dataset of an uploaded file; `images` says that its samples are images.

    Raises:
        LimitExceeded: too many other files are being converted.
    """
    kinds: dict[type, own.Kind] = {
        own.TableChoices: "table",
        own.ImageChoices: "images",
        own.ArraysChoices: "arrays",
    }
    most = limits(_MOST_BYTES["images" if images else "table"])
    with _lock:
        _going[:] = [one for one in _going if not one.done()]
        if len(_going) >= _AT_ONCE:
            raise _busy()
        folder = uploads.new_folder()
        conversion = own.start(upload.path, upload.name, choices, folder, limits=most)
        _going.append(conversion)
    return Adding(title, kinds[type(choices)], conversion, folder)


def limits(most_bytes: int = 200 * MB) -> own.ReadLimits:
    """What reading may cost on this installation, and what the arrays may take."""
    allowed = settings().own
    return own.ReadLimits(
        upload_bytes=allowed.upload_mb * MB,
        unpacked_bytes=min(most_bytes, max(0, allowed.quota_mb * MB - _AROUND_BYTES)),
    )


def own_data_of(made: own.Converted, title: str, kind: own.Kind) -> OwnData:
    """The facts of a finished set as an experiment carries them."""
    facts = made.facts
    return OwnData(
        key=made.key,
        title=title,
        kind=kind,
        task=facts.task,
        shape=facts.shape,
        classes=facts.classes,
        features=facts.features,
        train_size=facts.train_size,
        test_size=facts.test_size,
        value_range=facts.value_range,
    )


def _busy() -> LimitExceeded:
    message = "Own data: the files of others are being read. Try again in a minute."
    return LimitExceeded((Problem(("data", "own"), message),))
