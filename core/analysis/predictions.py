"""What a model said about each sample, and how to pick the samples worth looking at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Show = Literal["all", "right", "wrong"]
Order = Literal["most", "least"]

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Predictions:
    """True labels (n,) and class probabilities (n, k); a sigmoid output (n, 1) becomes (n, 2)."""

    true: IntArray
    probabilities: FloatArray

    def __post_init__(self) -> None:
        true = np.asarray(self.true).ravel().astype(np.int64)
        probabilities = np.asarray(self.probabilities, dtype=np.float64)
        if probabilities.ndim != 2 or len(probabilities) != len(true):
            raise ValueError(
                f"{len(true)} labels and outputs of shape {probabilities.shape} were given; "
                "outputs must have one row for each label."
            )
        if probabilities.shape[1] == 1:
            probabilities = np.hstack([1 - probabilities, probabilities])
        object.__setattr__(self, "true", true)
        object.__setattr__(self, "probabilities", probabilities)

    def __len__(self) -> int:
        return len(self.true)

    @property
    def class_count(self) -> int:
        """Number of classes the model chooses from."""
        return int(self.probabilities.shape[1])

    @cached_property
    def predicted(self) -> IntArray:
        """The most probable class of each sample, (n,); the lower label on a tie."""
        labels: IntArray = self.probabilities.argmax(axis=1)
        return labels

    @cached_property
    def confidence(self) -> FloatArray:
        """Probability of the predicted class, (n,)."""
        highest: FloatArray = self.probabilities.max(axis=1)
        return highest

    @cached_property
    def correct(self) -> BoolArray:
        """Whether the predicted class is the true one, (n,)."""
        right: BoolArray = self.predicted == self.true
        return right

    @property
    def accuracy(self) -> float:
        """Share of samples predicted right; 0 without samples."""
        return float(self.correct.mean()) if len(self) else 0.0

    def select(
        self, show: Show = "all", label: int | None = None, predicted: int | None = None
    ) -> IntArray:
        """Ascending sample indices: right, wrong or all, of one true and one predicted class."""
        kept = np.ones(len(self), dtype=bool)
        if show != "all":
            kept &= self.correct == (show == "right")
        if label is not None:
            kept &= self.true == label
        if predicted is not None:
            kept &= self.predicted == predicted
        return np.flatnonzero(kept)

    def by_confidence(self, indices: IntArray, first: Order = "most") -> IntArray:
        """`indices` sorted by confidence; equally confident samples keep their order."""
        confidence = self.confidence[indices]
        return indices[np.argsort(-confidence if first == "most" else confidence, kind="stable")]

    def most_confident_mistakes(self, count: int) -> IntArray:
        """Up to `count` wrong samples, the surest first."""
        return self.by_confidence(self.select("wrong"))[:count]


@dataclass(frozen=True, eq=False)
class Regression:
    """True and predicted numbers, both (n,); a column (n, 1) is taken as one."""

    true: FloatArray
    predicted: FloatArray

    def __post_init__(self) -> None:
        for name in ("true", "predicted"):
            column = np.asarray(getattr(self, name), dtype=np.float64).ravel()
            object.__setattr__(self, name, column)
        if len(self.true) != len(self.predicted):
            raise ValueError(
                f"{len(self.true)} true numbers but {len(self.predicted)} predicted ones were "
                "given; give one prediction for each sample."
            )

    def __len__(self) -> int:
        return len(self.true)

    @cached_property
    def residuals(self) -> FloatArray:
        """True minus predicted, (n,): positive where the model said too little."""
        return self.true - self.predicted

    @property
    def mae(self) -> float:
        """Mean absolute error, in the target's unit."""
        return float(np.abs(self.residuals).mean()) if len(self) else float("nan")

    @property
    def mse(self) -> float:
        """Mean squared error, in the target's unit squared."""
        return float(np.square(self.residuals).mean()) if len(self) else float("nan")

    @property
    def r2(self) -> float:
        """Share of the variance explained: 1 is perfect, 0 no better than the mean.

        NaN for fewer than two samples; for a constant target 1 if perfect and 0 otherwise, as
        scikit-learn's `r2_score`.
        """
        if len(self) < 2:
            return float("nan")
        error = float(np.square(self.residuals).sum())
        spread = float(np.square(self.true - self.true.mean()).sum())
        if spread == 0:
            return 1.0 if error == 0 else 0.0
        return 1 - error / spread

    def largest(self, count: int) -> IntArray:
        """Indices of the `count` largest absolute errors, the worst first."""
        return np.argsort(-np.abs(self.residuals), kind="stable")[:count]
