"""What happens between the epochs of a run: Keras's callbacks, and learning-rate schedules."""

from __future__ import annotations

import math
from typing import Literal

from pydantic import Field

from core.experiment.fields import Part

ScheduleName = Literal["constant", "step", "exponential", "cosine"]
SCHEDULE_TITLES: dict[str, str] = {
    "constant": "Constant",
    "step": "Step: drop every few epochs",
    "exponential": "Exponential: drop each epoch",
    "cosine": "Cosine: fall along half a wave",
}

_ERRORS = ("loss", "mae", "mse")
_MONITOR = "What is watched, after each epoch."


def direction(monitor: str) -> str:
    """Which way a metric gets better, in Keras's words: `min` or `max`."""
    return "min" if monitor.removeprefix("val_") in _ERRORS else "max"


class EarlyStopping(Part):
    """`keras.callbacks.EarlyStopping`."""

    monitor: str = Field("val_loss", title="Monitor", description=_MONITOR)
    patience: int = Field(
        5, ge=0, le=1000, title="Patience", description="Epochs without improvement before the end."
    )
    min_delta: float = Field(
        0.0, ge=0, le=1000, title="Least change", description="Less than this is no improvement."
    )
    restore_best_weights: bool = Field(
        True,
        title="Restore best weights",
        description="Go back to the weights of the best epoch when training ends.",
    )


class Checkpoint(Part):
    """`keras.callbacks.ModelCheckpoint`."""

    monitor: str = Field("val_loss", title="Monitor", description=_MONITOR)
    best_only: bool = Field(
        True,
        title="Best only",
        description="Write a file when the monitored value improves; off: after every epoch.",
    )
    weights_only: bool = Field(
        False,
        title="Weights only",
        description="Leave out layers and optimizer, for a smaller file.",
    )

    @property
    def file_name(self) -> str:
        """The file, or with `{epoch}` for Keras to fill in the files, that it writes."""
        name = "checkpoint" if self.best_only else "epoch-{epoch:04d}"
        return name + (".weights.h5" if self.weights_only else ".keras")


class Schedule(Part):
    """The learning rate of each epoch, for `keras.callbacks.LearningRateScheduler`."""

    kind: ScheduleName = Field(
        "cosine", title="Shape", description="How the learning rate changes from epoch to epoch."
    )
    warm_up_epochs: int = Field(
        0,
        ge=0,
        le=1000,
        title="Warm-up",
        description="Epochs in which to rise to the full learning rate first.",
    )
    factor: float = Field(
        0.5,
        gt=0,
        lt=1,
        title="Drop factor",
        description="What the learning rate is multiplied by at each drop.",
    )
    every: int = Field(5, ge=1, le=1000, title="Drop every", description="Epochs between drops.")
    final_share: float = Field(
        0.0,
        ge=0,
        le=1,
        title="Final share",
        description="The share of the learning rate that the wave falls towards.",
    )

    def rates(self, learning_rate: float, epochs: int) -> tuple[float, ...]:
        """The learning rate of each of `epochs` epochs."""
        return tuple(learning_rate * self._share(epoch, epochs) for epoch in range(epochs))

    def _share(self, epoch: int, epochs: int) -> float:
        if epoch < self.warm_up_epochs:
            return (epoch + 1) / (self.warm_up_epochs + 1)
        passed = epoch - self.warm_up_epochs
        match self.kind:
            case "constant":
                return 1.0
            case "step":
                return float(self.factor ** (passed // self.every))
            case "exponential":
                return float(self.factor**passed)
            case "cosine":
                along = passed / (epochs - self.warm_up_epochs)
                wave = (1 + math.cos(math.pi * along)) / 2
                return self.final_share + (1 - self.final_share) * wave


class Plateau(Part):
    """`keras.callbacks.ReduceLROnPlateau`."""

    monitor: str = Field("val_loss", title="Monitor", description=_MONITOR)
    factor: float = Field(
        0.5,
        gt=0,
        lt=1,
        title="Factor",
        description="What the learning rate is multiplied by.",
    )
    patience: int = Field(
        3, ge=0, le=1000, title="Patience", description="Epochs without improvement before that."
    )
    min_learning_rate: float = Field(
        0.0, ge=0, le=100, title="Lowest rate", description="It is not lowered below this."
    )


class Callbacks(Part):
    """The callbacks of a run; those left out, or false, are not there."""

    early_stopping: EarlyStopping | None = Field(
        None,
        title="Early stopping",
        description="End the run when the monitored value no longer improves.",
    )
    checkpoint: Checkpoint | None = Field(
        None,
        title="Checkpoints",
        description="Keep the model as files while it trains, to download.",
    )
    schedule: Schedule | None = Field(
        None,
        title="Rate schedule",
        description="Change the learning rate from epoch to epoch, by a plan.",
    )
    plateau: Plateau | None = Field(
        None,
        title="Reduce on plateau",
        description="Lower the learning rate when the monitored value no longer improves.",
    )
    terminate_on_nan: bool = Field(
        False,
        title="Terminate on NaN",
        description="Stop in the middle of an epoch when the loss is no longer a number.",
    )
    csv: bool = Field(
        False, title="CSV log", description="Write a line for each epoch to a file, to download."
    )
    tensorboard: bool = Field(
        False, title="TensorBoard", description="Write a log that TensorBoard reads, to download."
    )

    @property
    def write_files(self) -> bool:
        """Whether one of them writes files."""
        return bool(self.checkpoint or self.csv or self.tensorboard)
