"""Settings with which the lesson of each dataset works: what one begins with on it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from core.experiment.card import DatasetCard
from core.experiment.experiment import Experiment

Usual = Mapping[str, Any]
Settings = dict[str, Any]
_DROPOUT = 0.2  # of networks that are large for their data


def _network(layers: int, units: int, dropout: float = 0.0) -> Settings:
    return {"mlp.hidden_layers": layers, "mlp.units": units, "mlp.dropout": dropout}


def _training(epochs: int, batch_size: int, learning_rate: float = 0.001) -> Settings:
    return {
        "training.epochs": epochs,
        "training.batch_size": batch_size,
        "training.learning_rate": learning_rate,
    }


_CIFAR: Settings = {"model": "cnn", "cnn.blocks": 3, **_training(15, 64), "mlp.dropout": _DROPOUT}
# What is not said is as in `MLP`, `CNN`, `TextNetwork` and `Training`. The figures that come of it
# are in tests/training/test_usual_settings.py.
_OF_DATASETS: Mapping[str, Settings] = {
    "moons": _network(2, 32) | _training(40, 32, 0.01),
    "circles": _network(2, 32) | _training(40, 32, 0.01),
    "spirals": _network(3, 64) | _training(60, 32, 0.005),
    "xor": _network(2, 32) | _training(40, 32, 0.01),
    "gaussians": _network(1, 32) | _training(20, 32, 0.01),
    "plane": _network(2, 32) | _training(40, 32, 0.01),
    "iris": {**_network(1, 32), "mlp.l2": 0.01, **_training(40, 16, 0.01)},
    "wine": _network(1, 32) | _training(30, 16, 0.005),
    "breast_cancer": _network(1, 32, _DROPOUT) | _training(30, 32, 0.003),
    "diabetes": _network(1, 32, _DROPOUT) | _training(40, 32, 0.003),
    "digits": _network(1, 128, _DROPOUT) | _training(20, 32),
    "fashion_mnist_10k": _network(1, 128, _DROPOUT) | _training(10, 32),
    "fashion_mnist": _network(1, 128, _DROPOUT) | _training(10, 128),
    "mnist": _network(1, 128, _DROPOUT) | _training(10, 128),
    "cifar10": _CIFAR,
    "cifar100_coarse": _CIFAR,
    "cifar100_fine": _CIFAR,
    "novels": {"mlp.dropout": 0.5, **_training(15, 32, 0.003)},
    "imdb": {"mlp.dropout": 0.5, **_training(5, 64)},
    "reuters": {"mlp.dropout": 0.5, **_training(20, 64, 0.003)},
    "california_housing": _network(2, 64) | _training(20, 64, 0.003),
    "boston_housing": _network(1, 64, _DROPOUT) | _training(60, 32, 0.003),
}


@lru_cache(maxsize=256)
def usual_settings(card: DatasetCard) -> Usual:
    """The usual settings of a dataset by dotted name, for example `mlp.units`; own data too."""
    return _OF_DATASETS.get(card.name) or _by_size(card)


def usual_experiment(card: DatasetCard, seed: int = 0) -> Experiment:
    """What the sidebar trains on a dataset that comes with Epochscope, if nothing else is set."""
    settings = usual_settings(card)
    kind = settings.get("model", "text" if card.is_text else "mlp")
    scaled = {"target_scaling": "standard"} if card.task == "regression" else {}
    shared = {name: settings[f"mlp.{name}"] for name in ("dropout",)}
    return Experiment.model_validate(
        {
            "data": {"dataset": card.name, **scaled},
            "model": {"kind": kind, **shared, **_part(settings, kind)},
            "training": _part(settings, "training"),
            "seed": seed,
        }
    )


def _by_size(card: DatasetCard) -> Usual:
    """Of data nobody has tried: enough updates to learn them, and few weights for few samples."""
    samples = 0.8 * (card.default_samples or card.train_size)
    fits = ((64, 8), (500, 16), (20_000, 32), (math.inf, 128))
    batch_size = next(size for most, size in fits if samples < most)
    updates = 1_000 if samples < 5_000 else 2_500
    epochs = min(60, max(10, math.ceil(updates * batch_size / samples)))
    rate = 0.005 if samples < 2_000 and not card.is_image else 0.001
    units = 128 if card.is_image else 64 if samples >= 1_000 else 32
    layers = 2 if samples >= 1_000 and not card.is_image else 1
    return _network(layers, units, _DROPOUT) | _training(epochs, batch_size, rate)


def _part(settings: Usual, section: str) -> dict[str, Any]:
    start = f"{section}."
    return {name.removeprefix(start): v for name, v in settings.items() if name.startswith(start)}


PATHS = frozenset(name for settings in _OF_DATASETS.values() for name in settings)
