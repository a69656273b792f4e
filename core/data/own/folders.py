"""Which files of a zip are images, and of which class: by the folders they are in."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from core.data.own.names import counted, listed, tidy
from core.errors import UnusableUpload

# Those that Keras reads.
FORMATS = (".bmp", ".gif", ".jpeg", ".jpg", ".png")
# Folders that divide a set; classes are the folders inside them.
_DIVISIONS = {"train", "training", "test", "testing", "val", "valid", "validation"}

_Path = tuple[str, ...]
_Found = list[tuple[_Path, zipfile.ZipInfo]]


@dataclass(frozen=True, eq=False)
class Folders:
    """Images in the order of their paths, each with the number of its class in `classes`."""

    images: list[tuple[zipfile.ZipInfo, int]]
    classes: tuple[str, ...]
    warnings: tuple[str, ...]


def found(members: Sequence[zipfile.ZipInfo], name: str) -> Folders:
    """Find the classes; folders that wrap all others are looked through.

    Raises:
        UnusableUpload: there are no images, or no two folders of them.
    """
    files = sorted(((_path(member), member) for member in members), key=lambda file: file[0])
    visible = [file for file in files if file[0] and not any(map(_is_hidden, file[0]))]
    images = [file for file in visible if file[0][-1].lower().endswith(FORMATS)]
    if not images:
        raise UnusableUpload(
            f"{tidy(name)} has no images in it: {listed(FORMATS)} are read. Pack a folder for "
            "each class, with its images in it."
        )
    warnings = _others(visible)
    inner = _unwrapped(images)
    if divisions := _divisions(inner):
        inner = [(path[1:], member) for path, member in inner]
        warnings.append(
            f"The folders {listed(divisions)} were put together: a test part is drawn anew here, "
            "and a validation part when training."
        )
    in_folders = [(path, member) for path, member in inner if len(path) > 1]
    if loose := len(inner) - len(in_folders):
        warnings.append(
            f"Left out, as they are in no folder of a class: {counted(loose, 'image')}."
        )
    classes = tuple(sorted({path[0] for path, _ in in_folders}))
    if len(classes) < 2:
        raise UnusableUpload(
            f"{tidy(name)} has images in {len(classes)} folder{'s' * (not classes)}; a folder for "
            "each class is needed, and at least two. Sort the images into folders named for "
            "their classes, and pack these."
        )
    numbers = {label: number for number, label in enumerate(classes)}
    labelled = [(member, numbers[path[0]]) for path, member in in_folders]
    return Folders(labelled, classes, tuple(warnings))


def _path(member: zipfile.ZipInfo) -> _Path:
    """The parts of a file's path; none of a folder's."""
    return () if member.is_dir() else PurePosixPath(member.filename.replace("\\", "/")).parts


def _is_hidden(part: str) -> bool:
    return part.startswith(".") or part == "__MACOSX"


def _others(visible: _Found) -> list[str]:
    """What to say of files that are no images."""
    endings = [PurePosixPath(path[-1]).suffix.lower() for path, _ in visible]
    others = Counter(ending for ending in endings if ending not in FORMATS)
    if not others:
        return []
    kinds = listed(tidy(ending, "without ending") for ending in others)
    return [f"Not looked at, as they are no images: {counted(others.total(), 'file')} ({kinds})."]


def _unwrapped(images: _Found) -> _Found:
    """Without the folders that hold everything: `main/a/1.jpg` is `a/1.jpg`."""
    while len({path[0] for path, _ in images}) == 1 and min(len(path) for path, _ in images) > 2:
        images = [(path[1:], member) for path, member in images]
    return images


def _divisions(images: _Found) -> list[str]:
    """The folders `train`, `test` and the like, if there are two or more and no others."""
    tops = sorted({path[0] for path, _ in images})
    if len(tops) > 1 and all(len(path) > 2 for path, _ in images):
        return tops if _DIVISIONS.issuperset(top.lower() for top in tops) else []
    return []
