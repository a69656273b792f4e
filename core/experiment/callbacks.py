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
_MONITOR = (
    "What is measured after each epoch to decide. Validation loss is the usual choice; a score "
    "such as accuracy moves in larger steps."
)


def direction(monitor: str) -> str:
    """Which way a metric gets better, in Keras's words: `min` or `max`."""
    return "min" if monitor.removeprefix("val_") in _ERRORS else "max"


class EarlyStopping(Part):
    """`keras.callbacks.EarlyStopping`."""

    monitor: str = Field("val_loss", title="Monitor", description=_MONITOR)
    patience: int = Field(
        5,
        ge=0,
        le=1000,
        title="Patience",
        description="Epochs without improvement before the run stops. More where the curve is "
        "noisy; too few stop a run that was only pausing.",
    )
    min_delta: float = Field(
        0.0,
        ge=0,
        le=1000,
        title="Minimum change",
        description="A smaller change does not count as an improvement, in the unit of what is "
        "monitored. Raise it to stop when gains become tiny.",
    )
    restore_best_weights: bool = Field(
        True,
        title="Restore best weights",
        description="Go back to the weights of the best epoch when training ends. Off: the run "
        "keeps the weights of its last epoch, which may be worse.",
    )


class Checkpoint(Part):
    """`keras.callbacks.ModelCheckpoint`."""

    monitor: str = Field("val_loss", title="Monitor", description=_MONITOR)
    best_only: bool = Field(
        True,
        title="Best only",
        description="Write a file only when the monitored value improves. Off: a file after every "
        "epoch, to compare epochs later.",
    )
    weights_only: bool = Field(
        False,
        title="Weights only",
        description="Leave out layers and optimizer: a file about a third as large with Adam, "
        "which needs the same model to be loaded.",
    )

    @property
    def file_name(self) -> str:
        """The file, or with `{epoch}` for Keras to fill in the files, that it writes."""
        name = "checkpoint" if self.best_only else "epoch-{epoch:04d}"
        return name + (".weights.h5" if self.weights_only else ".keras")


class Schedule(Part):
    """The learning rate of each epoch, for `keras.callbacks.LearningRateScheduler`."""

    kind: ScheduleName = Field(
        "cosine",
        title="Shape",
        description="How the learning rate changes from epoch to epoch. Cosine suits most runs; "
        "the curve below shows what you get.",
    )
    warm_up_epochs: int = Field(
        0,
        ge=0,
        le=1000,
        title="Warm-up",
        description="Epochs in which the rate first rises to its full value. Use a few where "
        "training is unstable at the start.",
    )
    factor: float = Field(
        0.5,
        gt=0,
        lt=1,
        title="Drop factor",
        description="What the learning rate is multiplied by at each drop: 0.5 halves it.",
    )
    every: int = Field(
        5,
        ge=1,
        le=1000,
        title="Drop every",
        description="Epochs between drops. Choose it so that two to four drops fit into the run.",
    )
    final_share: float = Field(
        0.0,
        ge=0,
        le=1,
        title="Final share",
        description="The share of the learning rate that the wave falls towards. 0 lets the last "
        "epochs change almost nothing.",
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
        description="What the learning rate is multiplied by when nothing improves: 0.5 halves it.",
    )
    patience: int = Field(
        3,
        ge=0,
        le=1000,
        title="Patience",
        description="Epochs without improvement before the rate is lowered. Use fewer than early "
        "stopping has, or the run stops first.",
    )
    min_learning_rate: float = Field(
        0.0,
        ge=0,
        le=100,
        title="Minimum learning rate",
        description="The rate is not lowered below this.",
    )


class Callbacks(Part):
    """The callbacks of a run; those left out, or false, are not there."""

    early_stopping: EarlyStopping | None = Field(
        None,
        title="Early stopping",
        description="Stop the run when the monitored value no longer improves. Saves time, and "
        "keeps a network from overfitting further.",
    )
    checkpoint: Checkpoint | None = Field(
        None,
        title="Checkpoints",
        description="Keep the model as files while it trains, to download from History afterwards.",
    )
    schedule: Schedule | None = Field(
        None,
        title="Learning-rate schedule",
        description="Change the learning rate from epoch to epoch, by a plan. Large steps first, "
        "small ones at the end, often reach a lower loss.",
    )
    plateau: Plateau | None = Field(
        None,
        title="Reduce on plateau",
        description="Lower the learning rate when the monitored value no longer improves. Use it "
        "when the loss stops falling or jumps up and down.",
    )
    terminate_on_nan: bool = Field(
        False,
        title="Terminate on NaN",
        description="Stop in the middle of an epoch when the loss is no longer a number. Without "
        "it a run that diverges stops at the end of that epoch.",
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
