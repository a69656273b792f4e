"""Which data an experiment trains on, and how much of it."""

from __future__ import annotations

import math
from typing import Literal

from pydantic import Field, field_validator, model_validator

from core.experiment.datasets import DATASETS, DEFAULT_DATASET, DatasetCard
from core.experiment.fields import Part, refuse
from core.experiment.own import OWN, OwnData

Scaling = Literal["none", "standard", "minmax", "robust"]
SCALING_TITLES: dict[str, str] = {
    "none": "None",
    "standard": "Standard: mean 0, deviation 1",
    "minmax": "Min–max: 0 to 1",
    "robust": "Robust: median 0, middle half 1",
}


class Data(Part):
    """A dataset by name, how many of its samples are used, and what is held back."""

    dataset: str = Field(
        DEFAULT_DATASET, title="Dataset", description="What the network learns from."
    )
    training_samples: int | None = Field(
        None,
        ge=10,
        title="Training samples",
        description="How many samples to use, before the validation split. Fewer: faster, "
        "and easier to overfit.",
    )
    validation_split: float = Field(
        0.2,
        ge=0,
        le=0.9,
        title="Validation split",
        description="Share of the training samples held back to watch for overfitting.",
    )
    scaling: Scaling | None = Field(
        None,
        title="Scaling",
        description="Brings features to like sizes; fitted to the samples trained on, alone.",
    )
    label_noise: float = Field(
        0.0,
        ge=0,
        le=0.9,
        title="Wrong labels",
        description="Share of the samples trained on that get another class than theirs: watch "
        "the network learn them by heart.",
    )
    noise: float = Field(
        0.15,
        ge=0,
        le=2,
        title="Noise",
        description="Standard deviation around the shape, or of the number to predict.",
    )
    own: OwnData | None = Field(
        None, title="Own data", description="Of the dataset own, its facts."
    )

    @field_validator("dataset")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in DATASETS and name != OWN:
            refuse(
                "data.dataset",
                f"Dataset: there is no {name[:40]!r}. Choose one of: {', '.join(DATASETS)}.",
            )
        return name

    @model_validator(mode="after")
    def _has_facts(self) -> Data:
        if (self.dataset == OWN) != (self.own is not None):
            refuse(
                "data.dataset",
                "Dataset: own comes with the facts of somebody's own data, and no other dataset "
                f"does; {self.dataset} was given. Choose the data again.",
            )
        return self

    @model_validator(mode="after")
    def _enough_samples(self) -> Data:
        card = self.card
        if self.training_samples and self.training_samples > card.train_size:
            refuse(
                "data.training_samples",
                f"Training samples: {self.training_samples:,} were asked for, but {card.title} "
                f"has {card.train_size:,}. Choose {card.train_size:,} or fewer.",
            )
        parts = [self.train_count] + ([self.validation_count] if self.validation_split else [])
        if min(parts) < max(1, card.class_count):
            refuse(
                "data.validation_split",
                f"Validation split: {self.validation_split:g} of {self.pool_count:,} samples "
                f"leaves {self.train_count:,} to train and {self.validation_count:,} to validate; "
                f"each needs at least one of each of the {card.class_count} classes. Use more "
                "training samples or a split nearer to 0.2.",
            )
        return self

    @model_validator(mode="after")
    def _can_be_mislabelled(self) -> Data:
        if self.label_noise and self.card.task == "regression":
            refuse(
                "data.label_noise",
                f"Wrong labels: {self.card.title} has numbers to predict and no classes. Use 0.",
            )
        return self

    @model_validator(mode="after")
    def _can_be_scaled(self) -> Data:
        if self.scaling not in (None, "none") and self.card.is_image:
            refuse(
                "data.scaling",
                f"Scaling: {self.scaling} is for features, but {self.card.title} has pixels, which "
                "are rescaled to 0–1. Use none.",
            )
        return self

    @property
    def scaler(self) -> Scaling:
        """The scaling used: the one chosen, or the usual one: standard for tables, else none."""
        return self.scaling or usual_scaling(self.card)

    @property
    def card(self) -> DatasetCard:
        """The facts of the dataset."""
        return self.own.card if self.own else DATASETS[self.dataset]

    @property
    def pool_count(self) -> int:
        """Samples used, training and validation together."""
        return self.training_samples or self.card.default_samples or self.card.train_size

    @property
    def validation_count(self) -> int:
        """Samples held back for validation (rounded up, as scikit-learn does)."""
        return math.ceil(round(self.pool_count * self.validation_split, 6))

    @property
    def train_count(self) -> int:
        """Samples the weights are fitted to."""
        return self.pool_count - self.validation_count


def usual_scaling(card: DatasetCard) -> Scaling:
    """How a dataset is scaled unless something else is chosen."""
    return "standard" if card.is_table else "none"
