"""How an experiment trains: loss, optimizer, metrics and the length of the run."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from core.experiment.card import Task
from core.experiment.fields import Part, refuse

LossName = Literal[
    "sparse_categorical_crossentropy",
    "categorical_crossentropy",
    "binary_crossentropy",
    "mse",
    "mae",
]
OptimizerName = Literal["sgd", "rmsprop", "adam", "adamw", "nadam", "adagrad"]
LoopName = Literal["compiled", "fit", "tape"]
MetricName = Literal["accuracy", "macro_precision", "macro_recall", "macro_f1", "mae", "mse"]

LOSS_TITLES: dict[str, str] = {
    "sparse_categorical_crossentropy": "Sparse categorical cross-entropy",
    "categorical_crossentropy": "Categorical cross-entropy (one-hot)",
    "binary_crossentropy": "Binary cross-entropy (2 classes)",
    "mse": "Mean squared error",
    "mae": "Mean absolute error",
}
LOOP_TITLES: dict[str, str] = {
    "compiled": "Compiled (fastest)",
    "fit": "model.fit (plain Keras)",
    "tape": "GradientTape (by hand)",
}
OPTIMIZER_TITLES: dict[str, str] = {
    "adam": "Adam",
    "sgd": "SGD",
    "rmsprop": "RMSprop",
    "adamw": "AdamW",
    "nadam": "Nadam",
    "adagrad": "Adagrad",
}
# Keras's defaults, which an optimizer trains with where no rate is given.
USUAL_RATE: dict[OptimizerName, float] = {
    "sgd": 0.01,
    "rmsprop": 0.001,
    "adam": 0.001,
    "adamw": 0.001,
    "nadam": 0.001,
    "adagrad": 0.001,
}
USUAL_LOSS: dict[Task, LossName] = {
    "classification": "sparse_categorical_crossentropy",
    "regression": "mse",
}
USUAL_METRICS: dict[Task, tuple[MetricName, ...]] = {
    "classification": ("accuracy", "macro_precision", "macro_recall", "macro_f1"),
    "regression": ("mae", "mse"),
}


class Training(Part):
    """Loss, optimizer and schedule of one run. `metrics` None means those of the task."""

    loss: LossName | None = Field(
        None,
        title="Loss",
        description="What training makes small. Cross-entropy is the usual choice for classes, "
        "mean squared error for numbers; mean absolute error is less moved by outliers.",
    )
    optimizer: OptimizerName = Field(
        "adam",
        title="Optimizer",
        description="How gradients become weight updates. Adam works almost everywhere; SGD needs "
        "a larger learning rate and often momentum. Each brings its usual learning rate, unless "
        "you set one.",
    )
    learning_rate: float = Field(
        0.001,
        gt=0,
        le=100,
        title="Learning rate",
        description="Size of a weight update. Too small: the loss falls slowly. Too large: it "
        "jumps, or grows without bound. Change it by factors of 3 or 10.",
    )
    momentum: float = Field(
        0.0,
        ge=0,
        lt=1,
        title="Momentum",
        description="Share of the last update that is kept (SGD and RMSprop). 0.9 is usual with "
        "SGD: faster, and less shaken by single batches.",
    )
    nesterov: bool = Field(
        False,
        title="Nesterov",
        description="Take the gradient where the momentum leads to (SGD). Often a little faster; "
        "without momentum it changes nothing.",
    )
    weight_decay: float = Field(
        0.004,
        ge=0,
        le=1,
        title="Weight decay",
        description="Shrinks every weight a little at each update (AdamW). Raise it against "
        "overfitting; too much keeps the network from learning.",
    )
    epochs: int = Field(
        10,
        ge=1,
        le=1000,
        title="Epochs",
        description="Passes over the training samples. Train longer while validation loss still "
        "falls; a run can be continued later.",
    )
    batch_size: int = Field(
        32,
        ge=1,
        le=65_536,
        title="Batch size",
        description="Samples for one weight update. Larger: faster epochs, fewer and smoother "
        "updates; smaller: more updates, more noise.",
    )
    shuffle: bool = Field(
        True,
        title="Shuffle",
        description="Draw a new order of the samples for every epoch. Off only to see what a fixed "
        "order does.",
    )
    metrics: tuple[MetricName, ...] | None = Field(
        None, title="Metrics", description="What is measured beside the loss."
    )

    loop: LoopName = Field(
        "compiled",
        title="Training loop",
        description="What runs the steps. All three give the same numbers; compiled is the "
        "fastest, GradientTape is there to be read.",
    )

    @model_validator(mode="before")
    @classmethod
    def _with_usual_rate(cls, given: Any) -> Any:
        if not isinstance(given, dict) or "learning_rate" in given:
            return given
        name = given.get("optimizer")
        usual = USUAL_RATE.get(name.lower()) if isinstance(name, str) else None  # type: ignore[call-overload]
        return given if usual is None else given | {"learning_rate": usual}

    @field_validator("optimizer", mode="before")
    @classmethod
    def _any_case(cls, name: Any) -> Any:
        return name.lower() if isinstance(name, str) else name

    @field_validator("metrics")
    @classmethod
    def _each_once(cls, names: tuple[MetricName, ...] | None) -> tuple[MetricName, ...] | None:
        twice = [name for name in names or () if (names or ()).count(name) > 1]
        if twice:
            refuse("training.metrics", f"Metrics: {twice[0]} is listed twice. List it once.")
        return names
