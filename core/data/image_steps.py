"""The steps of the preparation that only images have: a channel axis, and augmentation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.data.arrays import RawData
from core.experiment import Data, DatasetCard

if TYPE_CHECKING:
    from core.data.walkthrough import ArrayFacts


def lacks_channels(card: DatasetCard) -> bool:
    """Whether images are stored as height × width, as grey ones are."""
    return card.is_image and card.shape[-1] == 1


def without_channels(raw: RawData) -> RawData:
    """The images (n, height, width, 1) as their source stores them, (n, height, width)."""
    return replace(raw, x_train=raw.x_train[..., 0], x_test=raw.x_test[..., 0])


def expanded(facts: ArrayFacts) -> ArrayFacts:
    """Images with their channel axis; labels as they were."""
    return replace(facts, shape=(*facts.shape, 1)) if facts.name.startswith("x") else facts


def expanding(card: DatasetCard) -> str:
    """Why there is a channel axis."""
    height, width, _ = card.shape
    return (
        f"Grey images are stored as {height} × {width}, but layers of images expect channels too, "
        "such as red, green and blue: an axis of length 1 is added, and no value changes "
        "(numpy.expand_dims)."
    )


def augmented(facts: ArrayFacts) -> ArrayFacts:
    """The samples trained on, which keep shape and range; others as they were."""
    return replace(facts, note="new in each epoch") if facts.name == "x_train" else facts


def augmenting(data: Data) -> str:
    """What happens to images in training, and when."""
    return (
        "Not done beforehand, but to each batch while the network trains, and in each epoch anew: "
        f"an image is {data.augmentation.sentence}. Its shape stays, and so does the range of "
        "values. Validation and test samples are left as they are."
    )
