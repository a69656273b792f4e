"""Tables of numbers to predict, made up for a test."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from core.data import RawData, kept
from core.experiment import Experiment


def table(monkeypatch, x: np.ndarray, y: np.ndarray, **settings: Any) -> Experiment:
    """An experiment on `x` (n, features) and `y` (n,), the last fifth of them its test.

    Targets are scaled unless `target_scaling` says otherwise; `loss`, `optimizer` and other
    settings of training are taken as well.
    """
    x, y = x.astype(np.float32), y.astype(np.float32).reshape(-1, 1)
    kept_apart = len(x) // 5
    raw = RawData(x[:-kept_apart], y[:-kept_apart], x[-kept_apart:], y[-kept_apart:])
    monkeypatch.setattr(kept, "read", lambda data: raw)
    own = {
        "key": hashlib.sha256(x.tobytes() + y.tobytes()).hexdigest(),
        "title": "Numbers",
        "kind": "table",
        "task": "regression",
        "shape": x.shape[1:],
        "features": [f"x{number}" for number in range(x.shape[1])],
        "train_size": len(raw.x_train),
        "test_size": kept_apart,
    }
    return Experiment.model_validate(
        {
            "data": {
                "dataset": "own",
                "own": own,
                "scaling": settings.pop("scaling", "standard"),
                "target_scaling": settings.pop("target_scaling", "standard"),
                "validation_split": settings.pop("validation_split", 0.2),
            },
            "model": settings.pop("model", {"kind": "mlp", "units": 32}),
            "callbacks": settings.pop("callbacks", {}),
            "training": settings,
        }
    )


def doubles(count: int = 200) -> tuple[np.ndarray, np.ndarray]:
    """y = 2x."""
    x = np.random.default_rng(1).uniform(-10, 10, (count, 1))
    return x, 2 * x[:, 0]


def prices(count: int = 300) -> tuple[np.ndarray, np.ndarray]:
    """Prices of houses up to 755,000, of their size, age and rooms."""
    draw = np.random.default_rng(2)
    size, age, rooms = (
        draw.uniform(40, 300, count),
        draw.uniform(0, 90, count),
        draw.poisson(4, count),
    )
    price = 30_000 + 2_100 * size - 900 * age + 9_000 * rooms + draw.normal(0, 20_000, count)
    price = np.clip(price, 25_000, None)
    return np.stack([size, age, rooms], axis=1), price / price.max() * 755_000
