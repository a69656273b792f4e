"""The last step of every conversion: a test part divided off, four arrays written, a key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from core.data.arrays import Array, Indices
from core.data.own.facts import OwnFacts
from core.data.own.names import listed
from core.data.own.work import OnProgress
from core.data.splits import divide

ARRAYS = ("x_train", "y_train", "x_test", "y_test")
TEST_SHARE = 0.2
_CHUNK_BYTES = 16 * 2**20

Encode = Callable[[Array], Array]


@dataclass(frozen=True, eq=False)
class Part:
    """Some rows of x, perhaps memory-mapped, in this order; and y of these same rows alone.

    `y` is int64 (rows,) or float32 (rows, 1).
    """

    x: Array
    rows: Indices
    y: Array


def divided(targets: Array, seed: int) -> tuple[Indices, Indices]:
    """Which samples are trained on and which, a fifth, are tested with, in a random order.

    Classes (whole-number targets) keep their shares.
    """
    generator = np.random.default_rng(seed)
    test, train = divide(targets.reshape(-1), round(len(targets) * TEST_SHARE), generator)
    return train, test


def lacking(classes: Sequence[str], labels: Array, is_test: NDArray[np.bool_]) -> list[str]:
    """What to say of classes that are in one part alone, where a file brings its own parts."""
    if not classes:
        return []
    learnt, tested = set(labels[~is_test].tolist()), set(labels[is_test].tolist())
    said = []
    if unknown := sorted(tested - learnt):
        said.append(
            f"In the test part alone: {listed(classes[one] for one in unknown)}. A network cannot "
            "learn what it is never shown: all these test samples will count as wrong."
        )
    if untested := sorted(learnt - tested):
        said.append(
            f"In the training part alone: {listed(classes[one] for one in untested)}. The test "
            "cannot tell how well these are recognized."
        )
    return said


def sampled(count: int, most: int, seed: int) -> Indices:
    """At most `most` of `count` rows, drawn evenly, in ascending order."""
    if count <= most:
        return np.arange(count)
    return np.sort(np.random.default_rng(seed).choice(count, most, replace=False, shuffle=False))


def chunks(rows: Indices, row_bytes: int) -> Iterator[Indices]:
    """Rows in portions of at most 16 MB."""
    size = max(1, _CHUNK_BYTES // max(1, row_bytes))
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def write(folder: Path, train: Part, test: Part, encode: Encode, progress: OnProgress) -> None:
    """Write the four arrays to `folder`; `encode` makes of a few rows of x what is stored."""
    done, total = 0, len(train.rows) + len(test.rows)
    for name, part in (("train", train), ("test", test)):
        sample = encode(part.x[part.rows[:1]])
        with (folder / f"x_{name}.npy").open("xb") as file:
            _write_header(file, (len(part.rows), *sample.shape[1:]), sample.dtype)
            for chunk in chunks(part.rows, max(part.x[:1].nbytes, 8 * sample.size)):
                file.write(encode(part.x[chunk]).tobytes())
                done += len(chunk)
                progress(done / total)
        with (folder / f"y_{name}.npy").open("xb") as file:
            np.save(file, part.y, allow_pickle=False)


def _write_header(file: BinaryIO, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
    facts = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, facts)


def size_bytes(folder: Path) -> int:
    """The size of the four files together."""
    return sum((folder / f"{name}.npy").stat().st_size for name in ARRAYS)


def content_key(folder: Path, facts: OwnFacts) -> str:
    """Hex SHA-256 over the facts and the four files in `folder`: what is kept is named by it."""
    whole = hashlib.sha256(json.dumps(asdict(facts), sort_keys=True).encode())
    for name in ARRAYS:
        with (folder / f"{name}.npy").open("rb") as file:
            whole.update(hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()
