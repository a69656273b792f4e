"""The best that any network can be expected to reach on points drawn with known noise."""

from __future__ import annotations

import numpy as np

from core.data.generated import CLOSED, SHAPES, Doubles
from core.data.streams import Stream
from core.experiment import Data

_PLACES, _POINTS = 300, 700


def best_possible(data: Data, loss: str) -> float | None:
    """Accuracy of the best answer on new points (or the "mse" or "mae" loss); None if not known.

    The best answer knows how points are drawn: it is the class of the highest density, which is
    found from 300 places of each shape, on 700 points of each class; of numbers it is their mean
    at the point (see `core.data.generated.height`), whose errors are the noise itself.
    """
    card, noise = data.card, data.noise
    if not card.generated:
        return None
    if card.task == "regression":
        return float(noise**2 if loss == "mse" else noise * np.sqrt(2 / np.pi))
    return _accuracy(card.name, card.class_count, noise) if noise else 1.0


def _accuracy(name: str, kinds: int, noise: float) -> float:
    generator = Stream.TEST_POINTS.generator(0)
    places = np.linspace(0, 1, _PLACES, endpoint=name not in CLOSED)
    shapes = [SHAPES[name](label, places, generator) for label in range(kinds)]
    surest = []
    for label in range(kinds):
        drawn = SHAPES[name](label, generator.random(_POINTS), generator)
        points = drawn + generator.normal(scale=noise, size=drawn.shape)
        densities = np.stack([_log_density(points, shape, noise) for shape in shapes])
        shares = np.exp(densities - densities.max(axis=0))
        surest.append(1 / shares.sum(axis=0))  # the probability of the likeliest class
    return float(np.mean(surest))


def _log_density(points: Doubles, shape: Doubles, noise: float) -> Doubles:
    """Of a mixture of normal distributions around `shape`, but for what all classes share."""
    shape = np.unique(shape, axis=0)
    squared = (points**2).sum(axis=1, keepdims=True) + (shape**2).sum(axis=1) - 2 * points @ shape.T
    nearest = squared.min(axis=1, keepdims=True)
    sums = np.exp((nearest - squared) / (2 * noise**2)).mean(axis=1)
    return np.asarray(np.log(sums) - nearest[:, 0] / (2 * noise**2))
