"""The size of numbers to predict: what the network's last layer and its loss are scaled by."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from core.data.registry import raw_data
from core.data.splits import split
from core.experiment import Data

if TYPE_CHECKING:
    from core.data.walkthrough import ArrayFacts


class TargetScale(NamedTuple):
    """Mean and standard deviation of numbers to predict, in their own unit."""

    mean: float
    deviation: float

    def loss_unit(self, loss: str) -> float:
        """A loss ("mse" or "mae") of targets as they are, for one of 1 of the scaled ones."""
        return self.deviation**2 if loss == "mse" else self.deviation


def target_scale(data: Data, seed: int) -> TargetScale:
    """That of the samples trained on, alone; numbers that are all the same have deviation 1.

    Raises:
        DatasetUnavailable: the dataset is not on this computer, or damaged.
    """
    raw = raw_data(data, seed)
    targets = raw.y_train[split(raw, data, seed).train]
    # float64: the sum of large float32 numbers would be rounded.
    deviation = float(targets.std(dtype="float64")) or 1.0
    return TargetScale(float(targets.mean(dtype="float64")), deviation)


class ConstantLosses(NamedTuple):
    """The loss of always answering the mean of the targets trained on, and of always 0."""

    mean: float
    zero: float


def constant_losses(data: Data, seed: int, loss: str) -> ConstantLosses:
    """The losses ("mse" or "mae") of answers that never change.

    They are those of the samples held back, if there are any, else of those trained on.

    Raises:
        DatasetUnavailable: the dataset is not on this computer, or damaged.
    """
    raw = raw_data(data, seed)
    parts = split(raw, data, seed)
    mean = raw.y_train[parts.train].mean(dtype="float64")
    held = parts.validation if len(parts.validation) else parts.train
    targets = raw.y_train[held].astype("float64")
    found = [
        float((errors**2).mean() if loss == "mse" else abs(errors).mean())
        for errors in (targets - mean, targets)
    ]
    return ConstantLosses(*found)


def measured(facts: ArrayFacts, scale: TargetScale) -> ArrayFacts:
    """The targets trained on, with a remark; their values stay as they are."""
    if facts.name != "y_train":
        return facts
    return replace(facts, note=f"{scale.mean:,.3g} ± {scale.deviation:,.3g}")


def measuring(scale: TargetScale) -> str:
    """Why it is done, and what for."""
    return (
        f"The targets stay as they are. The network's last layer, Rescaling, multiplies by "
        f"{scale.deviation:,.4g} and adds {scale.mean:,.4g}, their deviation and mean over the "
        "samples trained on. The layers before it learn numbers near 1, from the loss of the "
        "targets scaled like this, however large or small they are. Predictions, losses and errors "
        "are told in the targets' own unit."
    )
