"""Pickles as Python 2 wrote them, by the opcodes that `pickletools` shows of CIFAR's files."""

from __future__ import annotations

import struct

import numpy as np

_EMPTY_ARRAY = b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R"
_UINT8 = (
    b"cnumpy\ndtype\nU\x02u1K\x00K\x01\x87R(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
)
Value = np.ndarray | list | bytes | int


def dumps(mapping: dict[bytes, Value]) -> bytes:
    """A mapping of uint8 matrices, lists, texts and whole numbers."""
    return b"\x80\x02}(" + b"".join(map(_of, [x for pair in mapping.items() for x in pair])) + b"u."


def _of(value: Value) -> bytes:
    match value:
        case bytes():
            return b"U" + bytes([len(value)]) + value
        case list():
            return b"](" + b"".join(map(_of, value)) + b"e"
        case np.ndarray():
            shape = b"".join(map(_of, value.shape)) + b"\x86"
            content = b"\x89T" + struct.pack("<i", value.nbytes) + value.tobytes()
            return _EMPTY_ARRAY + b"(K\x01" + shape + _UINT8 + content + b"tb"
    return b"J" + struct.pack("<i", value)
