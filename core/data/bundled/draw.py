"""Draws the bundled datasets from their sources; run as `python -m core.data.bundled.draw`.

An argument names the folder of the Fashion-MNIST files; without one, Debian's is used. The result
is the same for everyone: the seed is fixed, so a test set never depends on an experiment.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from core.data.arrays import Array, Indices
from core.data.bundled import FOLDER, TABLES
from core.data.fashion import DEBIAN, FILES
from core.data.idx import read_idx, read_labels
from core.data.splits import divide
from core.data.streams import Stream
from core.experiment import DATASETS

SEED = 0
Arrays = dict[str, Array]


def draw_digits() -> Arrays:
    """All of scikit-learn's digits: uint8 images 0–16, divided into training and test images."""
    from sklearn.datasets import load_digits  # noqa: PLC0415  # only whoever draws needs it

    digits = load_digits()
    images, labels = digits.images.astype(np.uint8)[..., np.newaxis], digits.target
    test, train = _divide(labels, DATASETS["digits"].test_size)
    return {**_part("train", images, labels, train), **_part("test", images, labels, test)}


def draw_table(name: str) -> Arrays:
    """All of one of scikit-learn's tables: float32 features; bytes for classes, else float32."""
    from sklearn import datasets  # noqa: PLC0415  # only whoever draws needs it

    load = getattr(datasets, f"load_{name}")
    table = load(scaled=False) if name == "diabetes" else load()
    features, target = table.data.astype(np.float32), table.target
    if not DATASETS[name].classes:
        target = target[:, np.newaxis].astype(np.float32)
    test, train = _divide(target, DATASETS[name].test_size)
    return {**_part("train", features, target, train), **_part("test", features, target, test)}


def draw_fashion(folder: Path = DEBIAN) -> Arrays:
    """As many images of each class: training images from the training files, test from the test.

    Raises:
        IdxError: a file in `folder` is missing or damaged.
    """
    card, whole = DATASETS["fashion_mnist_10k"], DATASETS["fashion_mnist"]
    arrays: Arrays = {}
    for part, count, of in (
        ("train", card.train_size, whole.train_size),
        ("test", card.test_size, whole.test_size),
    ):
        images = read_idx(folder / FILES[f"x_{part}"], (of, 28, 28))[..., np.newaxis]
        labels = read_labels(folder / FILES[f"y_{part}"], of, whole.class_count)
        arrays |= _part(part, images, labels, _divide(labels, count)[0])
    return arrays


def _divide(labels: Array, count: int) -> tuple[Indices, Indices]:
    return divide(labels, count, Stream.BUNDLED.generator(SEED))


def _part(part: str, samples: Array, labels: Array, chosen: Indices) -> Arrays:
    """The chosen samples in the order of their source."""
    chosen = np.sort(chosen)
    labels = labels[chosen]
    labels = labels.astype(np.uint8) if labels.ndim == 1 else labels
    return {f"x_{part}": samples[chosen], f"y_{part}": labels}


def _save(name: str, arrays: Arrays) -> None:
    np.savez_compressed(FOLDER / f"{name}.npz", allow_pickle=False, **arrays)


if __name__ == "__main__":
    _save("digits", draw_digits())
    for table in TABLES:
        _save(table, draw_table(table))
    _save("fashion_mnist_10k", draw_fashion(*map(Path, sys.argv[1:2])))
