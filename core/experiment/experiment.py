"""`Experiment`: everything that decides what a run will do, frozen and checked."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

from pydantic import Field, model_validator

from core.experiment import layers as kinds
from core.experiment.callbacks import Callbacks
from core.experiment.data import Data
from core.experiment.datasets import DATASETS
from core.experiment.fields import Part, refuse
from core.experiment.models import CNN, MLP, Custom, Model, TextNetwork
from core.experiment.outputs import ends_in, output_layer
from core.experiment.shapes import LayerShape, Shape, ShapeError, describe, follow
from core.experiment.training import (
    OPTIMIZER_TITLES,
    USUAL_LOSS,
    USUAL_METRICS,
    LossName,
    MetricName,
    Training,
)

MAX_PARAMETERS = 50_000_000
MAX_CHECKPOINTS_MB = 500


class Experiment(Part):
    """Data, model, training and seed; the input shape and the outputs follow from the data.

    `Experiment.model_validate(mapping)` and `model_validate_json(text)` are the ways in,
    `model_dump_json()` is the way out.

    Raises:
        pydantic.ValidationError: with messages `core.experiment.read` turns into plain words.
    """

    data: Data = Field(default_factory=Data)
    model: Model = Field(default_factory=MLP)
    training: Training = Field(default_factory=Training)
    callbacks: Callbacks = Field(default_factory=Callbacks)
    seed: int = Field(
        0,
        ge=0,
        le=2**31 - 1,
        title="Seed",
        description="Decides initial weights, order of samples and dropout. The same seed gives "
        "the same result; change it to see how much is chance.",
    )

    @model_validator(mode="before")
    @classmethod
    def _with_usual_model(cls, given: Any) -> Any:
        """Texts are not for the dense network that is trained where no model is named."""
        if not isinstance(given, dict) or "model" in given:
            return given
        data = given.get("data")
        name = data.get("dataset") if isinstance(data, dict) else getattr(data, "dataset", None)
        card = DATASETS.get(name) if isinstance(name, str) else None
        return given | {"model": {"kind": "text"}} if card and card.is_text else given

    @model_validator(mode="after")
    def _fits_together(self) -> Experiment:
        self._check_loss()
        self._check_metrics()
        self._check_batch()
        self._check_shapes()
        self._check_callbacks()
        return self

    @property
    def input_shape(self) -> Shape:
        """Shape of one sample, channels last; of a text, its tokens."""
        return self.data.sample_shape

    @property
    def loss(self) -> LossName:
        """The loss trained with: the one chosen, or the usual one for the task."""
        return self.training.loss or USUAL_LOSS[self.data.card.task]

    @property
    def metrics(self) -> tuple[MetricName, ...]:
        """The metrics measured: those chosen, or all of the task's."""
        chosen = self.training.metrics
        return USUAL_METRICS[self.data.card.task] if chosen is None else chosen

    @property
    def monitors(self) -> tuple[str, ...]:
        """What callbacks can watch: the loss and the metrics, on validation first."""
        measured = ("loss", *self.metrics)
        validated = tuple(f"val_{name}" for name in measured)
        return (*validated, *measured) if self.data.validation_split else measured

    @property
    def outputs(self) -> int:
        """Units of the output layer: one a class, or one for a sigmoid or a number."""
        single = self.loss == "binary_crossentropy" or self.data.card.task == "regression"
        return 1 if single else self.data.card.class_count

    @property
    def one_hot(self) -> bool:
        """Whether labels are one-hot encoded for the loss."""
        needs = self.loss in ("categorical_crossentropy", "mse", "mae")
        return needs and self.data.card.task == "classification"

    @property
    def layers(self) -> tuple[Part, ...]:
        """All layers, the output layer included, and what gives its numbers the targets' size."""
        made = self._made
        output = made[-1] if self.has_own_output else self._output
        rescaling = () if self.data.target_scaling == "none" else (kinds.Rescaling(),)
        return (*self.hidden, output, *rescaling)

    @property
    def hidden(self) -> tuple[Part, ...]:
        """All layers before the output layer."""
        return self._made[:-1] if self.has_own_output else self._made

    @property
    def has_own_output(self) -> bool:
        """Whether the last of the layers made by hand is the output layer, so none is added."""
        model = self.model
        if not isinstance(model, Custom) or model.output_layer == "added":
            return False
        return ends_in(self._output, self._made, self.input_shape)

    @property
    def _output(self) -> kinds.Dense:
        return output_layer(self.data.card.task, self.outputs)

    @property
    def _made(self) -> tuple[kinds.Layer, ...]:
        """The model's layers, the embedding as large as the data want it."""
        return _layers_of(self.model, self.data.vocabulary)

    @property
    def summary(self) -> tuple[LayerShape, ...]:
        """All layers with output shapes and parameter counts."""
        return _summary_of(self.layers, self.input_shape)

    @property
    def parameter_count(self) -> int:
        """Parameters of the whole model, trainable or not."""
        return sum(row.parameters for row in self.summary)

    @property
    def batches_per_epoch(self) -> int:
        """Weight updates in one epoch; the last batch may be smaller."""
        return math.ceil(self.data.train_count / self.training.batch_size)

    @property
    def title(self) -> str:
        """A line that tells runs apart: `MLP 128 · Adam 0.001 · Handwritten digits`."""
        optimizer = OPTIMIZER_TITLES[self.training.optimizer]
        return (
            f"{self.model.name} · {optimizer} {self.training.learning_rate:g} · "
            f"{self.data.card.title}"
        )

    def _check_loss(self) -> None:
        card, loss = self.data.card, self.training.loss
        if card.task == "regression":
            if loss not in (None, "mse", "mae"):
                refuse(
                    "training.loss",
                    f"Loss: {loss} compares classes, but {card.title} asks for a number. "
                    "Use mse (mean squared error) or mae (mean absolute error).",
                )
        elif loss == "binary_crossentropy" and card.class_count != 2:
            refuse(
                "training.loss",
                f"Loss: binary_crossentropy takes two classes, but {card.title} has "
                f"{card.class_count}. Use sparse_categorical_crossentropy.",
            )

    def _check_metrics(self) -> None:
        usual = USUAL_METRICS[self.data.card.task]
        wrong = [name for name in self.training.metrics or () if name not in usual]
        if wrong:
            refuse(
                "training.metrics",
                f"Metrics: {', '.join(wrong)} cannot be measured on {self.data.card.title}. "
                f"Use {', '.join(usual)}.",
            )

    def _check_batch(self) -> None:
        size, count = self.training.batch_size, self.data.train_count
        if size > count:
            refuse(
                "training.batch_size",
                f"Batch size: {size:,} is larger than the {count:,} samples there are to train "
                f"on. Use {count:,} or less.",
            )

    def _check_shapes(self) -> None:
        card = self.data.card
        if isinstance(self.model, CNN) and not card.is_image:
            refuse(
                "model",
                f"Model: a CNN needs images, but a sample of {card.title} is "
                f"{'a text' if card.is_text else f'{describe(card.shape)} numbers'}. Use the "
                f"{'text' if card.is_text else 'MLP'} model.",
            )
        if isinstance(self.model, TextNetwork) and not card.is_text:
            refuse(
                "model",
                f"Model: a text network needs texts, but {card.title} has none. Use the MLP model.",
            )
        if card.is_text and not isinstance(next(iter(self.hidden), None), kinds.Embedding):
            refuse(
                "model",
                f"Model: the tokens of {card.title} are names and no amounts: the first layer must "
                "be an Embedding. Use the text model, or add one.",
            )
        where = "Layers" if isinstance(self.model, Custom) else "Model"
        try:
            hidden = follow(self.hidden, self.input_shape)
        except ShapeError as error:
            custom = isinstance(self.model, Custom)
            place = f"model.layers.{error.place}" if custom else "model"
            refuse(place, f"{where}: {error}")
        shape = hidden[-1].output if hidden else self.input_shape
        if len(shape) != 1:
            pooling = f"GlobalAveragePooling{len(shape) - 1}D"
            refuse(
                "model",
                f"{where}: the output layer needs one row of values, but gets shape "
                f"{describe(shape)}. Add Flatten or {pooling} at the end.",
            )
        if self.parameter_count > MAX_PARAMETERS:
            refuse(
                "model",
                f"{where}: {self.parameter_count:,} parameters, but at most "
                f"{MAX_PARAMETERS:,} can be trained here. Use fewer units or filters, or more "
                "pooling.",
            )

    def _check_callbacks(self) -> None:
        callbacks = self.callbacks
        for name in ("early_stopping", "checkpoint", "plateau"):
            part = getattr(callbacks, name)
            if part and part.monitor not in self.monitors:
                refuse(
                    f"callbacks.{name}.monitor",
                    f"Monitor: {part.monitor} is not measured in this run. "
                    f"Use {', '.join(self.monitors)}.",
                )
        if callbacks.schedule and callbacks.plateau:
            refuse(
                "callbacks.plateau",
                "Reduce on plateau: a schedule sets the learning rate anew each epoch, which would "
                "undo this. Turn one of the two off.",
            )
        if callbacks.schedule and callbacks.schedule.warm_up_epochs >= self.training.epochs:
            refuse(
                "callbacks.schedule.warm_up_epochs",
                f"Warm-up: {callbacks.schedule.warm_up_epochs} epochs were given, but the run has "
                f"{self.training.epochs}. Use fewer.",
            )
        self._check_checkpoints()

    def _check_checkpoints(self) -> None:
        checkpoint = self.callbacks.checkpoint
        if checkpoint is None or checkpoint.best_only:
            return
        values = self.parameter_count * (1 if checkpoint.weights_only else 3)
        size_mb = self.training.epochs * values * 4 / 1e6
        if size_mb > MAX_CHECKPOINTS_MB:
            refuse(
                "callbacks.checkpoint.best_only",
                f"Best only: a file for each of {self.training.epochs} epochs would take about "
                f"{size_mb:,.0f} MB, but at most {MAX_CHECKPOINTS_MB:,} MB are kept. Turn it on, "
                "or train a smaller model or fewer epochs.",
            )


# A page asks for the layers of the same few experiments a dozen times.
@lru_cache(maxsize=64)
def _layers_of(model: Model, vocabulary: int) -> tuple[kinds.Layer, ...]:
    tokens = {"input_dim": vocabulary or None}
    return tuple(
        layer.model_copy(update=tokens) if isinstance(layer, kinds.Embedding) else layer
        for layer in model.hidden()
    )


@lru_cache(maxsize=64)
def _summary_of(layers: tuple[Part, ...], shape: Shape) -> tuple[LayerShape, ...]:
    return follow(layers, shape)
