"""Brings features to like sizes, as scikit-learn's scalers do."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.data.arrays import Array, Floats, RawData, Split
from core.experiment import Data

Doubles = NDArray[np.float64]


class Scale:
    """Maps features (n, k) onto others of the same shape, float32.

    Written out, since importing scikit-learn takes a page longer than all else on it.
    """

    def __init__(self, raw: RawData, data: Data, parts: Split) -> None:
        """Fit the scaler of `data` to the samples trained on, and to no others."""
        self._fitted: tuple[Doubles, Doubles] | None = None
        if data.scaler != "none":
            known = raw.x_train[parts.train].astype(np.float64)
            centre, spread = _FITS[data.scaler](known)
            # A feature that never changes, but for roundings, is centred alone.
            tiny = 10 * np.finfo(np.float64).eps * np.abs(known).max(axis=0)
            self._fitted = centre, np.where(spread <= tiny, 1.0, spread)

    def __call__(self, values: Array) -> Floats:
        """Scale some samples. float32, as the scaler computes in float64."""
        if self._fitted is None:
            return values.astype(np.float32)
        centre, spread = self._fitted
        scaled: Floats = ((values.astype(np.float64) - centre) / spread).astype(np.float32)
        return scaled


def _standard(known: Doubles) -> tuple[Doubles, Doubles]:
    return known.mean(axis=0), known.std(axis=0)


def _minmax(known: Doubles) -> tuple[Doubles, Doubles]:
    return known.min(axis=0), np.ptp(known, axis=0)


def _robust(known: Doubles) -> tuple[Doubles, Doubles]:
    low, middle, high = np.percentile(known, (25, 50, 75), axis=0)
    return middle, high - low


_FITS = {"standard": _standard, "minmax": _minmax, "robust": _robust}
