"""What an uploaded file is: by its content, which its name must agree with."""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath

from core.data.own import archives, zips
from core.data.own.facts import Kind
from core.data.own.names import tidy
from core.data.own.tables import charsets, packed, records, sheets
from core.errors import UnusableUpload

_TEXTS = (*packed.TEXT_ENDINGS, *records.ENDINGS)
KINDS: dict[str, Kind] = {
    **dict.fromkeys((*_TEXTS, *sheets.ENDINGS), "table"),
    ".parquet": "table",
    ".feather": "table",
    **dict.fromkeys(packed.ENDINGS, "table"),
    ".zip": "images",  # or a table, if it holds one and no images
    ".npz": "arrays",
    **dict.fromkeys(archives.TARS, "images"),
}
ENDINGS = tuple(KINDS)
_ZIPS = (b"PK\x03\x04", b"PK\x05\x06")
_PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
# What files of these endings begin with.
_STARTS = {
    ".parquet": (b"PAR1",),
    ".feather": (b"ARROW1",),
    ".gz": (b"\x1f\x8b",),
    ".bz2": (b"BZh",),
    ".xz": (b"\xfd7zXZ",),
    **dict.fromkeys(sheets.ENDINGS, (*_ZIPS, _OLD_OFFICE)),
}
# First bytes of what is often uploaded by mistake.
_OTHERS = {
    b"PK\x03\x04": "a zip archive, as Excel's files are too",
    b"PK\x05\x06": "an empty zip archive",
    b"PAR1": "a Parquet file",
    b"\x93NUMPY": "a single NumPy array",
    b"\x89HDF": "an HDF5 file",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"%PDF": "a PDF document",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"\x80\x04": "a pickle, which may run any program",
    b"\x80\x05": "a pickle, which may run any program",
    b"\x7fELF": "a program",
    b"MZ": "a program",
    b"SQLite format": "an SQLite database",
}
_WANTED = (
    "Upload a table as CSV, Excel, JSON or Parquet, images as a zip with a folder for each class, "
    "or arrays as .npz."
)
_SAVE_AS = {
    **dict.fromkeys(_TEXTS, "save it as CSV"),
    **dict.fromkeys(sheets.ENDINGS, "save it again with the program it comes from"),
    **dict.fromkeys(packed.ENDINGS, "save it as CSV"),
    ".feather": "save it with pandas.DataFrame.to_feather",
    ".parquet": "save it with pandas.DataFrame.to_parquet",
    ".zip": "pack the folders of images as zip",
    **dict.fromkeys(archives.TARS, "pack the folders of images as zip"),
    ".npz": "save it with numpy.savez_compressed",
}
_LOOKED_AT = 4096


def kind_of(path: Path, name: str) -> Kind:
    """What the file at `path`, which its owner calls `name`, is to be read as.

    Raises:
        UnusableUpload: it is empty, of no known kind, or not what its name says.
    """
    ending = _ending(name)
    shown = tidy(name)
    if ending not in KINDS:
        raise UnusableUpload(f"{shown}: files of this kind cannot be read. {_WANTED}")
    with path.open("rb") as file:
        start = file.read(_LOOKED_AT)
    if not start:
        raise UnusableUpload(f"{shown} is empty. {_WANTED}")
    if start.startswith(_ZIPS) and KINDS[ending] != "table" and not zipfile.is_zipfile(path):
        raise UnusableUpload(
            f"{shown} is damaged: it is cut short. Pack it again and upload it once more."
        )
    if not _agrees(ending, start):
        raise UnusableUpload(
            f"{shown} is not the {ending} file its name says: it looks like {_described(start)}. "
            f"Choose the right file, or {_SAVE_AS[ending]} and upload that."
        )
    return _inside(path) if ending == ".zip" else KINDS[ending]


def _ending(name: str) -> str:
    """The end of a name that says the kind: `.csv`, `.tar.gz`."""
    tar = next((ending for ending in archives.TARS if name.lower().endswith(ending)), None)
    return tar or PurePosixPath(name.lower()).suffix


def _inside(path: Path) -> Kind:
    """What a zip holds: images, or else arrays or a table if it has some."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except zips.BROKEN:
        return "images"  # which tells what is wrong
    if archives.holds_pictures(names):
        return "images"
    if archives.holds_arrays(names):
        return "arrays"
    return "table" if packed.tables_in(path) and not packed.holds_images(path) else "images"


def _agrees(ending: str, start: bytes) -> bool:
    if ending in archives.TARS:
        return start.startswith(_PACKED) or start[257:262] == b"ustar"
    if ending == ".xls" and _is_text(start):  # many programs name text so, for Excel to open it
        return True
    return _is_text(start) if ending in _TEXTS else start.startswith(_STARTS.get(ending, _ZIPS))


def _is_text(start: bytes) -> bool:
    if any(start.startswith(magic) for magic in _OTHERS):
        return start.startswith(b"MZ") and start.isascii()
    return b"\0" not in start or charsets.may_be_wide(start)


def _described(start: bytes) -> str:
    for magic, words in _OTHERS.items():
        if start.startswith(magic):
            return words
    if start.lstrip()[:1] == b"<":
        return "a web page"
    return "binary data" if b"\0" in start else "text"
