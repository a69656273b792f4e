"""A visitor's images: a zip with a folder for each class, read as Keras reads such folders.

The semantics are those of `keras.utils.image_dataset_from_directory`: classes in the alphanumeric
order of their folders, bilinear resizing without keeping the aspect ratio, the first frame of a
GIF, and alpha channels ignored. Unlike Keras it turns photographs upright that say how they lie.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterator

import numpy as np

from core.data.arrays import Array
from core.data.own import folders, parts, pictures, targets, zips
from core.data.own.facts import ImageChoices, ImagesLook, OwnFacts
from core.data.own.folders import Folders
from core.data.own.names import counted, tidy
from core.data.own.parts import Part
from core.data.own.pixels import SIDES
from core.data.own.work import MOST_NAMED, Outcome, Work
from core.errors import UnusableUpload

_LOOKED_AT = 200
_WHITE = 255.0


def look(work: Work) -> ImagesLook:
    """The classes of the file, and what its images are like, by some of them.

    Raises:
        UnusableUpload: it cannot be used.
    """
    with zips.opened(work.path, work.name, work.limits) as archive:
        found = folders.found(archive.infolist(), work.name)
        sizes, is_grey = [], True
        for member, _ in _spread(found.images):
            try:
                picture = pictures.read(archive, member, work.limits)
            except pictures.Unreadable:
                continue
            sizes.append(picture.shape[:2])
            is_grey &= pictures.is_grey(picture)
    if not sizes:
        raise _unreadable(work.name)
    height, width = np.median(sizes, axis=0).round().astype(int).tolist()
    counts = Counter(label for _, label in found.images)
    return ImagesLook(
        classes=tuple((tidy(name), counts[label]) for label, name in enumerate(found.classes)),
        width=width,
        height=height,
        is_grey=is_grey,
        warnings=found.warnings,
    )


def convert(work: Work, choices: ImageChoices) -> Outcome:
    """Write the images, all of one size.

    Raises:
        UnusableUpload: it cannot be used.
    """
    _check_side(choices)
    shape = (choices.side, choices.side, 1 if choices.color == "grayscale" else 3)
    with zips.opened(work.path, work.name, work.limits) as archive:
        found = folders.found(archive.infolist(), work.name)
        reading = _Reading(archive, found, shape, work)
        x, labels = reading.read()
    if not len(labels):
        raise _unreadable(work.name)
    target = targets.classes(labels, found.classes, work.limits)
    train, test = parts.divided(target.values, work.seed)
    parts.write(
        work.folder,
        Part(x, target.kept[train], target.values[train]),
        Part(x, target.kept[test], target.values[test]),
        lambda rows: rows,
        lambda share: work.progress(0.95 + 0.05 * share),
    )
    facts = OwnFacts(
        "classification", shape, target.classes, (), (0.0, _WHITE), len(train), len(test)
    )
    warnings = (*found.warnings, *reading.warnings(), *target.warnings)
    return Outcome(facts, warnings, tuple(reading.skipped), reading.skipped_count)


def _check_side(choices: ImageChoices) -> None:
    if not SIDES[0] <= choices.side <= SIDES[1]:
        raise UnusableUpload(
            f"Image size: {choices.side} pixels were chosen; {SIDES[0]} to {SIDES[1]} are allowed. "
            "Try 32."
        )


def _unreadable(name: str) -> UnusableUpload:
    return UnusableUpload(
        f"{tidy(name)}: none of its images could be read. Open one of them in another program, and "
        "save them again as PNG or JPEG."
    )


def _spread(images: list[tuple[zipfile.ZipInfo, int]]) -> list[tuple[zipfile.ZipInfo, int]]:
    """Some images, evenly of all."""
    return images[:: max(1, -(-len(images) // _LOOKED_AT))]


class _Reading:
    """Reads the images of an archive into one array, and remembers which could not be."""

    def __init__(
        self, archive: zipfile.ZipFile, found: Folders, shape: tuple[int, int, int], work: Work
    ) -> None:
        self._archive, self._found, self._shape, self._work = archive, found, shape, work
        self.skipped: list[str] = []
        self.skipped_count = 0
        size = shape[0] * shape[1] * shape[2] + 8
        self._most = max(1, min(work.limits.samples, work.limits.unpacked_bytes // size))

    def read(self) -> tuple[Array, Array]:
        """The images, uint8 (n, side, side, channels), and the numbers of their classes."""
        images, labels = self._found.images, []
        chosen = parts.sampled(len(images), self._most, self._work.seed)
        path = self._work.scratch / "x.raw"
        with path.open("wb") as file:
            for done, index in enumerate(chosen.tolist(), start=1):
                member, label = images[index]
                try:
                    picture = pictures.read(self._archive, member, self._work.limits)
                except pictures.Unreadable as error:
                    self._skip(member, str(error))
                else:
                    file.write(pictures.resized(picture, self._shape).tobytes())
                    labels.append(label)
                self._work.progress(0.95 * done / len(chosen))
        if not labels:
            return np.zeros((0, *self._shape), np.uint8), np.zeros(0, np.int64)
        x: Array = np.memmap(path, np.uint8, "r", shape=(len(labels), *self._shape))
        return x, np.array(labels, np.int64)

    def warnings(self) -> Iterator[str]:
        """What people should know of."""
        used, there = min(self._most, len(self._found.images)), len(self._found.images)
        if used < there:
            yield f"{used:,} of {there:,} images are used, drawn at random."
        if self.skipped_count:
            yield f"Skipped, as they could not be read: {counted(self.skipped_count, 'image')}."

    def _skip(self, member: zipfile.ZipInfo, reason: str) -> None:
        self.skipped_count += 1
        if len(self.skipped) < MOST_NAMED:
            self.skipped.append(f"{tidy(member.filename)}: {reason}")
