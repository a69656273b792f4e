"""A look at an archive of images: which classes it has, and what its images are like."""

from __future__ import annotations

import zipfile
from collections import Counter

import numpy as np

from core.data.own import archives
from core.data.own.facts import ImagesLook, ImagesReading
from core.data.own.images import files, formats, labels, readings
from core.data.own.images.files import Files
from core.data.own.images.layout import layout
from core.data.own.images.own_parts import divided, told
from core.data.own.images.previews import previews
from core.data.own.images.readings import Reading
from core.data.own.images.survey import survey
from core.data.own.names import tidy
from core.data.own.work import Work
from core.errors import UnusableUpload


def look(work: Work) -> ImagesLook:
    """The classes of the file, and what its images are like, by some of them.

    Raises:
        UnusableUpload: it cannot be used.
    """
    with archives.opened(work) as archive:
        there, ways = understood(archive, work)
        found = survey(archive, [one.file for one in ways[0].labelled], work.limits)
        shown = previews(archive, ways, found, work.limits)
    if not found.sizes:
        raise unreadable(work.name)
    height, width = np.median(found.sizes, axis=0).round().astype(int).tolist()
    by_pixels = sorted((width, height) for height, width in found.sizes)
    by_pixels.sort(key=lambda size: size[0] * size[1])
    return ImagesLook(
        readings=tuple(map(_for_people, ways)),
        width=width,
        height=height,
        smallest=by_pixels[0],
        largest=by_pixels[-1],
        is_grey=found.is_grey,
        transparent=found.transparent,
        background=found.background,
        warnings=(*there.warnings, *files.not_looked_at(there, ways[0].tables)),
        previews=shown,
    )


def understood(archive: zipfile.ZipFile, work: Work) -> tuple[Files, list[Reading]]:
    """The files of an archive, and the ways to read their classes.

    Raises:
        UnusableUpload: there are no images, or nothing says their classes.
    """
    there = files.found(archive)
    if not there.pictures:
        hint = " ".join(there.warnings)
        raise UnusableUpload(
            f"{tidy(work.name)} has no images in it: {formats.READ} are read. "
            f"{hint + ' ' if hint else ''}Pack a folder for each class, with its images in it."
        )
    laid = layout(there.pictures)
    by_tables = labels.readings(archive, there.tables, laid.placed, work)
    ways = readings.differing([*readings.by_folders(laid), *by_tables, *readings.by_names(laid)])
    ways.sort(key=lambda reading: not labels.is_likely(reading))
    if not ways:
        raise _no_classes(there, work.name)
    return there, ways


def unreadable(name: str) -> UnusableUpload:
    """What to say where no image at all could be read."""
    return UnusableUpload(
        f"{tidy(name)}: none of its images could be read. Open one of them in another program, and "
        "save them again as PNG or JPEG."
    )


def _no_classes(there: Files, name: str) -> UnusableUpload:
    folders = len({file.path[-2] for file in there.pictures if len(file.path) > 1})
    return UnusableUpload(
        f"{tidy(name)} has images in {folders} folder{'s' * (folders != 1)}; a folder for "
        "each class is needed, and at least two. Sort the images into folders named for "
        "their classes, and pack these; or name the files for their classes (cat.1.jpg, "
        "dog.1.jpg), or add a table labels.csv with a column of file names and one of classes."
    )


def _for_people(reading: Reading) -> ImagesReading:
    counts = Counter(one.label for one in reading.labelled)
    is_test = divided(reading.labelled)
    tests = Counter(
        one.label
        for one, tested in zip(reading.labelled, () if is_test is None else is_test, strict=False)
        if tested
    )
    return ImagesReading(
        key=reading.key,
        title=reading.title,
        classes=tuple((tidy(label), counts[label]) for label in reading.classes),
        tests=tuple(tests[label] for label in reading.classes) if tests else (),
        count=len(reading.labelled),
        task=reading.task,
        warnings=(*reading.warnings, *told(reading.labelled)),
    )
