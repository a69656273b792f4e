"""The measured signs a diagnosis rests on, each a number from the curves of one run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.analysis.curves import best_epoch
from core.analysis.diagnosis.facts import Facts
from core.analysis.intervals import Interval, Score, difference
from core.records import EpochRecord, history

FloatArray = NDArray[np.float64]

# One epoch can be an accident; three in a row are a trend.
SUSTAINED_EPOCHS = 3
# Losses below this share of the first epoch's are close to zero, where ratios mean little.
NEGLIGIBLE_LOSS_SHARE = 0.02
# Less than a hundredth within the last epochs is level.
LEVEL = 0.01
# Of the way from a constant answer to perfect: less is no more than a wobble.
NO_SKILL = 0.05
# A loss that rises with hardly a gap in accuracy is a model growing too sure, not a worse one.
RISE_GAP = 0.03
# A change below a twentieth of a percent is none.
UNCHANGED = 0.0005
# A twentieth within the last epochs is fast: what was said of the level will not hold for long.
FAST = 0.05
# A loss that falls as fast as half its mean pace so far has not levelled off, however slow it is.
STILL_AT_PACE = 0.5


@dataclass(frozen=True, eq=False)
class Signs:
    """Curves by Keras name, each (n,), up to the epoch whose weights were kept, read as signs.

    `rates` are the learning rates of these epochs. `tried` epochs came after them in vain.
    """

    curves: dict[str, FloatArray]
    rates: FloatArray
    facts: Facts
    tried: int = 0

    @classmethod
    def of(cls, records: Sequence[EpochRecord], facts: Facts) -> Signs:
        """Collect the curves of one run."""
        end = len(records) if facts.kept is None else facts.kept + 1
        judged = tuple(records[:end])
        curves = {name: np.array(values) for name, values in history(judged).items()}
        rates = np.array([record.learning_rate for record in judged])
        return cls(curves, rates, facts, len(records) - end)

    @property
    def epochs(self) -> int:
        """Epochs up to the one judged."""
        return len(self.curves.get("loss", ()))

    @property
    def validated(self) -> bool:
        """Whether there is a finite validation loss to judge by."""
        return bool(np.isfinite(self.curves.get("val_loss", np.array([]))).any())

    @property
    def scored(self) -> bool:
        """Whether accuracy was measured."""
        return self.facts.class_count > 0 and "accuracy" in self.curves

    def last(self, name: str) -> float:
        """A metric after the epoch judged."""
        return float(self.curves[name][-1])

    @property
    def rate(self) -> float:
        """The highest learning rate used."""
        return float(self.rates.max()) if len(self.rates) else 0.0

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
    def growth(self) -> float:
        """Last training loss as a multiple of the first."""
        return self.last("loss") / max(float(self.curves["loss"][0]), np.finfo(float).tiny)

    @property
    def peak(self) -> int:
        """Position (from 0) of the highest training loss."""
        return int(self.curves["loss"].argmax())

    @property
    def level(self) -> float | None:
        """The last training loss as a multiple of an untrained network's."""
        untrained = self.facts.untrained_loss
        return self.last("loss") / untrained if untrained else None

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
    def training(self) -> Score:
        """How many training samples were right in the epoch judged."""
        return Score.of(self.last("accuracy"), self.facts.experiment.data.train_count)

    @property
    def validation(self) -> Score:
        """How many validation samples were right after the epoch judged."""
        return Score.of(self.last("val_accuracy"), self.facts.experiment.data.validation_count)

    @property
    def held_back(self) -> Score:
        """How many validation and test samples were right."""
        test = self.facts.test
        return self.validation + test if test else self.validation

    @property
    def accuracy_gap(self) -> float:
        """Training minus validation accuracy (shares of 1), the smallest of the last epochs."""
        if not self.compared:
            return 0.0
        found = self.curves["accuracy"] - self.curves["val_accuracy"]
        return float(found[-SUSTAINED_EPOCHS:].min())

    @property
    def compared(self) -> bool:
        """Whether accuracy was measured on training and validation samples."""
        return self.scored and "val_accuracy" in self.curves

    @cached_property
    def gap_interval(self) -> Interval:
        """95 % interval of training minus validation accuracy."""
        return difference(self.training, self.validation)

    @property
    def loss_ratio(self) -> float:
        """Validation loss as a multiple of training loss, the smallest of the last epochs."""
        train = self.curves["loss"][-SUSTAINED_EPOCHS:]
        validation = self.curves["val_loss"][-SUSTAINED_EPOCHS:]
        return float((validation / np.maximum(train, self._negligible)).min())

    @property
    def skill(self) -> float | None:
        """The way from a constant answer (0) to perfect (1) the model has come; None if unknown.

        The better of training and validation counts: with dropout, training accuracy is measured
        with part of the network switched off.
        """
        if self.scored:
            names = ("accuracy", "val_accuracy")
            return self.skill_of(max(self.last(name) for name in names if name in self.curves))
        constant = self.facts.baseline_loss if not self.facts.class_count else None
        constant = constant or (self.facts.untrained_loss if self.facts.class_count else None)
        names = ("loss", "val_loss")
        reached = min(self.last(name) for name in names if name in self.curves)
        return 1 - reached / constant if constant else None

    def skill_of(self, accuracy: float) -> float:
        """The way from always answering the most frequent class (0) to perfect (1)."""
        constant = self.facts.constant
        return (accuracy - constant) / (1 - constant) if constant < 1 else 1.0

    @property
    def window(self) -> int:
        """Position (from 0) of the epoch that the last ones are compared with."""
        return max(0, self.epochs - 1 - SUSTAINED_EPOCHS)

    def change(self, name: str) -> float:
        """How a loss changed since `window`, as a share of what it was: below 0 it fell."""
        before = float(self.curves[name][self.window])
        return (self.last(name) - before) / before if before > 0 else 0.0

    def falls(self, name: str) -> bool:
        """Whether a loss still falls: by a hundredth of late, or as fast as ever since epoch 1."""
        fall = -self.change(name)
        if fall < UNCHANGED or self.last(name) <= self._negligible:
            return False
        return fall >= LEVEL or self._keeps_pace(name)

    @property
    def falling(self) -> bool:
        """Whether more epochs would help: a loss falls, and validation loss does not rise."""
        if self.tried or self.change("val_loss") > LEVEL:
            return False
        return self.falls("loss") or self.falls("val_loss")

    @property
    def falling_fast(self) -> bool:
        """Whether the losses have not begun to level off."""
        fast = any(-self.change(name) >= FAST for name in ("loss", "val_loss"))
        return self.falling and (fast or self._keeps_pace("loss"))

    def _keeps_pace(self, name: str) -> bool:
        """Whether a loss fell in each of the last epochs, hardly slower than in those before."""
        curve = self.curves[name]
        steps = np.diff(curve[self.window :])
        if self.epochs <= SUSTAINED_EPOCHS + 1 or (steps >= 0).any():
            return False
        return bool(steps.mean() <= STILL_AT_PACE * np.diff(curve).mean())

    @property
    def _negligible(self) -> float:
        return max(NEGLIGIBLE_LOSS_SHARE * float(self.curves["loss"][0]), np.finfo(float).tiny)
