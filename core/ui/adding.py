"""An uploaded file on its way to a dataset of its visitor's."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from core.data import kept, own
from core.experiment import OwnData
from core.settings import settings
from core.ui import own_sets, platform, uploads

MB = 1_000_000
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
            allowed, library = settings().own, platform.own_library()
            facts = own_data_of(made, self.title, self.kind)
            library.check_room(made.size_bytes, allowed.quota_mb, allowed.total_mb)
            library.add(facts, self.folder, made.size_bytes)
            kept.take(facts, self._move)
            own_sets.choose(facts)
            return made
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _move(self, target: Path) -> None:
        for name in own.ARRAYS:
            shutil.move(self.folder / f"{name}.npy", target)


def start(upload: uploads.Upload, title: str, choices: own.Choices, images: bool = False) -> Adding:
    """Begin to make a dataset of an uploaded file; `images` says that its samples are images."""
    kinds: dict[type, own.Kind] = {
        own.TableChoices: "table",
        own.ImageChoices: "images",
        own.ArraysChoices: "arrays",
    }
    folder = uploads.new_folder()
    most = limits(_MOST_BYTES["images" if images else "table"])
    conversion = own.start(upload.path, upload.name, choices, folder, limits=most)
    return Adding(title, kinds[type(choices)], conversion, folder)


def limits(most_bytes: int = 200 * MB) -> own.ReadLimits:
    """What reading may cost on this installation, and what the arrays may take."""
    allowed = settings().own
    return own.ReadLimits(
        upload_bytes=allowed.upload_mb * MB,
        unpacked_bytes=min(most_bytes, allowed.quota_mb * MB),
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
