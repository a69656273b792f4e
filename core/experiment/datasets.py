"""The datasets one can choose, as facts: shape, classes, sizes, source and licence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Task = Literal["classification", "regression"]

FASHION_CLASSES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
_FASHION = "Fashion-MNIST, Zalando Research (Xiao, Rasul and Vollgraf, 2017)"
_MADE_HERE = "Drawn on this computer from the seed"


@dataclass(frozen=True)
class DatasetCard:
    """What is known of a dataset without loading it.

    `shape` is one sample's, channels last. `classes` is empty for regression. `train_size` and
    `test_size` count samples; a generated set draws up to `train_size` points on demand.
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

    @property
    def is_image(self) -> bool:
        """Whether a sample is height × width × channels."""
        return len(self.shape) == 3

    @property
    def class_count(self) -> int:
        """Number of classes; 0 for regression."""
        return len(self.classes)


def _points(name: str, title: str, summary: str, classes: tuple[str, ...]) -> DatasetCard:
    return DatasetCard(
        name=name,
        title=title,
        summary=summary,
        shape=(2,),
        classes=classes,
        train_size=20_000,
        test_size=500,
        source=_MADE_HERE,
        licence="CC0",
        task="classification" if classes else "regression",
        generated=True,
        default_samples=500,
        features=("x", "y"),
    )


_CARDS = (
    DatasetCard(
        name="fashion_mnist_10k",
        title="Fashion-MNIST 10k (bundled)",
        summary="10,000 real photographs of clothes, 28 × 28 pixels. Comes with Epochscope.",
        shape=(28, 28, 1),
        classes=FASHION_CLASSES,
        train_size=10_000,
        test_size=2_000,
        source=_FASHION + "; a class-balanced sample",
        licence="MIT",
        value_range=(0, 255),
    ),
    DatasetCard(
        name="fashion_mnist",
        title="Fashion-MNIST (all 70,000)",
        summary="The whole set of photographs of clothes, 28 × 28 pixels.",
        shape=(28, 28, 1),
        classes=FASHION_CLASSES,
        train_size=60_000,
        test_size=10_000,
        source=_FASHION,
        licence="MIT",
        value_range=(0, 255),
    ),
    DatasetCard(
        name="digits",
        title="Handwritten digits",
        summary="Digits written by 13 people, 8 × 8 pixels. Small: an epoch takes a blink.",
        shape=(8, 8, 1),
        classes=tuple("0123456789"),
        train_size=1_437,
        test_size=360,
        source="scikit-learn load_digits: UCI Optical Recognition of Handwritten Digits "
        "(Alpaydin and Kaynak, 1998)",
        licence="CC BY 4.0",
        value_range=(0, 16),
    ),
    _points("moons", "Moons (2-D)", "Two interleaving half circles.", ("Upper", "Lower")),
    _points("circles", "Circles (2-D)", "A ring around a disc of points.", ("Outer", "Inner")),
    _points("spirals", "Spirals (2-D)", "Two arms wound into each other.", ("First", "Second")),
    _points("xor", "XOR (2-D)", "Opposite corners belong together.", ("Same sign", "Mixed sign")),
    _points("gaussians", "Gaussians (2-D)", "Three round clouds.", ("Left", "Top", "Right")),
    _points("plane", "Plane (2-D, numbers)", "Predict a number: a tilted, waved plane.", ()),
)
DATASETS: dict[str, DatasetCard] = {card.name: card for card in _CARDS}
DEFAULT_DATASET = "fashion_mnist_10k"
