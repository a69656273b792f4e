"""The gzipped idx files MNIST-like sets are published in, read with every check.

The format: two zero bytes, a type code (8 for uint8), the number of axes, each axis as a
big-endian 32-bit integer, then the values (http://yann.lecun.com/exdb/mnist/).
"""

from __future__ import annotations

import gzip
import math
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from core.data.damaged import reason

_UINT8 = 8
Bytes = npt.NDArray[np.uint8]


class IdxError(ValueError):
    """A file is not the idx file it should be; the text names it and says why."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path.name} cannot be used: {reason}.")
        self.path, self.reason = path, reason


def read_labels(path: Path, count: int, classes: int) -> npt.NDArray[np.int64]:
    """Read `count` int64 labels, each from 0 to `classes` - 1.

    Raises:
        IdxError: the file is damaged or holds something else.
    """
    labels = read_idx(path, (count,))
    if labels.max(initial=0) >= classes:
        raise IdxError(path, f"it has label {labels.max()}, but labels go from 0 to {classes - 1}")
    return labels.astype(np.int64)


def read_idx(path: Path, shape: tuple[int, ...]) -> Bytes:
    """Read a gzipped idx file of uint8 values that must have exactly `shape`; read-only.

    Raises:
        IdxError: the file is damaged or holds something else.
    """
    start, size = 4 + 4 * len(shape), math.prod(shape)
    content = _content(path, start + size)
    _check_header(path, content[:start], shape)
    if len(content) != start + size:
        found = "fewer" if len(content) < start + size else "more"
        raise IdxError(path, f"it has {found} values than its header says")
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)


def _content(path: Path, size: int) -> bytes:
    """The unpacked file, but never more than one byte over `size`, whatever it unpacks to."""
    try:
        with gzip.open(path) as file:
            return file.read(size + 1)
    except EOFError:
        raise IdxError(path, "it ends too early, as after a broken download") from None
    except (OSError, zlib.error) as error:
        raise IdxError(path, f"it cannot be read as gzip ({reason(error)})") from error


def _check_header(path: Path, header: bytes, shape: tuple[int, ...]) -> None:
    magic = bytes((0, 0, _UINT8, len(shape)))
    if header[:4] != magic:
        raise IdxError(path, f"it starts with {header[:4].hex()} where idx has {magic.hex()}")
    found = tuple(np.frombuffer(header, ">u4", offset=4).tolist()) if len(header) % 4 == 0 else ()
    if found != shape:
        raise IdxError(
            path, f"it holds {_described(found)} values where {_described(shape)} belong"
        )


def _described(shape: tuple[int, ...]) -> str:
    return " × ".join(f"{size:,}" for size in shape) or "no"
