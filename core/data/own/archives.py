"""Archives in other forms made into one zip: tar files, packed or not, and zips of zips."""

from __future__ import annotations

import shutil
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from core.data.own import zips
from core.data.own.images import formats
from core.data.own.names import tidy
from core.data.own.work import Work
from core.errors import UnusableUpload

TARS = (".tar", ".tgz", ".tar.gz", ".tbz2", ".tar.bz2", ".txz", ".tar.xz")
ARRAYS = (".npy", ".npz")
_BROKEN = (tarfile.TarError, *zips.BROKEN)
_COPIED = 2**20


@contextmanager
def opened(work: Work) -> Iterator[zipfile.ZipFile]:
    """The archive of images at `work.path`; what is no plain zip is made one in the scratch folder.

    Raises:
        UnusableUpload: see `zips.opened`.
    """
    path = _of_tar(work) if is_tar(work.name) else work.path
    with zips.opened(path, work.name, work.limits) as archive:
        inner = _zips_alone(archive)
        if not inner:
            yield archive
            return
        path = _of_zips(archive, inner, work)
    with zips.opened(path, work.name, work.limits) as archive:
        yield archive


def is_tar(name: str) -> bool:
    """Whether a file is called like a tar archive."""
    return name.lower().endswith(TARS)


def holds_pictures(names: list[str]) -> bool:
    """Whether an archive of files of these names has pictures in it, or archives of them."""
    endings = {_ending(name) for name in names if not _is_hidden(name)}
    return bool(endings.intersection((*formats.ENDINGS, ".zip")))


def holds_arrays(names: list[str]) -> bool:
    """Whether an archive of files of these names has NumPy's arrays in it."""
    return any(name.lower().endswith(ARRAYS) for name in names if not _is_hidden(name))


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "__MACOSX")) or "/." in name


def _ending(name: str) -> str:
    return f".{name.lower().rpartition('.')[2]}"


class _Target:
    """A zip that is written, and never more than the limits allow."""

    def __init__(self, archive: zipfile.ZipFile, work: Work) -> None:
        self._archive, self._name, self._limits = archive, work.name, work.limits
        self._packed = work.path.stat().st_size
        self._bytes = self._count = 0

    def add(self, path: str, size: int, content: IO[bytes]) -> None:
        """Copy a file of so many bytes.

        Raises:
            UnusableUpload: all files together are too many or too large.
        """
        self._count += 1
        self._bytes += size
        most = 4 * self._limits.upload_bytes
        if self._count > self._limits.files or self._bytes > most:
            raise UnusableUpload(
                f"{tidy(self._name)} unpacks to more than {most / 1e6:,.0f} MB or "
                f"{self._limits.files:,} files, the most that are allowed. Upload less."
            )
        zips.check_ratio(self._bytes, self._packed, self._name)
        with self._archive.open(zipfile.ZipInfo(path), "w", force_zip64=size > 2**30) as file:
            shutil.copyfileobj(content, file, _COPIED)


def _of_tar(work: Work) -> Path:
    path = work.scratch / "tar.zip"
    try:
        with tarfile.open(work.path, "r|*") as tar, zipfile.ZipFile(path, "w") as archive:
            target = _Target(archive, work)
            for member in tar:
                if member.isdir():
                    continue
                content = tar.extractfile(member) if member.isreg() else None
                if content is None:
                    raise UnusableUpload(
                        f"{tidy(work.name)}: {tidy(member.name)} is a link to another file, or no "
                        "file. Pack the files themselves, without links."
                    )
                target.add(member.name, member.size, content)
            if tar.fileobj and tar.fileobj.tell() % tarfile.BLOCKSIZE:
                raise tarfile.ReadError("it is cut short")
    except _BROKEN as error:
        raise zips.damaged(work.name, error) from error
    return path


def _zips_alone(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The zips in an archive that has no images beside them."""
    members = [one for one in archive.infolist() if not _is_hidden(one.filename)]
    endings = [_ending(one.filename) for one in members]
    if set(endings).intersection(formats.ENDINGS):
        return []
    return [one for one, ending in zip(members, endings, strict=True) if ending == ".zip"]


def _of_zips(archive: zipfile.ZipFile, inner: list[zipfile.ZipInfo], work: Work) -> Path:
    """All files of the zips in a zip, each in a folder named for its zip, and those beside them."""
    path, offsets = work.scratch / "zips.zip", {member.header_offset for member in inner}
    try:
        with zipfile.ZipFile(path, "w") as whole:
            target = _Target(whole, work)
            for member in archive.infolist():
                if member.header_offset in offsets:
                    _add_zip(target, archive, member, work)
                elif not member.is_dir():
                    with archive.open(member) as content:
                        target.add(member.filename, member.file_size, content)
    except zips.BROKEN as error:
        raise zips.damaged(work.name, error) from error
    return path


def _add_zip(
    target: _Target, archive: zipfile.ZipFile, member: zipfile.ZipInfo, work: Work
) -> None:
    path, folder = work.scratch / "inner.zip", member.filename[: -len(".zip")]
    with archive.open(member) as packed, path.open("wb") as unpacked:
        shutil.copyfileobj(packed, unpacked, _COPIED)
    with zips.opened(path, member.filename, work.limits) as inner:
        for one in inner.infolist():
            if not one.is_dir():
                with inner.open(one) as content:
                    target.add(f"{folder}/{one.filename}", one.file_size, content)
