"""Which data an experiment trains on, and how much of it."""

from __future__ import annotations

import math
from typing import Literal

from pydantic import Field, field_validator, model_validator

from core.experiment.augmentation import Augmentation
from core.experiment.card import DatasetCard
from core.experiment.datasets import DATASETS, DEFAULT_DATASET
from core.experiment.fields import Part, field_facts, refuse
from core.experiment.own import OWN, OwnData

USUAL_VOCABULARY, USUAL_LENGTH = 10_000, 200
MOST = 100_000_000  # of anything: more is a slip; the dataset has its own bounds

Scaling = Literal["none", "standard", "minmax", "robust"]
SCALING_TITLES: dict[str, str] = {
    "none": "None",
    "standard": "Standard: mean 0, deviation 1",
    "minmax": "Min–max: 0 to 1",
    "robust": "Robust: median 0, middle half 1",
}
TargetScaling = Literal["none", "standard"]
TARGET_SCALING_TITLES: dict[str, str] = {
    "none": "None",
    "standard": "Standard: by mean and deviation",
}


class Data(Part):
    """A dataset by name, how many of its samples are used, and what is held back."""

    dataset: str = Field(
        DEFAULT_DATASET,
        title="Dataset",
        description="What the network learns from. Each set brings the settings it is learned "
        "with; what you set yourself stays. ↓ marks sets that the first run downloads.",
    )
    training_samples: int | None = Field(
        None,
        ge=10,
        le=MOST,
        title="Training samples",
        description="How many samples to use, before the validation split. Fewer train faster and "
        "overfit sooner; more usually generalize better.",
    )
    validation_split: float = Field(
        0.2,
        ge=0,
        le=0.9,
        title="Validation split",
        description="Share of the training samples held back to watch for overfitting. 0.2 is "
        "usual; with few samples a larger share makes validation less noisy.",
    )
    scaling: Scaling | None = Field(
        None,
        title="Scaling",
        description="Brings features to similar sizes, which networks learn far faster. Fitted to "
        "the training samples alone. Robust suits columns with outliers.",
    )
    # Not "standard", which the sidebar begins with: experiments from before there was a choice
    # must stay what they were.
    target_scaling: TargetScaling = Field(
        "none",
        title="Scale targets",
        description="The network learns numbers to predict less their mean, divided by their "
        "deviation, so that large and small ones are learned alike. Predictions, losses and "
        "errors keep their unit.",
    )
    label_noise: float = Field(
        0.0,
        ge=0,
        le=0.9,
        title="Label noise",
        description="Share of the training samples that get the label of another class. Use it to "
        "see a network memorize: training goes on improving, validation gets worse.",
    )
    vocabulary_size: int | None = Field(
        None,
        ge=10,
        le=MOST,
        title="Vocabulary size",
        description="How many different tokens the network knows: the most frequent words. The "
        "others all become one token, “unknown”. More words cost memory and overfit sooner.",
    )
    sequence_length: int | None = Field(
        None,
        ge=1,
        le=MOST,
        title="Sequence length",
        description="Tokens of a text that the network reads, the last ones. Longer takes longer "
        "to train; shorter texts are padded in front.",
    )
    noise: float = Field(
        0.15,
        ge=0,
        le=2,
        title="Noise",
        description="Standard deviation around the shape, or of the number to predict. More noise "
        "makes classes overlap: no network can then be right everywhere.",
    )
    augmentation: Augmentation = Field(
        default_factory=Augmentation,
        title="Augmentation",
        description="Varies images at random while they are trained on. Helps most with few "
        "images.",
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
                f"Label noise: {self.card.title} has numbers to predict and no classes. Use 0.",
            )
        return self

    @model_validator(mode="after")
    def _has_targets(self) -> Data:
        if self.target_scaling != "none" and self.card.task != "regression":
            refuse(
                "data.target_scaling",
                f"Scale targets: {self.target_scaling} is for numbers to predict, but "
                f"{self.card.title} has classes. Use none.",
            )
        return self

    @model_validator(mode="after")
    def _can_be_scaled(self) -> Data:
        if self.scaling in (None, "none"):
            return self
        has = {
            self.card.is_image: "pixels, which are rescaled to 0–1",
            self.card.is_text: "words, which have no size",
        }
        if True in has:
            refuse(
                "data.scaling",
                f"Scaling: {self.scaling} is for features, but {self.card.title} has {has[True]}. "
                "Use none.",
            )
        return self

    @model_validator(mode="after")
    def _can_be_read(self) -> Data:
        most = {"vocabulary_size": self.card.vocabulary, "sequence_length": self.card.shape[0]}
        for name, limit in most.items():
            given, title = getattr(self, name), field_facts(Data, name).label
            if given is not None and not self.card.is_text:
                refuse(
                    f"data.{name}",
                    f"{title}: {given:,} was given, but {self.card.title} has no texts. Leave it "
                    "out.",
                )
            if given is not None and given > limit:
                refuse(
                    f"data.{name}",
                    f"{title}: {given:,} was given, but {self.card.title} has {limit:,}. Use "
                    f"{limit:,} or less.",
                )
        return self

    @model_validator(mode="after")
    def _can_be_augmented(self) -> Data:
        if self.augmentation.kinds and not self.card.is_image:
            refuse(
                "data.augmentation",
                f"Augmentation: images can be varied, but {self.card.title} has none. Leave flip, "
                "rotation, translation, zoom and contrast off, or choose a dataset of images.",
            )
        return self

    @property
    def arrays(self) -> Data:
        """What decides the arrays: not the augmentation of batches, nor what the model does."""
        return self.model_copy(update={"augmentation": Augmentation(), "target_scaling": "none"})

    @property
    def scaler(self) -> Scaling:
        """The scaling used: the one chosen, or the usual one: standard for tables, else none."""
        return self.scaling or usual_scaling(self.card)

    @property
    def vocabulary(self) -> int:
        """Different tokens the network is given; 0 without texts."""
        return self.vocabulary_size or min(self.card.vocabulary, USUAL_VOCABULARY)

    @property
    def sample_shape(self) -> tuple[int, ...]:
        """Shape of one sample as the network is given it, channels last."""
        if not self.card.is_text:
            return self.card.shape
        return (self.sequence_length or min(self.card.shape[0], USUAL_LENGTH),)

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
