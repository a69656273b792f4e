"""`OwnData`: the facts of a dataset somebody brought along, which an experiment carries with it."""

from __future__ import annotations

import math
import unicodedata
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from core.experiment.card import DatasetCard, Task
from core.experiment.fields import Part, refuse

OWN = "own"  # the name of every such dataset
NAME_LENGTH = 60
MAX_CLASSES = 1_000
MAX_FEATURES = 1_000
MAX_SIDE = 512  # pixels
_IN_TITLES = set(" ,-+()'")
_KINDS = {"table": "table", "images": "images", "arrays": "arrays"}

Kind = Literal["table", "images", "arrays"]
Name = Annotated[str, StringConstraints(min_length=1, max_length=NAME_LENGTH)]


class OwnData(Part):
    """What is known of an own dataset without opening it, so that checking needs no files.

    `key` is the SHA-256 of what is stored. `shape` is one sample's: height × width × channels of
    an image, or the number of features. `classes` is empty where numbers are predicted.
    """

    key: str = Field(pattern=r"^[0-9a-f]{64}$")
    title: Name
    kind: Kind
    task: Task
    shape: tuple[int, ...]
    classes: tuple[Name, ...] = Field((), max_length=MAX_CLASSES)
    features: tuple[Name, ...] = Field((), max_length=MAX_FEATURES)
    train_size: int = Field(ge=1, le=100_000_000)
    test_size: int = Field(ge=1, le=100_000_000)
    value_range: tuple[float, float] | None = None

    @field_validator("title")
    @classmethod
    def _harmless(cls, title: str) -> str:
        if title != clean_title(title):
            refuse(
                "data.own.title",
                "Title: only letters, digits, spaces and , - + ( ) ' are allowed, a letter or "
                "digit first. Use others.",
            )
        return title

    @model_validator(mode="after")
    def _fits_together(self) -> OwnData:
        for wrong, told in self._wrongs():
            if wrong:
                refuse("data.own", f"Own data: {told} Add the file again on the Data page.")
        return self

    @property
    def name(self) -> str:
        """What tells it from every other dataset on this installation."""
        return f"{OWN}-{self.key}"

    @property
    def file_name(self) -> str:
        """The file its owner can take it away in."""
        return f"{self.name[:12]}.npz"

    @property
    def card(self) -> DatasetCard:
        """The facts as those of any dataset."""
        return DatasetCard(
            name=self.name,
            title=self.title,
            summary=self._summary(),
            shape=self.shape,
            classes=self.classes,
            train_size=self.train_size,
            test_size=self.test_size,
            source="Added by you, for you alone",
            licence="as you know it",
            task=self.task,
            value_range=self.value_range,
            features=self.features,
        )

    def same_data(self, other: OwnData) -> bool:
        """Whether both say the same of the same data, whatever they call it."""
        return self.model_copy(update={"title": other.title}) == other

    def _summary(self) -> str:
        what = f"{len(self.classes):,} classes" if self.classes else "a number to predict"
        if len(self.shape) == 3:
            height, width, channels = self.shape
            color = "grey" if channels == 1 else "colour"
            return f"Your own {color} images, {height} × {width} pixels, of {what}."
        return f"Your own {_KINDS[self.kind]}: {self.shape[0]:,} features, {what}."

    def _wrongs(self) -> tuple[tuple[bool, str], ...]:
        is_image = len(self.shape) == 3
        most = (MAX_SIDE, MAX_SIDE, 3) if is_image else (MAX_FEATURES,)
        fits = len(self.shape) == len(most) and all(
            1 <= size <= limit for size, limit in zip(self.shape, most, strict=True)
        )
        has_range = self.value_range is not None
        classes = len(self.classes) >= 2
        return (
            (not fits, f"a sample cannot have the shape {self.shape}."),
            (is_image and self.shape[-1] == 2, "an image has one channel or three, not two."),
            (is_image != has_range, "images have a range of pixel values, and nothing else has."),
            (has_range and self.value_range != (0.0, 255.0), "pixels go from 0 to 255."),
            (
                len(self.features) != (0 if is_image else math.prod(self.shape)),
                "each feature of a table has a name, and images have none.",
            ),
            (
                classes != (self.task == "classification") or len(self.classes) == 1,
                "there are two classes or more, or a number to predict.",
            ),
            (len(set(self.classes)) < len(self.classes), "two classes have the same name."),
        )


def clean_title(text: str) -> str:
    """`text` as a title that means nothing to Markdown, HTML, a formula or a path."""
    kept = "".join(
        sign if sign in _IN_TITLES or unicodedata.category(sign)[0] in "LNM" else " "
        for sign in unicodedata.normalize("NFC", text[: 10 * NAME_LENGTH])
    )
    title = " ".join(kept.split()).lstrip(" ,-+()'")[:NAME_LENGTH].strip()
    return title or "Own data"
