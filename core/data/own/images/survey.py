"""What the pictures of a set are like, by some of them: sizes, colours, transparency and depth."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from core.data.own.facts import Background
from core.data.own.images import decoding, shades
from core.data.own.images.decoding import Picture
from core.data.own.images.files import File
from core.data.own.images.shades import Contrasts, Scale
from core.data.own.limits import ReadLimits

_LOOKED_AT = 200


@dataclass
class Survey:
    """`sizes` are (height, width) in pixels of each picture that could be read.

    `transparent` counts those with transparent parts, which stand out best on `background`.
    """

    sizes: list[tuple[int, int]] = field(default_factory=list)
    is_grey: bool = True
    transparent: int = 0
    background: Background = "white"
    depth: Scale | None = None
    looked_at: int = 0


def survey(archive: zipfile.ZipFile, files: Sequence[File], limits: ReadLimits) -> Survey:
    """Look at some pictures, evenly of all; where some have another depth, at all."""
    found, contrasts, deep = Survey(), Contrasts(), []
    for file in files[:: max(1, -(-len(files) // _LOOKED_AT))]:
        found.looked_at += 1
        try:
            picture = decoding.read(archive, file.member, limits)
        except decoding.Unreadable:
            continue
        height, width = picture.pixels.shape[:2]
        found.sizes.append((height, width))
        found.is_grey &= picture.is_grey
        contrasts.add(picture)
        deep.append(picture.is_deep)
    found.transparent, found.background = contrasts.count, contrasts.best()
    if any(deep):
        found.depth = shades.scale(_each(archive, files, limits))
    return found


def _each(archive: zipfile.ZipFile, files: Sequence[File], limits: ReadLimits) -> Iterator[Picture]:
    for file in files:
        try:
            yield decoding.read(archive, file.member, limits)
        except decoding.Unreadable:
            continue
