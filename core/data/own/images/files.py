"""The files of an archive: pictures, tables that may label them, and what is left out of it."""

from __future__ import annotations

import zipfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from core.data.own.images import formats
from core.data.own.names import counted, listed, tidy
from core.data.own.zips import BROKEN

Path = tuple[str, ...]
# Folders and files that operating systems, storage devices and editors add.
_SYSTEM = {
    *("__macosx", "@eadir", "@tmp", "@recycle", "#recycle", "#snapshot", "$recycle.bin"),
    *("system volume information", "lost+found", "recycler", "recycled", "__pycache__"),
    *("_thumb", "_thumbs", "_thumbnail", "_thumbnails", "@__thumb"),
    *("thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "icon\r"),
}
_THUMBNAILS = {"thumb", "thumbs", "thumbnail", "thumbnails"}
_HALF = 0.5


@dataclass(frozen=True, eq=False)
class File:
    """A file in an archive, and the parts of its path."""

    path: Path
    member: zipfile.ZipInfo

    @cached_property
    def ending(self) -> str:
        """Of its name, in small letters: `.png`; empty where it has none."""
        start, point, end = self.path[-1].rpartition(".")
        return f".{end.lower()}" if start and point and end else ""

    @property
    def stem(self) -> str:
        """Its name without the ending of a picture."""
        name = self.path[-1]
        return name[: -len(self.ending)] if self.ending in formats.ENDINGS else name

    @property
    def shown(self) -> str:
        """Its path for people."""
        return tidy("/".join(self.path))


@dataclass(frozen=True, eq=False)
class Files:
    """Pictures, tables and other files in the order of their paths; `warnings` tell of the rest."""

    pictures: list[File]
    tables: list[File]
    others: list[File]
    warnings: tuple[str, ...]


def found(archive: zipfile.ZipFile) -> Files:
    """The files of an archive, told apart by their endings, and without one by their content."""
    every = [File(_path(member), member) for member in archive.infolist()]
    files = sorted((file for file in every if file.path), key=lambda file: file.path)
    hidden = [file for file in files if any(map(_is_system, file.path))]
    systems = set(hidden)
    visible = [file for file in files if file not in systems]
    pictures, by_content = [], []
    for file in visible:
        if file.ending in formats.ENDINGS:
            pictures.append(file)
        elif formats.unread(file.ending) is None and _is_picture(archive, file):
            by_content.append(file)
    thumbnails = _thumbnails(pictures)
    hidden += [file for file in pictures if file in thumbnails]
    pictures = sorted(
        (file for file in (*pictures, *by_content) if file not in thumbnails),
        key=lambda file: file.path,
    )
    taken = {*pictures, *thumbnails}
    rest = [file for file in visible if file not in taken]
    warnings = (*_hidden(hidden), *_by_content(by_content), *_unread(rest))
    tables = [file for file in rest if file.ending in formats.TABLES]
    others = [file for file in rest if formats.unread(file.ending) is None]
    return Files(pictures, tables, [file for file in others if file not in tables], warnings)


def not_looked_at(files: Files, used: Sequence[File]) -> list[str]:
    """What to say of files that are neither pictures nor tables in use."""
    others = [file for file in (*files.others, *files.tables) if file not in used]
    kinds = Counter(file.ending for file in sorted(others, key=lambda file: file.path))
    if not kinds:
        return []
    shown = listed(tidy(ending, "without ending") for ending in kinds)
    return [f"Not looked at, as they are no images: {counted(kinds.total(), 'file')} ({shown})."]


def _path(member: zipfile.ZipInfo) -> Path:
    """The parts of a file's path; none of a folder's."""
    if member.is_dir():
        return ()
    parts = member.filename.replace("\\", "/").split("/")
    return tuple(part for part in parts if part not in ("", "."))


def _is_system(part: str) -> bool:
    return part.startswith(".") or part.lower() in _SYSTEM


def _is_picture(archive: zipfile.ZipFile, file: File) -> bool:
    if not file.member.file_size or file.ending in (*formats.TABLES, *formats.OTHERS):
        return False
    try:
        with archive.open(file.member) as content:
            return formats.is_picture(content.read(formats.MAGIC_BYTES))
    except BROKEN:
        return False


def _thumbnails(pictures: Sequence[File]) -> set[File]:
    """Pictures in folders such as `thumbs`, beside larger ones of the same names."""
    beside: defaultdict[Path, list[File]] = defaultdict(list)
    for file in pictures:
        beside[file.path[:-1]].append(file)
    small: set[File] = set()
    for folder, files in beside.items():
        if folder and folder[-1].lower() in _THUMBNAILS:
            large = {file.stem for file in beside.get(folder[:-1], [])}
            same = [file for file in files if _without_thumb(file.stem) in large]
            if len(same) > _HALF * len(files):
                small.update(files)
    return small


def _without_thumb(stem: str) -> str:
    for word in ("thumbnail", "thumb", "small", "tn"):
        stem = stem.removeprefix(f"{word}_").removesuffix(f"_{word}")
    return stem


def _hidden(files: Sequence[File]) -> list[str]:
    if not files:
        return []
    parts = Counter(
        next((part for part in file.path if _is_system(part)), file.path[-2:][0]) for file in files
    )
    shown = listed(tidy(part) for part, _ in parts.most_common())
    return [
        "Left out, as systems add them beside the pictures (hidden files, thumbnails, bins): "
        f"{counted(len(files), 'file')} ({shown})."
    ]


def _by_content(files: Sequence[File]) -> list[str]:
    if not files:
        return []
    shown = listed((file.shown for file in files), 2)
    return [
        "Taken for images by their content, as their names do not end as those of images: "
        f"{counted(len(files), 'file')} ({shown})."
    ]


def _unread(others: Sequence[File]) -> list[str]:
    """What to say of pictures of kinds that are not read."""
    kinds: defaultdict[str, list[File]] = defaultdict(list)
    for file in others:
        if what := formats.unread(file.ending):
            kinds[what].append(file)
    return [
        f"Passed over, as {what} cannot be read here: {counted(len(files), 'file')} "
        f"({listed((file.shown for file in files), 2)}). Save them as PNG or JPEG to use them."
        for what, files in kinds.items()
    ]
