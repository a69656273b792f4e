"""Keeps the weights of the best epoch beside those of the last."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray


class BestWeights(keras.callbacks.Callback):  # type: ignore[misc]
    """Copies the weights whenever the validation loss, or else the loss, is lower than ever.

    `epoch` counts from 0; it is None, and `weights` empty, before the first epoch. `since` is the
    first epoch that counts: not 0 where those before were another run's that kept no weights.
    """

    def __init__(self, since: int = 0) -> None:
        super().__init__()
        self.since = since
        self.epoch: int | None = None
        self.weights: list[NDArray[Any]] = []
        self.loss = math.inf

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Compare, and copy."""
        found = logs or {}
        loss = float(found.get("val_loss", found.get("loss", math.inf)))
        if loss < self.loss:
            self.loss, self.epoch = loss, epoch
            self.weights = [np.array(values) for values in self.model.get_weights()]

    def same_as(self, model: keras.Model) -> bool:
        """Whether `model` has these weights, or there are none to compare."""
        return not self.weights or all(
            np.array_equal(mine, other)
            for mine, other in zip(self.weights, model.get_weights(), strict=True)
        )
