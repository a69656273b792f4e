"""An uploaded file on its way to a dataset of its visitor's."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from core.data import kept, own
from core.errors import LimitExceeded, Problem, StoreUnavailable
from core.experiment import OwnData
from core.settings import settings
from core.ui import own_sets, platform, readers, uploads

MB = 1_000_000
_log = logging.getLogger(__name__)
_AT_ONCE = 1  # of those that convert, as of those that look: each may take a gigabyte
_LOOK_S = 40  # a look is at the beginning of a table, or at a few images
_PATIENCE_S = 90.0  # longer than two looks
_WATCH_S = 1.0
_looking = readers.Turns()
_rests = readers.Rests()
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
    over: threading.Event = field(default_factory=threading.Event)

    def cancel(self) -> None:
        """End it, and remove what was made so far."""
        self.over.set()
        self.conversion.cancel()

    def watch(self, visitor: str, is_there: Callable[[], bool]) -> None:
        """Cancel it as soon as the visitor is gone; note what it took."""
        began, is_counted = time.monotonic(), False
        while not self.over.wait(_WATCH_S):
            if not is_counted and self.conversion.done():
                _rests.begin(visitor, time.monotonic() - began)
                is_counted = True
            if not is_there():
                self.cancel()
        if not is_counted:
            _rests.begin(visitor, time.monotonic() - began)

    def finished(self) -> own.Converted:
        """Keep what was made as the visitor's, here and with the artifacts, and choose it.

        Raises:
            UnusableUpload: nothing could be made of the file.
            LimitExceeded: it takes more room than the visitor has.
            StoreUnavailable: it could not be kept.
        """
        self.over.set()
        try:
            made = self.conversion.result()
            facts = own_data_of(made, self.title, self.kind)
            platform.own_library().add(facts, self.folder, made.size_bytes, settings().own)
            with _room():
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

    It ends when the visitor has left.

    Raises:
        UnusableUpload: it cannot be used.
        LimitExceeded: too many other files are read.
        StoreUnavailable: the server's disk has no room to read it.
    """
    is_there = readers.presence()
    allowed = replace(limits(), seconds=_LOOK_S)
    with _looking.turn(platform.library().visitor, _PATIENCE_S), _room():
        return own.look(upload.path, upload.name, allowed, reading, is_there)


def start(upload: uploads.Upload, title: str, choices: own.Choices, images: bool = False) -> Adding:
    """Begin to make a dataset of an uploaded file; `images` says that its samples are images.

    Raises:
        LimitExceeded: too many other files are being converted, or the visitor's last took long.
        StoreUnavailable: the server's disk has no room for it.
    """
    kinds: dict[type, own.Kind] = {
        own.TableChoices: "table",
        own.ImageChoices: "images",
        own.ArraysChoices: "arrays",
    }
    most = limits(_MOST_BYTES["images" if images else "table"])
    visitor = platform.library().visitor
    _rests.check(visitor)
    with _lock, _room():
        _going[:] = [one for one in _going if not one.done()]
        if len(_going) >= _AT_ONCE:
            _rests.note(visitor)
            raise _busy()
        folder = uploads.new_folder()
        conversion = own.start(upload.path, upload.name, choices, folder, limits=most)
        _going.append(conversion)
    adding = Adding(title, kinds[type(choices)], conversion, folder)
    arguments = visitor, readers.presence()
    threading.Thread(target=adding.watch, args=arguments, daemon=True).start()
    return adding


@contextmanager
def _room() -> Iterator[None]:
    """Turn the errors of a disk that takes nothing more into words."""
    try:
        yield
    except OSError as error:
        _log.warning("a file of a visitor's could not be read or kept: %s", error)
        raise StoreUnavailable(
            "This server's disk has no room for your file, or cannot be written. Try again later, "
            "or tell whoever runs this server."
        ) from error


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
