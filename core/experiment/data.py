"""Which data an experiment trains on, and how much of it."""

from __future__ import annotations

import math

from pydantic import Field, field_validator, model_validator

from core.experiment.datasets import DATASETS, DEFAULT_DATASET, DatasetCard
from core.experiment.fields import Part, refuse


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
    noise: float = Field(
        0.15,
        ge=0,
        le=2,
        title="Noise",
        description="Standard deviation around the shape, or of the number to predict.",
    )

    @field_validator("dataset")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in DATASETS:
            refuse(
                "data.dataset",
                f"Dataset: there is no {name[:40]!r}. Choose one of: {', '.join(DATASETS)}.",
            )
        return name

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

    @property
    def card(self) -> DatasetCard:
        """The facts of the dataset."""
        return DATASETS[self.dataset]

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
