"""The arrays of an archive: what their headers say, and their values on the disk."""

from __future__ import annotations

import math
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from tokenize import TokenError
from typing import IO, Any

import numpy as np

from core.data.arrays import Array
from core.data.own import zips
from core.data.own.work import Work

_COPIED = 4 * 2**20
_MOST = 200
# A header is a Python literal: what reading one may raise besides.
_BROKEN_HEADER = (*zips.BROKEN, TokenError, SyntaxError, TypeError, KeyError, AttributeError)
_HEADER_READERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


@dataclass(frozen=True, eq=False)
class Stored:
    """An array in an archive: what its header says, before any of it is read."""

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    fortran_order: bool
    archive: zipfile.ZipFile
    member: str

    @property
    def size_bytes(self) -> int:
        """The size of the values."""
        return math.prod(self.shape) * self.dtype.itemsize


@contextmanager
def opened(work: Work) -> Iterator[dict[str, Stored]]:
    """All arrays of the archive at `work.path` by name; those in an `.npz` in it, too.

    Raises:
        UnusableUpload: it is damaged.
    """
    with ExitStack() as stack:
        archive = stack.enter_context(zips.opened(work.path, work.name, work.limits))
        found = _arrays(archive, "", work)
        inner = [name for name in _visible(archive) if name.lower().endswith(".npz")]
        for number, name in enumerate(inner[:_MOST]):
            path = work.scratch / f"inner-{number}.npz"
            try:
                with archive.open(name) as packed, path.open("wb") as unpacked:
                    shutil.copyfileobj(packed, unpacked, _COPIED)
            except zips.BROKEN as error:
                raise zips.damaged(work.name, error) from error
            one = stack.enter_context(zips.opened(path, name, work.limits))
            found |= _arrays(one, _stem(name), work)
        yield found


def _visible(archive: zipfile.ZipFile) -> list[str]:
    return [
        name
        for name in archive.namelist()
        if not any(part.startswith((".", "__MACOSX")) for part in name.split("/"))
    ]


def _stem(name: str) -> str:
    return name.rpartition("/")[2].rpartition(".")[0]


def _arrays(archive: zipfile.ZipFile, outer: str, work: Work) -> dict[str, Stored]:
    """The arrays of one archive, in its order; `outer` is the name of an archive it is in."""
    members = [name for name in _visible(archive) if name.lower().endswith(".npy")]
    found: dict[str, Stored] = {}
    for member in members[:_MOST]:
        name = _stem(member)
        if outer:
            name = outer if len(members) == 1 else f"{outer}_{name}"
        try:
            with archive.open(member) as file:
                shape, fortran_order, dtype = _read_header(file, name)
        except _BROKEN_HEADER as error:
            raise zips.damaged(work.name, error) from error
        found.setdefault(name, Stored(name, shape, dtype, fortran_order, archive, member))
    return found


def _read_header(file: IO[bytes], name: str) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    version = np.lib.format.read_magic(file)
    if version not in _HEADER_READERS:
        raise ValueError(f"{name} is of the unknown version {version}")
    return _HEADER_READERS[version](file)


def mapped(stored: Stored, work: Work) -> Array:
    """The array unpacked into the scratch folder and mapped from there, whatever its size.

    Raises:
        UnusableUpload: it is damaged.
    """
    path = work.scratch / f"array-{sha256(stored.name.encode()).hexdigest()[:16]}.raw"
    try:
        with stored.archive.open(stored.member) as packed, path.open("wb") as file:
            _read_header(packed, stored.name)
            left = stored.size_bytes
            while left and (block := packed.read(min(left, _COPIED))):
                file.write(block)
                left -= len(block)
    except zips.BROKEN as error:
        raise zips.damaged(work.name, error) from error
    if left:
        raise zips.damaged(work.name, EOFError(f"{stored.name} ends too early"))
    array: Array = np.memmap(
        path, stored.dtype, "r", shape=stored.shape, order="F" if stored.fortran_order else "C"
    )
    return array


def joined(arrays: list[Array], work: Work, name: str) -> Array:
    """Arrays of like samples as one, in the scratch folder where there are several."""
    if len(arrays) == 1:
        return arrays[0]
    dtype = np.result_type(*arrays)
    path = work.scratch / f"joined-{name}.raw"
    with path.open("wb") as file:
        for array in arrays:
            rows = max(1, _COPIED // max(1, array[:1].nbytes))
            for start in range(0, len(array), rows):
                file.write(np.ascontiguousarray(array[start : start + rows], dtype).tobytes())
    shape = (sum(map(len, arrays)), *arrays[0].shape[1:])
    whole: Array = np.memmap(path, dtype, "r", shape=shape)
    return whole
