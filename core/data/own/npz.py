"""A visitor's arrays in an `.npz`: `x` and `y`, or both for training and for testing."""

from __future__ import annotations

import math
import zipfile
from dataclasses import dataclass
from tokenize import TokenError
from typing import IO, Any

import numpy as np

from core.data.arrays import Array, Indices
from core.data.own import missing, parts, pixels, targets, zips
from core.data.own.facts import ArraysChoices, ArraysLook, OwnFacts
from core.data.own.names import listed, tidy
from core.data.own.parts import Encode, Part
from core.data.own.targets import Target
from core.data.own.work import Outcome, Work
from core.errors import UnusableUpload

_NUMBERS, _TEXT = "biuf", "US"
_LONGEST_TEXT_BYTES = 1_000
_MOST_AXES = 4
_COPIED = 4 * 2**20
# A header is a Python literal: what reading one may raise besides.
_BROKEN_HEADER = (*zips.BROKEN, TokenError, SyntaxError, TypeError, KeyError, AttributeError)
_HEADER_READERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


@dataclass(frozen=True)
class Header:
    """What the header of an array says, before any of it is read."""

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    fortran_order: bool

    @property
    def size_bytes(self) -> int:
        """The size of the values."""
        return math.prod(self.shape) * self.dtype.itemsize


def look(work: Work) -> ArraysLook:
    """The arrays of the file and what its `y` seems to be.

    Raises:
        UnusableUpload: it cannot be used.
    """
    with zips.opened(work.path, work.name, work.limits) as archive:
        headers = _headers(archive, work)
        y = _mapped(archive, headers["y" if "y" in headers else "y_train"], work)
    one_hot = y.ndim == 2 and y.shape[1] > 1
    return ArraysLook(
        arrays=tuple((one.name, one.shape, str(one.dtype)) for one in headers.values()),
        task="classification" if one_hot else targets.likely_task(y.reshape(-1)),
        is_divided="x_train" in headers,
    )


def convert(work: Work, choices: ArraysChoices) -> Outcome:
    """Write the arrays of the file.

    Raises:
        UnusableUpload: it cannot be used.
    """
    with zips.opened(work.path, work.name, work.limits) as archive:
        arrays = {}
        for name, header in _headers(archive, work).items():
            arrays[name] = _mapped(archive, header, work)
            work.progress(0.1 * len(arrays))
    xs = [array for name, array in arrays.items() if name.startswith("x")]
    y = _flat_targets([array for name, array in arrays.items() if name.startswith("y")], work)
    rows = parts.sampled(len(y), _most(xs[0], work), work.seed)
    target = _target(y[rows], choices, work)
    train, test = _divided(xs, rows[target.kept], target, work)
    encode, facts, warnings = _encoding(xs, train, work)
    parts.write(work.folder, train, test, encode, lambda share: work.progress(0.4 + 0.6 * share))
    if len(rows) < len(y):
        warnings = (f"{len(rows):,} of {len(y):,} samples are used, drawn at random.", *warnings)
    shape, features, value_range = facts
    return Outcome(
        OwnFacts(
            choices.task,
            shape,
            target.classes,
            features,
            value_range,
            len(train.rows),
            len(test.rows),
        ),
        (*warnings, *target.warnings),
    )


def _headers(archive: zipfile.ZipFile, work: Work) -> dict[str, Header]:
    """The headers of the arrays wanted, by name, x before y; all are checked."""
    there = {name.removesuffix(".npy") for name in archive.namelist()}
    for wanted in (("x", "y"), ("x_train", "x_test", "y_train", "y_test")):
        if there.issuperset(wanted):
            found = {name: _header(archive, name, work) for name in wanted}
            _check_lengths(found, work)
            return found
    has = f"the arrays {listed(map(tidy, sorted(there)))}" if there else "no arrays"
    raise UnusableUpload(
        f"{tidy(work.name)} has {has}; x and y "
        "are needed, or x_train, y_train, x_test and y_test. Save it with "
        "numpy.savez_compressed(name, x=x, y=y)."
    )


def _header(archive: zipfile.ZipFile, name: str, work: Work) -> Header:
    try:
        with archive.open(f"{name}.npy") as file:
            header = _read_header(file, name)
    except _BROKEN_HEADER as error:
        raise zips.damaged(work.name, error) from error
    wanted = _NUMBERS if name.startswith("x") else _NUMBERS + _TEXT
    if header.dtype.kind not in wanted or header.dtype.itemsize > _LONGEST_TEXT_BYTES:
        raise UnusableUpload(
            f"{tidy(work.name)}: {name} has values of type {tidy(str(header.dtype))}; "
            f"numbers{'' if name.startswith('x') else ' or short texts'} are needed. Objects are "
            "never read, as they may run programs. Convert it with astype before saving."
        )
    axes = _MOST_AXES if name.startswith("x") else 2
    if not 1 <= len(header.shape) <= axes or 0 in header.shape:
        shown = " × ".join(map(str, header.shape)) or "a single value"
        raise UnusableUpload(
            f"{tidy(work.name)}: {name} is {shown}, but it must have 1 to {axes} axes, the first "
            "of which counts the samples, and none of which is 0."
        )
    return header


def _read_header(file: IO[bytes], name: str) -> Header:
    version = np.lib.format.read_magic(file)
    if version not in _HEADER_READERS:
        raise ValueError(f"{name} is of the unknown version {version}")
    shape, fortran_order, dtype = _HEADER_READERS[version](file)
    return Header(name, shape, dtype, fortran_order)


def _check_lengths(headers: dict[str, Header], work: Work) -> None:
    for name, header in headers.items():
        x = headers[name.replace("y", "x", 1)]
        if header.shape[0] != x.shape[0]:
            raise UnusableUpload(
                f"{tidy(work.name)}: {x.name} has {x.shape[0]:,} samples, but {name} has "
                f"{header.shape[0]:,}. Save arrays that belong together."
            )
        other = headers.get(name.replace("train", "test"), header)
        if (other.shape[1:], _sort(other)) != (header.shape[1:], _sort(header)):
            raise UnusableUpload(
                f"{tidy(work.name)}: {name} and {other.name} have samples of other shapes or "
                "types. Save arrays that belong together."
            )


def _sort(header: Header) -> str:
    """What the two parts must have in common: x its kind of numbers, y being numbers or texts."""
    kind = header.dtype.kind
    return kind if header.name.startswith("x") or kind in _TEXT else _NUMBERS


def _mapped(archive: zipfile.ZipFile, header: Header, work: Work) -> Array:
    """The array unpacked into the scratch folder and mapped from there, whatever its size."""
    path = work.scratch / f"{header.name}.raw"
    try:
        with archive.open(f"{header.name}.npy") as packed, path.open("wb") as file:
            _read_header(packed, header.name)
            left = header.size_bytes
            while left and (block := packed.read(min(left, _COPIED))):
                file.write(block)
                left -= len(block)
    except zips.BROKEN as error:
        raise zips.damaged(work.name, error) from error
    if left:
        raise zips.damaged(work.name, EOFError(f"{header.name} ends too early"))
    array: Array = np.memmap(
        path, header.dtype, "r", shape=header.shape, order="F" if header.fortran_order else "C"
    )
    return array


def _most(x: Array, work: Work) -> int:
    """How many samples may be kept: by their number, and by their size."""
    row = math.prod(x.shape[1:]) * (1 if x.ndim > 2 else 4) + 8
    return max(1, min(work.limits.samples, work.limits.unpacked_bytes // row))


def _flat_targets(ys: list[Array], work: Work) -> Array:
    """All targets, (n,); classes as numbers where they were one-hot."""
    y: Array = np.concatenate(ys)
    if y.ndim == 1 or y.shape[1] == 1:
        return y.reshape(-1)
    if y.dtype.kind in _NUMBERS and np.all((y == 0) | (y == 1)) and np.all(y.sum(axis=1) == 1):
        return np.asarray(y.argmax(axis=1))
    raise UnusableUpload(
        f"{tidy(work.name)}: y has {y.shape[1]:,} values for each sample; one is needed, or "
        "classes as ones and zeros (one-hot). Choose one column as y."
    )


def _target(y: Array, choices: ArraysChoices, work: Work) -> Target:
    if choices.task == "regression":
        if y.dtype.kind in _TEXT:
            raise UnusableUpload(
                f"{tidy(work.name)}: y holds texts, which cannot be predicted as numbers. Choose "
                "classes as the task."
            )
        return targets.numbers(y)
    return targets.classes(*_coded(y), work.limits)


def _coded(y: Array) -> tuple[Array, list[str]]:
    """Numbers of classes, -1 where there is none, and the names that these lead into."""
    there = np.isfinite(y) if y.dtype.kind == "f" else np.ones(len(y), bool)
    found, inverse = np.unique(y[there], return_inverse=True)
    codes = np.full(len(y), -1, np.int64)
    codes[there] = inverse
    return codes, [_class_name(value) for value in found]


def _class_name(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return f"{value:.10g}" if isinstance(value, np.floating) else str(value)


def _divided(xs: list[Array], kept: Indices, target: Target, work: Work) -> tuple[Part, Part]:
    """The parts that the file brings, or else drawn ones."""
    if len(xs) == 1:
        train, test = parts.divided(target.values, work.seed)
        return (
            Part(xs[0], kept[train], target.values[train]),
            Part(xs[0], kept[test], target.values[test]),
        )
    is_train = kept < len(xs[0])
    found = (
        Part(xs[0], kept[is_train], target.values[is_train]),
        Part(xs[1], kept[~is_train] - len(xs[0]), target.values[~is_train]),
    )
    for name, part in zip(("x_train", "x_test"), found, strict=True):
        least = max(10, 5 * len(target.classes)) if name == "x_train" else 1
        if len(part.rows) < least:
            raise UnusableUpload(
                f"{tidy(work.name)}: {name} has {len(part.rows):,} usable samples, but at least "
                f"{least:,} are needed. Bring more, or save x and y to have them divided here."
            )
    return found


CardFacts = tuple[tuple[int, ...], tuple[str, ...], tuple[float, float] | None]


def _encoding(
    xs: list[Array], train: Part, work: Work
) -> tuple[Encode, CardFacts, tuple[str, ...]]:
    """How rows of x are stored; the shape, features and value range of that; and warnings."""
    if xs[0].ndim > 2:
        found = pixels.pixels_of(xs, work.name)
        return found.encode, (found.shape, (), found.value_range), found.warnings
    width = math.prod(xs[0].shape[1:])
    if width > work.limits.features:
        raise UnusableUpload(
            f"{tidy(work.name)}: x has {width:,} features, but at most "
            f"{work.limits.features:,} are allowed. Save fewer columns, or images as samples × "
            "height × width."
        )
    flat = [x.reshape(len(x), width) for x in xs]
    lacking = np.logical_or.reduce([missing.incomplete(x) for x in flat])
    medians = missing.medians(train.x.reshape(-1, width), train.rows, lacking)
    names = tuple(f"feature {number}" for number in range(1, width + 1))

    def encode(x: Array) -> Array:
        return missing.filled(x.reshape(len(x), width), medians)

    return (
        encode,
        ((width,), names, None),
        missing.told([names[index] for index in np.flatnonzero(lacking).tolist()]),
    )
