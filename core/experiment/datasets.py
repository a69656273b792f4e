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
    `caution` says what is wrong with the data itself.
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
        return len(self.shape) == 1 and not self.generated

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


_UCI = "scikit-learn {}: UCI Machine Learning Repository ({})"
_CANCER = tuple(
    f"{part} {feature}"
    for part in ("mean", "error of", "worst")
    for feature in (
        "radius",
        "texture",
        "perimeter",
        "area",
        "smoothness",
        "compactness",
        "concavity",
        "concave points",
        "symmetry",
        "fractal dimension",
    )
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
        name="mnist",
        title="MNIST (70,000 digits)",
        summary="The classic: handwritten digits, 28 × 28 pixels.",
        shape=(28, 28, 1),
        classes=tuple("0123456789"),
        train_size=60_000,
        test_size=10_000,
        source="keras.datasets.mnist: MNIST (LeCun, Cortes and Burges, 1998)",
        licence="CC BY-SA 3.0",
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
    DatasetCard(
        name="iris",
        title="Iris (table)",
        summary="150 flowers of three kinds, by four lengths in centimetres.",
        shape=(4,),
        classes=("Setosa", "Versicolor", "Virginica"),
        train_size=120,
        test_size=30,
        source=_UCI.format("load_iris", "Fisher, 1936"),
        licence="CC BY 4.0",
        features=("sepal length", "sepal width", "petal length", "petal width"),
    ),
    DatasetCard(
        name="wine",
        title="Wine (table)",
        summary="178 Italian wines of three cultivars, by 13 chemical measurements.",
        shape=(13,),
        classes=("Cultivar 1", "Cultivar 2", "Cultivar 3"),
        train_size=142,
        test_size=36,
        source=_UCI.format("load_wine", "Aeberhard and Forina, 1992"),
        licence="CC BY 4.0",
        features=(
            "alcohol",
            "malic acid",
            "ash",
            "alcalinity of ash",
            "magnesium",
            "total phenols",
            "flavanoids",
            "nonflavanoid phenols",
            "proanthocyanins",
            "color intensity",
            "hue",
            "OD280/OD315",
            "proline",
        ),
    ),
    DatasetCard(
        name="breast_cancer",
        title="Breast cancer (table)",
        summary="569 tumours, malignant or benign, by 30 measurements of cell nuclei.",
        shape=(30,),
        classes=("Malignant", "Benign"),
        train_size=455,
        test_size=114,
        source=_UCI.format("load_breast_cancer", "Wolberg, Mangasarian, Street and Street, 1993"),
        licence="CC BY 4.0",
        features=_CANCER,
    ),
    DatasetCard(
        name="diabetes",
        title="Diabetes (table, numbers)",
        summary="Predict from ten measurements how far diabetes has gone on after a year: a number "
        "from 25 to 346, so large that it takes a learning rate near 0.01 and 100 epochs.",
        shape=(10,),
        classes=(),
        train_size=354,
        test_size=88,
        source="scikit-learn load_diabetes: Efron, Hastie, Johnstone and Tibshirani (2004)",
        licence="BSD 3-Clause, as part of scikit-learn",
        task="regression",
        features=("age", "sex", "BMI", "blood pressure", "s1", "s2", "s3", "s4", "s5", "s6"),
    ),
    DatasetCard(
        name="california_housing",
        title="California housing (table, numbers)",
        summary="Predict what a house costs, in 100,000 dollars, from eight numbers of its block "
        "in the census of 1990.",
        shape=(8,),
        classes=(),
        train_size=16_512,
        test_size=4_128,
        source="keras.datasets.california_housing: StatLib (Pace and Barry, 1997)",
        licence="not stated by the source",
        task="regression",
        # The order of the file, which is StatLib's; Keras's documentation names others.
        features=(
            "longitude",
            "latitude",
            "house age",
            "rooms",
            "bedrooms",
            "population",
            "households",
            "income",
        ),
    ),
    DatasetCard(
        name="boston_housing",
        title="Boston housing (table, numbers)",
        summary="Predict what houses cost, in 1,000 dollars, from 13 numbers of their suburb.",
        shape=(13,),
        classes=(),
        train_size=404,
        test_size=102,
        source="keras.datasets.boston_housing: StatLib (Harrison and Rubinfeld, 1978)",
        licence="not stated by the source",
        task="regression",
        features=(
            "CRIM",
            "ZN",
            "INDUS",
            "CHAS",
            "NOX",
            "RM",
            "AGE",
            "DIS",
            "RAD",
            "TAX",
            "PTRATIO",
            "B",
            "LSTAT",
        ),
        caution="Its authors made a feature, B, of the share of Black residents, on the assumption "
        "that segregation raises prices. Keras and scikit-learn advise against the set but to "
        "show how such assumptions get into data. Take California housing to learn regression.",
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
