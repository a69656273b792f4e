"""What is predicted: class numbers and their names, or numbers; rare classes are left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.data.arrays import Array, Indices
from core.data.own.limits import FEWEST_OF_A_CLASS, FEWEST_SAMPLES, ReadLimits
from core.data.own.names import distinct, listed, tidy
from core.errors import UnusableUpload
from core.experiment.card import Task

# Whole numbers of no more kinds than this are probably classes.
LIKELY_CLASSES = 20
IMBALANCE = 3


@dataclass(frozen=True, eq=False)
class Target:
    """The targets of the samples kept, in their order; `kept` says which of all these are.

    `values` is int64 (n,) for classes, float32 (n, 1) for numbers.
    """

    values: Array
    kept: Indices
    classes: tuple[str, ...]
    warnings: tuple[str, ...]


def likely_task(values: Array) -> Task:
    """Whether values look like classes or like numbers to predict."""
    if values.dtype.kind not in "iuf":
        return "classification"
    finite = values[np.isfinite(values)] if values.dtype.kind == "f" else values
    few = len(np.unique(finite[:100_000])) <= LIKELY_CLASSES
    return "classification" if few and bool(np.all(finite == np.floor(finite))) else "regression"


def classes(codes: Array, names: Sequence[str], limits: ReadLimits) -> Target:
    """Classes out of whole numbers that lead into `names`; a negative one says that it is missing.

    Raises:
        UnusableUpload: fewer than two classes have enough samples, or there are too many classes.
    """
    present = codes >= 0
    counts = np.bincount(codes[present], minlength=len(names))
    large = np.flatnonzero(counts >= FEWEST_OF_A_CLASS)
    rare = np.flatnonzero((counts > 0) & (counts < FEWEST_OF_A_CLASS))
    _check_classes(counts, large, names, limits)
    new = np.full(len(names), -1, np.int64)
    new[large] = np.arange(len(large))
    kept = np.flatnonzero(present & (new[np.maximum(codes, 0)] >= 0))
    shown = distinct((names[index] for index in large.tolist()), "class {}")
    said = [*_rare(counts, rare, names), *_imbalance(counts[large], shown)]
    return Target(new[codes[kept]], kept, shown, tuple(said))


def numbers(values: Array) -> Target:
    """Numbers to predict, float32 (n, 1); those missing, infinite or too large are left out.

    Raises:
        UnusableUpload: there are too few, or all are the same.
    """
    with np.errstate(over="ignore"):
        narrow = values.astype(np.float32)
    kept = np.flatnonzero(np.isfinite(narrow))
    if len(kept) < FEWEST_SAMPLES:
        raise UnusableUpload(
            f"Target: only {len(kept):,} of {len(values):,} samples have a number to predict, but "
            f"at least {FEWEST_SAMPLES} are needed. Choose another target, or classes as the task."
        )
    if np.ptp(narrow[kept].astype(np.float64)) == 0:
        raise UnusableUpload(
            f"Target: all {len(kept):,} samples have the same number, {narrow[kept][0]:g}, so "
            "there is nothing to learn. Choose another target."
        )
    return Target(narrow[kept][:, np.newaxis], kept, (), ())


def _check_classes(
    counts: Indices, large: Indices, names: Sequence[str], limits: ReadLimits
) -> None:
    found = np.flatnonzero(counts)
    if len(found) == 1:
        raise UnusableUpload(
            f"Target: every sample is of one class, {tidy(names[found[0]])}, so there is nothing "
            "to learn. At least two classes are needed: choose another target."
        )
    if len(large) < 2:
        raise UnusableUpload(
            f"Target: {len(found):,} classes were found, of which {len(large)} have at least "
            f"{FEWEST_OF_A_CLASS} samples; two such classes are needed. Choose numbers as the task "
            "if they are numbers, another target, or bring more samples of each class."
        )
    if len(large) > limits.classes:
        raise UnusableUpload(
            f"Target: {len(large):,} classes were found, but at most {limits.classes:,} are "
            "allowed. Choose another target, or numbers as the task if they are numbers."
        )


def _rare(counts: Indices, rare: Indices, names: Sequence[str]) -> list[str]:
    if not len(rare):
        return []
    lost = int(counts[rare].sum())
    return [
        f"Left out, as a class needs at least {FEWEST_OF_A_CLASS} samples: "
        f"{listed(tidy(names[index]) for index in rare.tolist())} ({lost:,} samples together)."
    ]


def _imbalance(counts: Indices, names: Sequence[str]) -> list[str]:
    most, least = int(np.argmax(counts)), int(np.argmin(counts))
    if counts[most] <= IMBALANCE * counts[least]:
        return []
    return [
        f"Classes are unbalanced: {names[most]} has {counts[most]:,} samples, {names[least]} "
        f"{counts[least]:,}. A network that always answers {names[most]} would be right in "
        f"{counts[most] / counts.sum():.0%} of cases: look at the confusion matrix, too."
    ]
