"""What a model says of every place in the plane, for 2-D data."""

from __future__ import annotations

import keras
import numpy as np
from numpy.typing import NDArray

from core import data
from core.experiment import Experiment

RESOLUTION = 100
MARGIN = 0.1


def decision_grid(model: keras.Model, experiment: Experiment) -> dict[str, NDArray[np.generic]]:
    """The model's outputs on a grid a little larger than the training points.

    Returns `x` (g,) and `y` (g,) coordinates and `outputs` (g, g, k), where `outputs[i, j]`
    belongs to the point (x[j], y[i]); k is the number of classes, or 1.
    """
    raw = data.raw_data(experiment.data, experiment.seed)
    points = raw.x_train
    low, high = points.min(axis=0), points.max(axis=0)
    margin = MARGIN * (high - low)
    x, y = np.linspace(low - margin, high + margin, RESOLUTION, dtype=np.float32).T
    plane = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    prepared = data.preparing(
        raw, experiment.data, data.split(raw, experiment.data, experiment.seed)
    )
    outputs = keras.ops.convert_to_numpy(model(prepared(plane), training=False))
    return {"x": x, "y": y, "outputs": np.reshape(outputs, (RESOLUTION, RESOLUTION, -1))}
