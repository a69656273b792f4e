"""The datasets one can choose, as facts: shape, classes, sizes, source and licence."""

from __future__ import annotations

from core.experiment.card import DatasetCard
from core.experiment.names import (
    BOSTON_FEATURES,
    CANCER_FEATURES,
    CIFAR10_CLASSES,
    CIFAR100_COARSE_CLASSES,
    CIFAR100_FINE_CLASSES,
    FASHION_CLASSES,
    WINE_FEATURES,
)
from core.experiment.text_datasets import TEXTS

_FASHION = "Fashion-MNIST, Zalando Research (Xiao, Rasul and Vollgraf, 2017)"
_MADE_HERE = "Drawn on this computer from the seed"


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


def _cifar(name: str, title: str, summary: str, classes: tuple[str, ...]) -> DatasetCard:
    return DatasetCard(
        name=name,
        title=title,
        summary=summary,
        shape=(32, 32, 3),
        classes=classes,
        train_size=50_000,
        test_size=10_000,
        source=f"keras.datasets.{name.partition('_')[0]}: Krizhevsky, Learning Multiple Layers of "
        "Features from Tiny Images (2009)",
        licence="not stated by the source",
        value_range=(0, 255),
    )


_UCI = "scikit-learn {}: UCI Machine Learning Repository ({})"

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
    _cifar(
        "cifar10",
        "CIFAR-10 (10 kinds)",
        "60,000 small colour photographs of animals and vehicles, 32 × 32 pixels.",
        CIFAR10_CLASSES,
    ),
    _cifar(
        "cifar100_coarse",
        "CIFAR-100 (20 groups)",
        "Small colour photographs, 32 × 32 pixels, in 20 groups of five kinds each.",
        CIFAR100_COARSE_CLASSES,
    ),
    _cifar(
        "cifar100_fine",
        "CIFAR-100 (100 kinds)",
        "Small colour photographs, 32 × 32 pixels, of 100 kinds: 500 of each to learn from.",
        CIFAR100_FINE_CLASSES,
    ),
    DatasetCard(
        name="digits",
        title="Handwritten digits",
        summary="Digits written by 13 people, 8 × 8 pixels. Small: an epoch takes under a second.",
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
        features=WINE_FEATURES,
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
        features=CANCER_FEATURES,
    ),
    DatasetCard(
        name="diabetes",
        title="Diabetes (table, numbers)",
        summary="Predict from ten measurements how far diabetes has gone on after a year: a number "
        "from 25 to 346.",
        shape=(10,),
        classes=(),
        train_size=354,
        test_size=88,
        source="scikit-learn load_diabetes: Efron, Hastie, Johnstone and Tibshirani (2004)",
        licence="BSD 3-Clause, as part of scikit-learn",
        task="regression",
        features=(
            "age",
            "sex",
            "BMI",
            "blood pressure",
            "cholesterol",
            "LDL",
            "HDL",
            "cholesterol / HDL",
            "log triglycerides",
            "blood sugar",
        ),
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
        features=BOSTON_FEATURES,
        caution="Its authors made a feature, B, of the share of Black residents, on the assumption "
        "that segregation raises prices. Keras and scikit-learn advise against the set but to "
        "show how such assumptions get into data. Take California housing to learn regression.",
    ),
    *TEXTS,
    _points("moons", "Moons (2-D)", "Two interleaving half circles.", ("Upper", "Lower")),
    _points("circles", "Circles (2-D)", "A ring around a disc of points.", ("Outer", "Inner")),
    _points("spirals", "Spirals (2-D)", "Two arms wound into each other.", ("First", "Second")),
    _points("xor", "XOR (2-D)", "Opposite corners belong together.", ("Same sign", "Mixed sign")),
    _points("gaussians", "Gaussians (2-D)", "Three round clouds.", ("Left", "Top", "Right")),
    _points("plane", "Plane (2-D, numbers)", "Predict a number: a tilted, waved plane.", ()),
)
DATASETS: dict[str, DatasetCard] = {card.name: card for card in _CARDS}
DEFAULT_DATASET = "fashion_mnist_10k"
