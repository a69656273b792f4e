"""Experiments that train in a blink, and their data as plain arrays."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from core import data
from core.experiment import Experiment

MODEL = {"kind": "mlp", "units": 8}


def small(dataset: str = "digits", model: dict[str, Any] | None = None, **training: Any):
    """Two epochs of 80 training and 20 validation samples; five batches, the last one half full.

    No metrics but the loss, unless `metrics` says so: Keras takes as long to trace them as to
    train. `samples`, `validation_split`, `augmentation` and `seed` are taken from `training` too.
    """
    return Experiment.model_validate(
        {
            "data": {
                "dataset": dataset,
                "training_samples": training.pop("samples", 100),
                "validation_split": training.pop("validation_split", 0.2),
                "augmentation": training.pop("augmentation", {}),
            },
            "seed": training.pop("seed", 0),
            "model": model or MODEL,
            "training": {"epochs": 2, "batch_size": 18, "metrics": [], **training},
        }
    )


def arrays(experiment: Experiment) -> data.Dataset:
    return data.load(experiment.data, experiment.seed)


def one_hot(labels: np.ndarray, count: int) -> np.ndarray:
    return np.eye(count, dtype=np.float32)[labels]


class AtBatch(keras.callbacks.Callback):
    """Calls `action` at the end of one training batch, counted from 0 over all epochs."""

    def __init__(self, batch: int, action) -> None:
        super().__init__()
        self._left, self._action = batch, action

    def on_train_batch_end(self, batch, logs=None):
        if self._left == 0:
            self._action()
        self._left -= 1
