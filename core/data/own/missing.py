"""Missing numbers: those of a feature become the median of its training part."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.data.arrays import Array, Floats, Indices
from core.data.own.names import listed
from core.data.own.parts import chunks

_BLOCK_BYTES = 64 * 2**20


def medians(x: Array, rows: Indices, incomplete: Array) -> Floats:
    """The median of each `incomplete` column of x over the finite numbers in `rows`, else 0.

    Exact, and never more than 64 MB of x in memory. `incomplete` is bool (columns,).
    """
    found = np.zeros(x.shape[1], np.float32)
    width = max(1, _BLOCK_BYTES // (4 * max(1, len(rows))))
    wanted = np.flatnonzero(incomplete)
    for start in range(0, len(wanted), width):
        columns = wanted[start : start + width]
        block = _gathered(x, rows, columns)
        for column, values in zip(columns, block, strict=True):
            finite = values[np.isfinite(values)]
            found[column] = np.median(finite) if len(finite) else 0
    return found


def filled(x: Array, instead: Floats | np.float32) -> Floats:
    """float32 of some rows, with the numbers `instead` where one is missing or not finite."""
    with np.errstate(over="ignore", invalid="ignore"):
        values = x.astype(np.float32)
    return np.where(np.isfinite(values), values, instead).astype(np.float32)


def incomplete(x: Array) -> Array:
    """Which columns of x lack a finite number in any row: bool (columns,)."""
    lacking = np.zeros(x.shape[1], bool)
    for chunk in chunks(np.arange(len(x)), x[:1].nbytes):
        with np.errstate(over="ignore", invalid="ignore"):
            lacking |= ~np.isfinite(x[chunk].astype(np.float32)).all(axis=0)
    return lacking


def _gathered(x: Array, rows: Indices, columns: Indices) -> Floats:
    """Some columns of some rows: float32 (columns, rows)."""
    block = np.empty((len(columns), len(rows)), np.float32)
    done = 0
    for chunk in chunks(rows, x[:1].nbytes):
        with np.errstate(over="ignore", invalid="ignore"):
            block[:, done : done + len(chunk)] = x[chunk][:, columns].T
        done += len(chunk)
    return block


def told(names: Sequence[str]) -> tuple[str, ...]:
    """What to say of columns, by name, that lacked numbers."""
    if not names:
        return ()
    return (
        "Missing numbers were replaced by the median of the feature in the training part: "
        f"{listed(names)}.",
    )
