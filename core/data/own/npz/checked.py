"""What an array must be to be samples or targets; and the targets as one row of values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.data.arrays import Array
from core.data.own import targets
from core.data.own.facts import ArraysChoices
from core.data.own.names import listed, tidy
from core.data.own.npz.headers import Stored
from core.data.own.npz.roles import Pair, Roles, roles
from core.data.own.targets import Target
from core.data.own.work import Work
from core.errors import UnusableUpload

_NUMBERS, _TEXT = "biuf", "US"
_LONGEST_TEXT_BYTES = 1_000
_MOST_AXES = 4


def roles_of(stored: Mapping[str, Stored], work: Work, target: str = "") -> Roles:
    """Which array is which; those used are checked.

    Raises:
        UnusableUpload: there is nothing to learn, or an array is of a kind that cannot be used.
    """
    found = roles({name: one.shape for name, one in stored.items()}, target)
    if found is None:
        has = f"the arrays {listed(map(tidy, sorted(stored)))}" if stored else "no arrays"
        raise UnusableUpload(
            f"{tidy(work.name)} has {has}; x and y "
            "are needed, or x_train, y_train, x_test and y_test (also as images and labels, or "
            "data and target). Save it with numpy.savez_compressed(name, x=x, y=y)."
        )
    for pair in found.pairs:
        _check(stored[pair.x], True, work)
        _check(stored[pair.y], False, work)
    _check_pairs(stored, found, work)
    return found


def _check(array: Stored, is_x: bool, work: Work) -> None:
    name = tidy(array.name)
    wanted = _NUMBERS if is_x else _NUMBERS + _TEXT
    if array.dtype.kind not in wanted or array.dtype.itemsize > _LONGEST_TEXT_BYTES:
        raise UnusableUpload(
            f"{tidy(work.name)}: {name} has values of type {tidy(str(array.dtype))}; "
            f"numbers{'' if is_x else ' or short texts'} are needed. Objects are "
            "never read, as they may run programs. Convert it with astype before saving."
        )
    axes = _MOST_AXES if is_x else 2
    if not 1 <= len(array.shape) <= axes or 0 in array.shape:
        shown = " × ".join(map(str, array.shape)) or "a single value"
        raise UnusableUpload(
            f"{tidy(work.name)}: {name} is {shown}, but it must have 1 to {axes} axes, the first "
            "of which counts the samples, and none of which is 0."
        )


def _check_pairs(stored: Mapping[str, Stored], found: Roles, work: Work) -> None:
    first = found.train[0]
    for pair in found.pairs:
        x, y = stored[pair.x], stored[pair.y]
        if x.shape[0] != y.shape[0]:
            raise UnusableUpload(
                f"{tidy(work.name)}: {tidy(x.name)} has {x.shape[0]:,} samples, but "
                f"{tidy(y.name)} has {y.shape[0]:,}. Save arrays that belong together."
            )
        for one, other in ((x, stored[first.x]), (y, stored[first.y])):
            # Targets that are one-hot in one part alone, or of shape (n, 1), are of no matter.
            same = one.shape[1:] == other.shape[1:] or one is y
            if not same or _sort(one, pair) != _sort(other, first):
                raise UnusableUpload(
                    f"{tidy(work.name)}: {tidy(other.name)} and {tidy(one.name)} have samples of "
                    "other shapes or types. Save arrays that belong together."
                )


def _sort(array: Stored, pair: Pair) -> str:
    """What two parts must have in common: being numbers, or texts."""
    return "texts" if array.name == pair.y and array.dtype.kind in _TEXT else "numbers"


def flat_targets(y: Array, name: str, work: Work) -> Array:
    """Targets (n,); classes as numbers where they were one-hot.

    Raises:
        UnusableUpload: a sample has several targets.
    """
    if y.ndim == 1 or y.shape[1] == 1:
        return y.reshape(-1)
    if y.dtype.kind in _NUMBERS and np.all((y == 0) | (y == 1)) and np.all(y.sum(axis=1) == 1):
        return np.asarray(y.argmax(axis=1))
    raise UnusableUpload(
        f"{tidy(work.name)}: {tidy(name)} has {y.shape[1]:,} values for each sample; one is "
        "needed, or classes as ones and zeros (one-hot). Choose one column as y."
    )


def target_of(y: Array, choices: ArraysChoices, work: Work) -> Target:
    """What is to be predicted, of targets (n,).

    Raises:
        UnusableUpload: it cannot be.
    """
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
