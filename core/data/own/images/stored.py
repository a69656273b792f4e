"""Reads the images of an archive into one array, and remembers what was done to them."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from core.data.arrays import Array, Indices
from core.data.own.facts import ImageChoices
from core.data.own.images import decoding, resizing, shades
from core.data.own.images.decoding import Picture
from core.data.own.images.files import File
from core.data.own.images.survey import Survey
from core.data.own.names import counted, tidy
from core.data.own.work import MOST_NAMED, Work

_FITS = {
    "stretch": "stretched",
    "crop": "cut to their middle and scaled",
    "pad": "given margins and scaled",
}


class Images:
    """Brings each image to one size and depth; `skipped` says which could not be read, and why."""

    def __init__(
        self, archive: zipfile.ZipFile, found: Survey, choices: ImageChoices, work: Work
    ) -> None:
        self._archive, self._found, self._choices, self._work = archive, found, choices, work
        self._background = choices.background or found.background
        self._done: Counter[str] = Counter()
        self._sizes: set[tuple[int, int]] = set()
        self.skipped: list[str] = []
        self.skipped_count = 0

    @property
    def shape(self) -> tuple[int, int, int]:
        """Of each image."""
        side = self._choices.side
        return side, side, 1 if self._choices.color == "grayscale" else 3

    def read(self, files: Sequence[File]) -> tuple[Array, Indices]:
        """The images, uint8 (n, side, side, channels), and which of the files they are."""
        path, rows = self._work.scratch / "x.raw", []
        with path.open("wb") as stored:
            for index, file in enumerate(files):
                try:
                    picture = decoding.read(self._archive, file.member, self._work.limits)
                except decoding.Unreadable as error:
                    self._skip(file, str(error))
                else:
                    stored.write(self._pixels(picture).tobytes())
                    rows.append(index)
                self._work.progress(0.9 * (index + 1) / len(files))
        if not rows:
            return np.zeros((0, *self.shape), np.uint8), np.zeros(0, np.int64)
        x: Array = np.memmap(path, np.uint8, "r", shape=(len(rows), *self.shape))
        return x, np.array(rows, np.int64)

    def warnings(self) -> Iterator[str]:
        """What people should know of."""
        if self.skipped_count:
            yield f"Skipped, as they could not be read: {counted(self.skipped_count, 'image')}."
        if count := self._done["more"]:
            yield f"Only the first frame or page was used of {counted(count, 'image')}."
        if count := self._done["transparent"]:
            yield f"Put on {self._background}, as they have transparent parts: {_images(count)}."
        if count := self._done["hidden"]:
            yield f"Transparency was left away, as it hid all: {_images(count)}."
        depth = self._found.depth
        if (count := self._done["deep"]) and depth:
            yield (
                f"Brought to 0 to 255, from {depth.black:g} to {depth.white:g}: {_images(count)} "
                "of more than 8 bits."
            )
        side = self._choices.side
        if self._sizes and self._sizes != {(side, side)}:
            yield f"{self._resized()} to {side} × {side} pixels."

    def _resized(self) -> str:
        square = all(width == height for width, height in self._sizes)
        how = "scaled" if square else _FITS[self._choices.fit]
        small, *_, large = sorted([*self._sizes, *self._sizes], key=lambda size: size[0] * size[1])
        if small == large:
            return f"All images were {how}, from {small[0]} × {small[1]}"
        return f"Images of {small[0]} × {small[1]} to {large[0]} × {large[1]} pixels were {how}"

    def _pixels(self, picture: Picture) -> Array:
        height, width = picture.pixels.shape[:2]
        self._sizes.add((width, height))
        self._done["more"] += picture.has_more
        self._done["transparent"] += picture.alpha is not None
        self._done["hidden"] += picture.was_hidden
        self._done["deep"] += picture.is_deep
        flat = shades.flat(picture, self._background, self._found.depth)
        margin = shades.BACKGROUNDS[self._background] if self._found.transparent else 0
        return resizing.resized(resizing.fitted(flat, self._choices.fit, margin), self.shape)

    def _skip(self, file: File, reason: str) -> None:
        self.skipped_count += 1
        if len(self.skipped) < MOST_NAMED:
            self.skipped.append(f"{tidy(file.member.filename)}: {reason}")


def _images(count: int) -> str:
    return counted(count, "image")
