"""Independent random streams of one seed, one for each thing that is drawn."""

from __future__ import annotations

from enum import IntEnum

import numpy as np


class Stream(IntEnum):
    """What a random stream is for. The numbers are part of every result: never renumber them."""

    TRAIN_POINTS = 0
    TEST_POINTS = 1
    SUBSET = 2
    VALIDATION = 3
    EXAMPLES = 4
    BUNDLED = 5
    LABEL_NOISE = 6

    def generator(self, seed: int) -> np.random.Generator:
        """A generator that shares nothing with the other streams of `seed`.

        The key is what `numpy.random.SeedSequence(seed).spawn` gives its children.
        """
        return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(int(self),)))
