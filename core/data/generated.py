"""Two-dimensional points drawn from the seed: shapes to separate and a plane to predict."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from core.data.arrays import Array, RawData
from core.data.streams import Stream
from core.experiment import DatasetCard

Doubles = npt.NDArray[np.float64]
Places = Callable[[int], Doubles]
Shape = Callable[[int, Doubles, np.random.Generator], Doubles]


def draw(card: DatasetCard, count: int, noise: float, seed: int) -> RawData:
    """Draw `count` training points and the card's test points from streams of their own.

    Without noise, moons and circles are scikit-learn's `make_moons` and `make_circles(factor=0.5)`.
    Training points stand at even distances along their shape, test points anywhere on it, so that
    even without noise a test point is not a training point.
    """
    train = Stream.TRAIN_POINTS.generator(seed)
    test = Stream.TEST_POINTS.generator(seed)
    even = _around if card.name in CLOSED else _along
    return RawData(
        *_sample(card, count, noise, even, train),
        *_sample(card, card.test_size, noise, test.random, test),
    )


def _sample(
    card: DatasetCard, count: int, noise: float, places: Places, generator: np.random.Generator
) -> tuple[Array, Array]:
    if card.task == "regression":
        return _plane(count, noise, generator)
    return _classes(card, count, noise, places, generator)


def _classes(
    card: DatasetCard, count: int, noise: float, places: Places, generator: np.random.Generator
) -> tuple[Array, Array]:
    """Points of all classes, mixed; where `count` cannot be shared evenly, later ones get more."""
    shape, kinds = SHAPES[card.name], card.class_count
    sizes = [(count + label) // kinds for label in range(kinds)]
    points = np.concatenate(
        [shape(label, places(size), generator) for label, size in enumerate(sizes)]
    )
    points = points + generator.normal(scale=noise, size=points.shape)
    order = generator.permutation(count)
    return points[order].astype(np.float32), np.repeat(np.arange(kinds), sizes)[order]


def _plane(count: int, noise: float, generator: np.random.Generator) -> tuple[Array, Array]:
    """Points in the square from -1 to 1 and the noisy height of a tilted, waved plane there."""
    points = generator.uniform(-1, 1, size=(count, 2))
    target = height(points) + generator.normal(scale=noise, size=count)
    return points.astype(np.float32), target[:, np.newaxis].astype(np.float32)


def height(points: Doubles) -> Doubles:
    """The plane without noise: 0.8 x - 0.5 y + 0.3 sin(4 x). Points (n, 2), heights (n,)."""
    x, y = points.T
    return np.asarray(0.8 * x - 0.5 * y + 0.3 * np.sin(4 * x))


def _along(size: int) -> Doubles:
    return np.linspace(0, 1, size)


def _around(size: int) -> Doubles:
    """Places on a closed shape: its end is its beginning, and must not be there twice."""
    return np.linspace(0, 1, size, endpoint=False)


def _moons(label: int, places: Doubles, _: np.random.Generator) -> Doubles:
    upper = _circle(np.pi * places)
    return upper if label == 0 else np.array([1.0, 0.5]) - upper


def _circles(label: int, places: Doubles, _: np.random.Generator) -> Doubles:
    return _circle(2 * np.pi * places) * (1.0 if label == 0 else 0.5)


def _spirals(label: int, places: Doubles, _: np.random.Generator) -> Doubles:
    """One and a quarter turns, from 0.2 to 2.8 away from the middle; the arms lie about 1 apart."""
    radius = 0.2 + 2.6 * places
    return _circle(np.pi * (2.5 * places + label)) * radius[:, np.newaxis]


def _xor(label: int, places: Doubles, generator: np.random.Generator) -> Doubles:
    """Anywhere in two opposite corners of the square from -1 to 1, but 0.1 off the axes."""
    size = generator.uniform(0.1, 1, size=(len(places), 2))
    sign: Doubles = generator.choice([-1.0, 1.0], size=len(places))
    return size * np.stack([sign, sign if label == 0 else -sign], axis=1)


def _gaussians(label: int, places: Doubles, _: np.random.Generator) -> Doubles:
    return np.tile(_CENTRES[label], (len(places), 1))


def _circle(angle: Doubles) -> Doubles:
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


_CENTRES = np.array([(-1.0, -0.5), (0.0, 1.0), (1.0, -0.5)])
CLOSED = frozenset({"circles"})
SHAPES: dict[str, Shape] = {
    "moons": _moons,
    "circles": _circles,
    "spirals": _spirals,
    "xor": _xor,
    "gaussians": _gaussians,
}
