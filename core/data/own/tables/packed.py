"""A table in an archive or packed by itself: found, and unpacked to the scratch folder."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import IO, Any

from core.data.own.names import tidy
from core.data.own.tables.source import damaged
from core.errors import UnusableUpload

# Of a table's file, by its name.
TEXT_ENDINGS = (".csv", ".tsv", ".tab", ".txt", ".data", ".dat")
INNER_ENDINGS = (
    *TEXT_ENDINGS,
    ".json",
    ".jsonl",
    ".ndjson",
    ".xlsx",
    ".xlsm",
    ".xlsb",
    ".xls",
    ".ods",
    ".parquet",
    ".feather",
)
_OPENERS: dict[str, Callable[..., Any]] = {
    ".gz": gzip.open,
    ".bz2": bz2.open,
    ".xz": lzma.open,
}
ENDINGS = tuple(_OPENERS)
_TEXT_ABOUT = ("readme", "license", "licence", "changelog", "copying")
_IMAGE_ENDINGS = (
    ".png", ".jpg", ".jpeg", ".jfif", ".gif", ".bmp", ".webp", ".tif", ".tiff", ".avif", ".ppm",
    ".pgm",
)  # fmt: skip
_IMAGE_STARTS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF", b"II*\0", b"MM\0*")
_ANY_TEXT = (".txt", ".data", ".dat")
_MOST_LOOKED_AT, _STARTS_BYTES = 100, 1_000
_COPIED = 2**20
_MOST_PARTS = 200
BROKEN = (
    zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, NotImplementedError,
    zlib.error, lzma.LZMAError,
)  # fmt: skip


def tables_in(path: Path) -> tuple[str, ...]:
    """The names of the tables in the zip at `path`; none if it is no zip, or a damaged one."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            found = [one.filename for one in members if _is_table(archive, one)]
    except BROKEN:
        return ()
    about = [name for name in found if _stem(name).startswith(_TEXT_ABOUT)]
    return tuple([name for name in found if name not in about] or found)[:_MOST_PARTS]


def holds_images(path: Path) -> bool:
    """Whether there is an image in the zip at `path`, by its name or by its first bytes."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if any(one.filename.lower().endswith(_IMAGE_ENDINGS) for one in members):
                return True
            some = [one for one in members if not one.is_dir()][:_MOST_LOOKED_AT]
            return any(_start(archive, one).startswith(_IMAGE_STARTS) for one in some)
    except BROKEN:
        return False


def inner_name(name: str) -> str:
    """The name of what is packed in a file by itself: `a.csv` of `a.csv.gz`."""
    inner = PurePosixPath(name).stem
    return inner if PurePosixPath(inner.lower()).suffix in INNER_ENDINGS else f"{inner}.csv"


def largest(path: Path, parts: tuple[str, ...]) -> str:
    """The table that is probably meant: one called `train`, else the largest."""
    with zipfile.ZipFile(path) as archive:
        sizes = {name: archive.getinfo(name).file_size for name in parts}
    return max(parts, key=lambda name: ("train" in _stem(name), sizes[name]))


def unpacked(path: Path, name: str, part: str | None, target: Path, most_bytes: int) -> None:
    """Write what the file at `path` holds to `target`; `part` is the name within a zip.

    Raises:
        UnusableUpload: it is damaged, closed by a password, or unpacks to more than `most_bytes`.
    """
    try:
        if part is None:
            with _OPENERS[PurePosixPath(name.lower()).suffix](path) as packed:
                _copy(packed, target, name, most_bytes)
        else:
            with zipfile.ZipFile(path) as archive, archive.open(part) as packed:
                _copy(packed, target, name, most_bytes)
    except BROKEN as error:
        raise damaged(name, error) from error


def _copy(packed: IO[bytes], target: Path, name: str, most_bytes: int) -> None:
    left = most_bytes
    with target.open("wb") as file:
        while block := packed.read(_COPIED):
            left -= len(block)
            if left < 0:
                raise UnusableUpload(
                    f"{tidy(name)} unpacks to more than the {most_bytes / 1e6:,.0f} MB allowed. "
                    "Bring a smaller table, for example fewer rows."
                )
            file.write(block)


def _is_table(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    name = member.filename
    hidden = any(part.startswith((".", "__MACOSX", "@")) for part in PurePosixPath(name).parts)
    if hidden or not name.lower().endswith(INNER_ENDINGS):
        return False
    if not name.lower().endswith(_ANY_TEXT):
        return True
    start = _start(archive, member)  # notes and images have these endings, too
    return not start.startswith(_IMAGE_STARTS) and len(start.split()) > 1


def _start(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with archive.open(member) as file:
        return file.read(_STARTS_BYTES)


def _stem(name: str) -> str:
    return PurePosixPath(name.lower()).stem
