"""A few small pictures of a set, as they will be read, to look at before it is added."""

from __future__ import annotations

import base64
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Sequence

from core.data.own.facts import PREVIEW_SIDE, Background, ImagesPreview
from core.data.own.images import decoding, resizing, shades
from core.data.own.images.decoding import Picture
from core.data.own.images.files import File
from core.data.own.images.readings import Reading
from core.data.own.images.shades import Scale
from core.data.own.images.survey import Survey
from core.data.own.limits import ReadLimits
from core.data.own.names import tidy

_MOST = 12
_BLACK: Background = "black"
_WHITE: Background = "white"


def previews(
    archive: zipfile.ZipFile, ways: Sequence[Reading], found: Survey, limits: ReadLimits
) -> tuple[ImagesPreview, ...]:
    """Some pictures of each class of the first way, with what each way says of them."""
    labels = [
        {one.file.member.header_offset: one.label for one in reading.labelled} for reading in ways
    ]
    made = []
    for file in _chosen(ways[0]):
        try:
            picture = decoding.read(archive, file.member, limits)
        except decoding.Unreadable:
            continue
        black, white = (_small(picture, behind, found.depth) for behind in (_BLACK, _WHITE))
        said = [one.get(file.member.header_offset) for one in labels]
        made.append(
            ImagesPreview(
                file.shown,
                base64.b64encode(black).decode(),
                base64.b64encode(white).decode(),
                tuple("" if label is None else tidy(label) for label in said),
            )
        )
    return tuple(made)


def _small(picture: Picture, behind: Background, depth: Scale | None) -> bytes:
    """RGB of `PREVIEW_SIDE` squared pixels, with margins where it is not square."""
    flat = shades.flat(picture, behind, depth)
    square = resizing.fitted(flat, "pad", shades.BACKGROUNDS[behind])
    return resizing.resized(square, (PREVIEW_SIDE, PREVIEW_SIDE, 3)).tobytes()


def _chosen(reading: Reading) -> Iterator[File]:
    """Pictures of as many classes as there is room for, in the order of the classes."""
    classes: defaultdict[str, list[File]] = defaultdict(list)
    for one in reading.labelled:
        classes[one.label].append(one.file)
    shown = reading.classes[:_MOST]
    each = max(1, _MOST // len(shown))
    for label in shown:
        files = classes[label]
        yield from files[:: max(1, len(files) // each)][:each]
