"""Zip archives of strangers: checked before anything is read, never unpacked to their paths."""

from __future__ import annotations

import lzma
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.data.own.limits import ReadLimits
from core.data.own.names import tidy
from core.errors import UnusableUpload

# What `zipfile` and what it calls raise where an archive is broken.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    NotImplementedError,  # packed in a way Python does not know
    RuntimeError,  # encrypted after all
)
RATIO = 200
_SMALL = 20 * 2**20
_ENCRYPTED = 0x1
_DRIVE = re.compile("[A-Za-z]:")


@contextmanager
def opened(path: Path, name: str, limits: ReadLimits) -> Iterator[zipfile.ZipFile]:
    """The archive at `path`, after all checks that its directory allows.

    Raises:
        UnusableUpload: it is damaged, encrypted, larger inside than allowed, or its names lead
            out of it.
    """
    try:
        archive = zipfile.ZipFile(path)
    except BROKEN as error:
        raise damaged(name, error) from error
    with archive:
        members = archive.infolist()
        _check_sizes(members, path.stat().st_size, name, limits)
        for member in members:
            _check_member(member, name)
        yield archive


def damaged(name: str, error: Exception) -> UnusableUpload:
    """What to say of an archive that `zipfile` cannot read."""
    return UnusableUpload(
        f"{tidy(name)} is damaged: {tidy(str(error), 'it cannot be unpacked')}. Pack it again and "
        "upload it once more."
    )


def _check_sizes(
    members: list[zipfile.ZipInfo], packed: int, name: str, limits: ReadLimits
) -> None:
    if len(members) > limits.files:
        raise UnusableUpload(
            f"{tidy(name)} has {len(members):,} files, but at most {limits.files:,} are allowed. "
            "Upload fewer."
        )
    unpacked, most = sum(member.file_size for member in members), 4 * limits.upload_bytes
    if unpacked > most:
        raise UnusableUpload(
            f"{tidy(name)} unpacks to {unpacked / 1e6:,.0f} MB, but at most {most / 1e6:,.0f} MB "
            "are allowed. Upload less."
        )
    check_ratio(unpacked, packed, name)


def check_ratio(unpacked: int, packed: int, name: str) -> None:
    """Whether an archive unpacks to no more than real data do.

    Raises:
        UnusableUpload: it unpacks to more, as a zip bomb does.
    """
    if unpacked > _SMALL and unpacked > RATIO * packed:
        raise UnusableUpload(
            f"{tidy(name)} unpacks to {unpacked // max(1, packed):,} times its size, as a zip bomb "
            f"does; at most {RATIO} times is allowed. Upload real data."
        )


def _check_member(member: zipfile.ZipInfo, name: str) -> None:
    # zipfile cuts a name at a zero byte and turns backslashes only on Windows.
    path = member.orig_filename.replace("\\", "/")
    if path.startswith("/") or ".." in path.split("/") or _DRIVE.match(path.lstrip("./")):
        raise _refused(
            member, name, "leads out of the archive", "the folder again, with plain names"
        )
    if stat.S_ISLNK(member.external_attr >> 16):
        hint = "the files themselves, without links"
        raise _refused(member, name, "is a link to another file", hint)
    if member.flag_bits & _ENCRYPTED:
        raise _refused(member, name, "is encrypted", "it again without a password")


def _refused(member: zipfile.ZipInfo, name: str, what: str, to_pack: str) -> UnusableUpload:
    return UnusableUpload(f"{tidy(name)}: {tidy(member.orig_filename)} {what}. Pack {to_pack}.")
