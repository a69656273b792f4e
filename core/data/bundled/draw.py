"""Draws the bundled datasets from their sources; run as `python -m core.data.bundled.draw`.

The first argument names a folder with Jane Austen's novels (see README.md), the second that of the
Fashion-MNIST files; without it, Debian's is used. The result is the same for everyone: the seed is
fixed, so a test set never depends on an experiment.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

import numpy as np

from core.data import text
from core.data.arrays import Array, Indices
from core.data.bundled import FOLDER, TABLES, words_path
from core.data.fashion import DEBIAN, FILES
from core.data.idx import read_idx, read_labels
from core.data.splits import divide
from core.data.streams import Stream
from core.experiment import DATASETS

SEED = 0
SHORTEST, LONGEST = 20, 119  # words of a paragraph
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


def draw_novels(folder: Path) -> tuple[Arrays, list[str]]:
    """As many paragraphs of each novel, at most `LONGEST` words of them; and the words by rank.

    `folder` has one text file a novel, named after it. Words are ranked by the training part.
    """
    card = DATASETS["novels"]
    parts: dict[str, list[tuple[list[str], int]]] = {"train": [], "test": []}
    for label, title in enumerate(card.classes):
        found = _paragraphs((folder / f"{title.lower().replace(' ', '_')}.txt").read_text("utf-8"))
        order = Stream.BUNDLED.generator(SEED).permutation(len(found))
        train, test = card.train_size // card.class_count, card.test_size // card.class_count
        for part, picked in (("train", order[:train]), ("test", order[train : train + test])):
            parts[part] += [(found[row], label) for row in sorted(picked)]
    counted = Counter(word for words, _ in parts["train"] for word in words)
    ranked = sorted(counted, key=lambda word: (-counted[word], word))
    tokens = {word: rank + text.BEFORE_WORDS for rank, word in enumerate(ranked, start=1)}
    arrays: Arrays = {}
    for part, rows in parts.items():
        texts = [[text.START, *(tokens.get(w, text.UNKNOWN) for w in words)] for words, _ in rows]
        arrays[f"x_{part}"] = text.stored(texts, card.shape[0], card.vocabulary)
        arrays[f"y_{part}"] = np.array([label for _, label in rows], np.uint8)
    return arrays, ranked[: card.vocabulary - text.BEFORE_WORDS - 1]


def _paragraphs(novel: str) -> list[list[str]]:
    """The words of each paragraph that is long enough, in small letters."""
    words = (
        re.findall(r"[a-z]+(?:'[a-z]+)?", part) for part in re.split(r"\n\s*\n", novel.lower())
    )
    return [found[:LONGEST] for found in words if len(found) >= SHORTEST]


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
    novels, ranked_words = draw_novels(Path(sys.argv[1]))
    _save("novels", novels)
    words_path("novels").write_text("\n".join(ranked_words) + "\n")
    _save("fashion_mnist_10k", draw_fashion(*map(Path, sys.argv[2:3])))
