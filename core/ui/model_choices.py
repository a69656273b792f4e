"""The models one may choose for a dataset, by what its samples are."""

from __future__ import annotations

from core.experiment import DatasetCard
from core.experiment.presets import DESCRIPTIONS, PRESETS

MLP, CNN, TEXT, CUSTOM = "mlp", "cnn", "text", "custom"
TITLES = {
    MLP: "MLP: dense layers",
    CNN: "CNN: convolutions",
    TEXT: "Text network: embedding",
    **{name: f"Preset: {name}" for name in DESCRIPTIONS},
    CUSTOM: "Custom layers",
}


def kind(card: DatasetCard) -> str:
    """What samples are to a model: image, text or numbers."""
    if card.is_text:
        return "text"
    return "image" if card.is_image else "numbers"


def usual(card: DatasetCard) -> str:
    """The model one would begin with."""
    return TEXT if card.is_text else MLP


def offered(card: DatasetCard) -> tuple[str, ...]:
    """The models that can take the samples."""
    if card.is_text:
        return (TEXT, CUSTOM)
    if card.is_image:
        return (MLP, CNN, *PRESETS, CUSTOM)
    return (MLP, *(name for name in PRESETS if not name.startswith("cnn")), CUSTOM)
