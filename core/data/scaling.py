"""Brings features to like sizes, with scikit-learn's scalers."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from threading import Thread
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data.arrays import Array, Floats, RawData, Split
from core.experiment import Data


class Scale:
    """Maps features (n, k) onto others of the same shape, float32."""

    def __init__(self, raw: RawData, data: Data, parts: Split) -> None:
        """Fit the scaler of `data` to the samples trained on, and to no others."""
        self._scaler = _made(data.scaler)
        if self._scaler is not None:
            self._scaler.fit(raw.x_train[parts.train].astype(np.float64))

    def __call__(self, values: Array) -> Floats:
        """Scale some samples. float32, as the scaler computes in float64."""
        if self._scaler is None or not len(values):
            return values.astype(np.float32)
        scaled: NDArray[np.float64] = self._scaler.transform(values.astype(np.float64))
        return scaled.astype(np.float32)


@cache
def warm() -> None:
    """Import scikit-learn in the background, once: it takes a second and 70 MB.

    A page that scales then need not wait for it; where nobody scales, nobody pays.
    """
    Thread(target=import_module, args=("sklearn.preprocessing",), daemon=True).start()


def _made(name: str) -> Any:
    if name == "none":
        return None
    # Imported here: most visitors never need it.
    from sklearn import preprocessing  # noqa: PLC0415

    kinds = {
        "standard": preprocessing.StandardScaler,
        "minmax": preprocessing.MinMaxScaler,
        "robust": preprocessing.RobustScaler,
    }
    return kinds[name]()
