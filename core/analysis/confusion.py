"""Which classes are taken for which: the confusion matrix and the scores read from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Scores:
    """Precision, recall and F1 as shares of 1, and how many samples truly belong (`support`)."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class ClassReport:
    """One `Scores` a class in label order, their unweighted mean, and the overall accuracy."""

    classes: tuple[Scores, ...]
    macro: Scores
    accuracy: float


def confusion_matrix(true: ArrayLike, predicted: ArrayLike, class_count: int) -> IntArray:
    """Count samples by class: int64 of shape (k, k), row the true label, column the predicted.

    `true` and `predicted` hold integer labels from 0, shape (n,).

    Raises:
        ValueError: the two differ in length, or hold a label outside 0 to `class_count` - 1.
    """
    rows, columns = _labels(true, class_count), _labels(predicted, class_count)
    if rows.size != columns.size:
        raise ValueError(
            f"{rows.size} true labels but {columns.size} predicted ones were given; "
            "give one prediction for each sample."
        )
    pairs = np.bincount(rows * class_count + columns, minlength=class_count**2)
    return pairs.reshape(class_count, class_count).astype(np.int64)


def normalize_rows(matrix: IntArray) -> FloatArray:
    """Each count as a share of its true class (rows sum to 1; a class without samples stays 0)."""
    return _ratio(matrix, matrix.sum(axis=1, keepdims=True))


def class_report(matrix: IntArray) -> ClassReport:
    """Precision, recall and F1 from a confusion matrix; a division by zero gives 0.

    The macro mean runs over the classes that occur as a true or a predicted label, which is what
    scikit-learn does for `average="macro"` with `zero_division=0` when `labels` is left out.
    """
    right = np.diag(matrix)
    claimed, support = matrix.sum(axis=0), matrix.sum(axis=1)
    scores = np.stack(
        [_ratio(right, claimed), _ratio(right, support), _ratio(2 * right, claimed + support)]
    )
    seen = claimed + support > 0
    mean = scores[:, seen].mean(axis=1) if seen.any() else np.zeros(3)
    rows = (_scores(scores[:, label], support[label]) for label in range(len(matrix)))
    total = int(matrix.sum())
    return ClassReport(
        tuple(rows), _scores(mean, total), float(right.sum() / total) if total else 0.0
    )


def _labels(values: ArrayLike, class_count: int) -> IntArray:
    labels = np.asarray(values).ravel().astype(np.int64)
    if labels.size and not 0 <= labels.min() <= labels.max() < class_count:
        raise ValueError(
            f"labels from {labels.min()} to {labels.max()} were given, but {class_count} classes "
            f"are numbered 0 to {class_count - 1}; give integer class labels."
        )
    return labels


def _ratio(part: IntArray, whole: IntArray) -> FloatArray:
    """`part / whole`, 0 where `whole` is 0."""
    shape = np.broadcast_shapes(part.shape, whole.shape)
    return np.divide(part, whole, out=np.zeros(shape), where=whole > 0)


def _scores(values: FloatArray, support: int) -> Scores:
    precision, recall, f1 = map(float, values)
    return Scores(precision, recall, f1, int(support))
