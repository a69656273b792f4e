"""What is drawn at random in an epoch, from the experiment's seed and the epoch alone.

A run that goes on after a pause, or in another process, draws the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray


class _Stream(IntEnum):
    """What a number is drawn for: streams must not share their numbers."""

    ORDER = 1
    DROPOUT = 2
    AUGMENTATION = 3


def epoch_order(count: int, seed: int, epoch: int) -> NDArray[np.int32]:
    """The order of `count` samples in `epoch` (from 0), shuffled: int32 (count,)."""
    generator = np.random.default_rng((seed, _Stream.ORDER, epoch))
    return generator.permutation(count).astype(np.int32)


def augmentation_generator(seed: int, epoch: int) -> np.random.Generator:
    """What draws how the images of `epoch` (from 0) are varied."""
    return np.random.default_rng((seed, _Stream.AUGMENTATION, epoch))


class DropoutSeeds(keras.callbacks.Callback):  # type: ignore[misc]
    """Starts every epoch's dropout masks from the experiment's seed and the epoch."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._seed = seed

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Set the state of every layer's generator."""
        for index, generator in enumerate(seed_generators(self.model)):
            sequence = np.random.SeedSequence((self._seed, _Stream.DROPOUT, epoch, index))
            start = int(sequence.generate_state(1)[0]) >> 1  # fits a signed 32-bit integer
            generator.state.assign([start, 0])


def seed_generators(model: keras.Model) -> list[keras.random.SeedGenerator]:
    """Those of the layers that draw at random, in the order of the layers."""
    return [layer.seed_generator for layer in model.layers if hasattr(layer, "seed_generator")]
