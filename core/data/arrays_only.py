"""Reads pickles of published sets: arrays, numbers, texts and lists of them, and nothing else.

A pickle is a program: the standard reader runs whatever functions it names. This one knows the
names that NumPy writes for an array, and none of them leads to NumPy: an array's parts are looked
at before it is made, since NumPy itself would take raw bytes for the addresses of objects.
"""

from __future__ import annotations

import math
import pickle
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import IO, Any

import numpy as np

_DTYPES = re.compile(r"[biu][1248]|f[248]|O8?")
_NDARRAY = object()  # what stands for the class, which a pickle must not call
_UNREADABLE = (
    pickle.UnpicklingError,
    AttributeError,
    EOFError,
    ImportError,
    IndexError,
    KeyError,
    MemoryError,
    OverflowError,
    TypeError,
    ValueError,
)


class NotArrays(ValueError):
    """A pickle is damaged, or holds something else than arrays; the text says what."""


def load_pickled_arrays(file: IO[bytes]) -> Any:
    """Read one pickle, by Python 2 or 3; nothing that it says is run.

    Texts of Python 2, keys too, come as bytes. Arrays are of whole numbers, floats or objects;
    those of objects hold lists, numbers, texts or arrays.

    Raises:
        NotArrays: it is damaged, or asks for anything but arrays.
    """
    try:
        return _plain(_Reader(file, encoding="bytes").load())
    except NotArrays:
        raise
    except _UNREADABLE as error:
        raise NotArrays(f"it is no pickle of arrays ({error})") from error


class _Array(np.ndarray[Any, np.dtype[Any]]):
    """An array that takes its contents from a pickle only if they fit."""

    def __setstate__(self, state: Any, /) -> None:
        _version, shape, dtype, is_fortran, content = state
        if not isinstance(dtype, _Dtype) or not isinstance(content, bytes | list):
            raise NotArrays("it has an array without values")
        kind, count = dtype.checked(), math.prod(_lengths(shape))
        is_of_objects = kind.kind == "O"
        size = count if is_of_objects else count * kind.itemsize
        if isinstance(content, list) is not is_of_objects or len(content) != size:
            raise NotArrays(f"it has an array of shape {shape} with other values")
        state = (1, shape, kind, bool(is_fortran), content)
        super().__setstate__(state)


class _Dtype:
    """The type of an array's values, as a pickle describes it."""

    def __init__(self, name: str | bytes, *_copying: object) -> None:
        text = name.decode("ascii") if isinstance(name, bytes) else name
        if not isinstance(text, str) or not _DTYPES.fullmatch(text):
            raise NotArrays(f"it has an array of {str(text)[:40]!r}")
        self._text = text
        self._order: Any = "="

    def __setstate__(self, state: Any) -> None:
        """Take the byte order; fields and sizes that would change the type are refused."""
        _version, order, *rest = state
        order = order.decode("ascii") if isinstance(order, bytes) else order
        if order not in ("<", ">", "|", "=") or any(part is not None for part in rest[:3]):
            raise NotArrays("it has an array of records")
        self._order = order

    def checked(self) -> np.dtype[Any]:
        """The type itself."""
        return np.dtype(self._text).newbyteorder(self._order)


class _Reader(pickle.Unpickler):
    """Knows the names that NumPy writes, old and new, and no others."""

    def find_class(self, module: str, name: str, /) -> Any:
        """What stands for a name.

        Raises:
            NotArrays: it is any other name.
        """
        found = _NAMES.get((module, name))
        if found is None:
            raise NotArrays(f"it asks for {module[:60]}.{name[:60]}, which is refused")
        # A function made for this call: a pickle could give a lasting one other attributes.
        return found if found is _NDARRAY else lambda *given: found(*given)  # noqa: PLW0108


def _reconstruct(kind: object, shape: Any, _typecode: object) -> _Array:
    """An empty array, as NumPy's function of this name makes before its contents come."""
    if kind is not _NDARRAY or shape != (0,):
        raise NotArrays("it has an array of another kind")
    return _Array((0,), np.int8)


def _encode(text: str, encoding: str) -> bytes:
    """Bytes, which Python 3 writes as text where Python 2 shall read them."""
    if encoding != "latin1":
        raise NotArrays(f"it has bytes as {str(encoding)[:40]!r}")
    return text.encode(encoding)


def _lengths(shape: Any) -> tuple[int, ...]:
    if not isinstance(shape, tuple) or any(type(one) is not int or one < 0 for one in shape):
        raise NotArrays("it has an array without a shape")
    return shape


def _plain(found: Any) -> Any:
    """An array, or the arrays in a mapping, as everybody knows them."""
    if isinstance(found, dict):
        return {key: _as_array(value) for key, value in found.items()}
    return _as_array(found)


def _as_array(found: Any) -> Any:
    return found.view(np.ndarray) if isinstance(found, _Array) else found


_NAMES: Mapping[tuple[str, str], Any] = MappingProxyType(
    {
        ("numpy.core.multiarray", "_reconstruct"): _reconstruct,
        ("numpy._core.multiarray", "_reconstruct"): _reconstruct,
        ("numpy", "ndarray"): _NDARRAY,
        ("numpy", "dtype"): _Dtype,
        ("_codecs", "encode"): _encode,
    }
)
