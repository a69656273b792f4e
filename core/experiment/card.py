"""What is known of a dataset without loading it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Task = Literal["classification", "regression"]


@dataclass(frozen=True)
class DatasetCard:
    """What is known of a dataset without loading it.

    `shape` is one sample's, channels last. `classes` is empty for regression. `train_size` and
    `test_size` count samples; a generated set draws up to `train_size` points on demand.
    `caution` says what is wrong with the data itself. A text is a row of `shape` token numbers
    below `vocabulary`, short ones filled up; for what the numbers mean see `core.data.text`.
    """

    name: str
    title: str
    summary: str
    shape: tuple[int, ...]
    classes: tuple[str, ...]
    train_size: int
    test_size: int
    source: str
    licence: str
    task: Task = "classification"
    generated: bool = False
    default_samples: int | None = None
    value_range: tuple[float, float] | None = None
    features: tuple[str, ...] = ()
    caution: str = ""
    vocabulary: int = 0

    @property
    def is_image(self) -> bool:
        """Whether a sample is height × width × channels."""
        return len(self.shape) == 3

    @property
    def is_plane(self) -> bool:
        """Whether a sample is a point of the plane."""
        return self.generated and self.shape == (2,)

    @property
    def is_table(self) -> bool:
        """Whether a sample is a row of measured features."""
        return len(self.shape) == 1 and not self.generated and not self.is_text

    @property
    def is_text(self) -> bool:
        """Whether a sample is a text as token numbers."""
        return self.vocabulary > 0

    @property
    def class_count(self) -> int:
        """Number of classes; 0 for regression."""
        return len(self.classes)
