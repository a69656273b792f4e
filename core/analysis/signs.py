"""The measured signs a diagnosis rests on, each a number from the curves of one run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.analysis.curves import best_epoch
from core.records import EpochRecord, history

FloatArray = NDArray[np.float64]

# One epoch can be an accident; three in a row are a trend.
SUSTAINED_EPOCHS = 3
# Losses below this share of the first epoch's are close to zero, where ratios mean little.
NEGLIGIBLE_LOSS_SHARE = 0.02


@dataclass(frozen=True, eq=False)
class Signs:
    """Curves by Keras name, each (n,), read as signs; `baseline_loss` is that of a constant guess.

    `class_count` is 0 for regression.
    """

    curves: dict[str, FloatArray]
    class_count: int
    baseline_loss: float | None = None

    @classmethod
    def of(
        cls, records: Sequence[EpochRecord], class_count: int, baseline_loss: float | None = None
    ) -> Signs:
        """Collect the curves of one run."""
        curves = {name: np.array(values) for name, values in history(tuple(records)).items()}
        return cls(curves, class_count, baseline_loss)

    @property
    def epochs(self) -> int:
        """Epochs trained so far."""
        return len(self.curves.get("loss", ()))

    @property
    def validated(self) -> bool:
        """Whether there is a finite validation loss to judge by."""
        return bool(np.isfinite(self.curves.get("val_loss", np.array([]))).any())

    @property
    def scored(self) -> bool:
        """Whether accuracy was measured."""
        return self.class_count > 0 and "accuracy" in self.curves

    def last(self, name: str) -> float:
        """A metric after the last epoch."""
        return float(self.curves[name][-1])

    @cached_property
    def best(self) -> int:
        """Position (from 0) of the lowest validation loss."""
        return best_epoch(self.curves["val_loss"], "loss") or 0

    @property
    def not_finite(self) -> bool:
        """Whether the last training or validation loss is NaN or infinite."""
        present = [name for name in ("loss", "val_loss") if name in self.curves]
        return any(not np.isfinite(self.last(name)) for name in present) and bool(self.epochs)

    @property
    def explosion(self) -> float:
        """Last training loss as a multiple of the first."""
        return self.last("loss") / max(float(self.curves["loss"][0]), np.finfo(float).tiny)

    @property
    def late_rise(self) -> float:
        """How far validation loss stayed above its minimum of late, as a share of the minimum.

        The smallest rise of the last epochs; 0 where training loss did not fall meanwhile.
        """
        loss, validation = self.curves["loss"], self.curves["val_loss"]
        rise = float(validation[-SUSTAINED_EPOCHS:].min() - validation[self.best])
        if rise < self._negligible or loss[-1] >= loss[self.best]:
            return 0.0
        return rise / max(float(validation[self.best]), self._negligible)

    @property
    def accuracy_gap(self) -> float:
        """Training minus validation accuracy (shares of 1), the smallest of the last epochs."""
        if not self.scored or "val_accuracy" not in self.curves:
            return 0.0
        difference = self.curves["accuracy"] - self.curves["val_accuracy"]
        return float(difference[-SUSTAINED_EPOCHS:].min())

    @property
    def loss_ratio(self) -> float:
        """Validation loss as a multiple of training loss, the smallest of the last epochs."""
        train = self.curves["loss"][-SUSTAINED_EPOCHS:]
        validation = self.curves["val_loss"][-SUSTAINED_EPOCHS:]
        return float((validation / np.maximum(train, self._negligible)).min())

    @property
    def chance(self) -> float:
        """Accuracy of guessing among the classes."""
        return 1 / max(1, self.class_count)

    @property
    def skill(self) -> float | None:
        """The way from guessing (0) to perfect (1) the model has come; None if not measurable.

        The better of training and validation counts: with dropout, training accuracy is measured
        with part of the network switched off.
        """
        names = ("accuracy", "val_accuracy") if self.scored else ("loss", "val_loss")
        reached = [self.last(name) for name in names if name in self.curves]
        if self.scored:
            return (max(reached) - self.chance) / (1 - self.chance) if self.chance < 1 else 1.0
        return 1 - min(reached) / self.baseline_loss if self.baseline_loss else None

    @property
    def recent_fall(self) -> float:
        """How much both losses fell over the last epochs: the smaller share of the two."""
        return min(_fall(self.curves["loss"]), _fall(self.curves["val_loss"]))

    @property
    def _negligible(self) -> float:
        return max(NEGLIGIBLE_LOSS_SHARE * float(self.curves["loss"][0]), np.finfo(float).tiny)


def _fall(loss: FloatArray) -> float:
    before = float(loss[max(0, len(loss) - 1 - SUSTAINED_EPOCHS)])
    return (before - float(loss[-1])) / before if before > 0 else 0.0
