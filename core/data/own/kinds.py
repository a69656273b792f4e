"""What an uploaded file is: by its content, which its name must agree with."""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath

from core.data.own import archives, zips
from core.data.own.facts import Kind
from core.data.own.names import tidy
from core.errors import UnusableUpload

KINDS: dict[str, Kind] = {
    ".csv": "table",
    ".parquet": "table",
    ".zip": "images",
    ".npz": "arrays",
    **dict.fromkeys(archives.TARS, "images"),
}
ENDINGS = tuple(KINDS)
_ZIPS = (b"PK\x03\x04", b"PK\x05\x06")
_PARQUET = b"PAR1"
_PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
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
    "Upload a table as CSV or Parquet, images as a zip with a folder for each class, or arrays "
    "as .npz."
)
_SAVE_AS = {
    ".csv": "save it as CSV",
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
    """What a zip holds: images, or else arrays if it has some."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except zips.BROKEN:
        return "images"  # which tells what is wrong
    is_arrays = archives.holds_arrays(names) and not archives.holds_pictures(names)
    return "arrays" if is_arrays else "images"


def _agrees(ending: str, start: bytes) -> bool:
    if ending in archives.TARS:
        return start.startswith(_PACKED) or start[257:262] == b"ustar"
    if ending == ".csv":
        return _is_text(start)
    if ending == ".parquet":
        return start.startswith(_PARQUET)
    return start.startswith(_ZIPS)


def _is_text(start: bytes) -> bool:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16 says so in its first two bytes
        return True
    return b"\0" not in start and not any(start.startswith(magic) for magic in _OTHERS)


def _described(start: bytes) -> str:
    for magic, words in _OTHERS.items():
        if start.startswith(magic):
            return words
    if start.lstrip()[:1] == b"<":
        return "a web page"
    return "binary data" if b"\0" in start else "text"
