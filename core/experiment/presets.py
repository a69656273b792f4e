"""Named experiments on the default dataset, to start from and to compare."""

from __future__ import annotations

from typing import Any

from core.experiment.experiment import Experiment


def _dense(units: int) -> dict[str, Any]:
    return {"kind": "Dense", "units": units, "activation": "relu"}


def _conv(filters: int, activation: str = "relu") -> dict[str, Any]:
    return {"kind": "Conv2D", "filters": filters, "padding": "same", "activation": activation}


def _drop(rate: float) -> dict[str, Any]:
    return {"kind": "Dropout", "rate": rate}


_FLATTEN = {"kind": "Flatten"}
_POOL = {"kind": "MaxPooling2D", "pool_size": 2}
_NORM = {"kind": "BatchNormalization"}
_RELU = {"kind": "Activation", "activation": "relu"}

_LAYERS: dict[str, list[dict[str, Any]]] = {
    "mlp-basic": [_FLATTEN, _dense(128), _drop(0.2)],
    "mlp-batchnorm": [_FLATTEN, _drop(0.2), _NORM, _dense(64), _drop(0.2), _NORM],
    "cnn-small": [
        *(_conv(32), _POOL, _drop(0.25)),
        *(_conv(64), _POOL, _drop(0.25)),
        *(_FLATTEN, _dense(512), _drop(0.5)),
    ],
    "cnn-basic": [
        *(_conv(32), _conv(32), _POOL, _drop(0.25)),
        *(_conv(64), _conv(64), _POOL, _drop(0.25)),
        *(_FLATTEN, _dense(512), _drop(0.25)),
    ],
    "cnn-deep": [
        *(_conv(32), _conv(32, "linear"), _POOL, _RELU, _drop(0.5)),
        *(_conv(64, "linear"), _POOL, _RELU, _conv(128, "linear"), _POOL, _RELU, _drop(0.5)),
        *(_FLATTEN, _dense(512), _drop(0.5)),
    ],
    "underfit": [_FLATTEN, _dense(4)],
    "good-fit": [_FLATTEN, _dense(128), _drop(0.5)],
    "overfit": [_FLATTEN, _dense(512), _dense(512)],
}
# The three fits share their data, so that only the network and its training differ.
_TRAINING: dict[str, dict[str, Any]] = {
    "underfit": {"optimizer": "sgd", "learning_rate": 0.01, "epochs": 20},
    "good-fit": {"optimizer": "adam", "learning_rate": 0.0005, "epochs": 20},
    "overfit": {"optimizer": "adam", "learning_rate": 0.001, "epochs": 20},
}
_DATA: dict[str, dict[str, Any]] = {name: {"training_samples": 2_000} for name in _TRAINING}

DESCRIPTIONS: dict[str, str] = {
    "mlp-basic": "One dense layer with dropout: the classic first network.",
    "mlp-batchnorm": "A dense network with batch normalization and dropout.",
    "cnn-small": "Two convolutions with pooling and dropout.",
    "cnn-basic": "Two blocks of two convolutions each.",
    "cnn-deep": "Three poolings, ReLU after them, strong dropout.",
    "underfit": "Too small and too cautious: poor on training and validation alike.",
    "good-fit": "Enough capacity, held in check: training and validation stay together.",
    "overfit": "Too large for too little data: nearly perfect on training, worse on validation.",
}


def _preset(name: str) -> Experiment:
    return Experiment.model_validate(
        {
            "model": {"kind": "custom", "preset": name, "layers": _LAYERS[name]},
            "data": _DATA.get(name, {}),
            "training": _TRAINING.get(name, {}),
        }
    )


PRESETS: dict[str, Experiment] = {name: _preset(name) for name in _LAYERS}
FITS = ("underfit", "good-fit", "overfit")
# What a preset says of itself beside its layers, by dotted name.
BROUGHT: dict[str, dict[str, Any]] = {
    name: {
        **{f"data.{field}": value for field, value in _DATA.get(name, {}).items()},
        **{f"training.{field}": value for field, value in _TRAINING.get(name, {}).items()},
    }
    for name in _LAYERS
}
