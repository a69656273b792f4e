"""Seeded random experiments, valid by construction and quick to train, for differential tests.

Nothing here asks `core.experiment` what is allowed: a refusal of one of these is a defect there,
or a rule that changed and belongs here too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from core.experiment import Experiment

SIDES = {"digits": 8, "fashion_mnist_10k": 28}
CLASSES = {
    "digits": 10,
    "fashion_mnist_10k": 10,
    "moons": 2,
    "xor": 2,
    "gaussians": 3,
    "plane": 0,
    "novels": 6,
}
ACTIVATIONS = (
    *("linear", "relu", "leaky_relu", "elu", "selu"),
    *("gelu", "silu", "tanh", "sigmoid", "softmax"),
)
OPTIMIZERS = ("sgd", "rmsprop", "adam", "adamw", "nadam", "adagrad")
CLASS_METRICS = ("accuracy", "macro_precision", "macro_recall", "macro_f1")

Settings = dict[str, Any]


def random_experiments(count: int, seed: int = 0, **fixed: Any) -> Iterator[Experiment]:
    """`count` experiments; `fixed` training settings, such as `shuffle=False`, hold in all."""
    for settings in random_settings(count, seed):
        settings["training"].update(fixed)
        yield Experiment.model_validate(settings)


def random_settings(count: int, seed: int = 0) -> Iterator[Settings]:
    """What `random_experiments` validates, as plain dicts; the same for the same seed."""
    for number in range(count):
        yield _Dice(np.random.default_rng((seed, number))).settings()


class _Dice:
    """Draws the parts of one experiment."""

    def __init__(self, generator: np.random.Generator) -> None:
        self._generator = generator

    def settings(self) -> Settings:
        dataset = self._one(tuple(CLASSES))
        is_text = dataset == "novels"
        reading = {
            "vocabulary_size": self._integer(10, 300),
            "sequence_length": self._integer(3, 9),
        }
        drawn: Settings = {
            "data": {
                "dataset": dataset,
                "training_samples": self._one((80, 120, 200)),
                "validation_split": self._one((0.0, 0.2, 0.25, 0.5)),
                "noise": self._number(0, 0.5),
                **(reading if is_text else {}),
            },
            "model": self._text_model() if is_text else self._model(SIDES.get(dataset)),
            "training": self._training(CLASSES[dataset]),
            "seed": self._integer(0, 2**31 - 1),
        }
        if dataset in SIDES:
            drawn["data"]["augmentation"] = self._augmentation()
        if not CLASSES[dataset]:
            # Large numbers are always scaled: unscaled, they make SGD explode.
            targets = self._one(("none", "standard", "large"))
            drawn["data"]["target_scaling"] = "none" if targets == "none" else "standard"
            drawn["data"]["dataset"] = "diabetes" if targets == "large" else dataset
        return drawn

    def _augmentation(self) -> Settings:
        """None, some or all of the kinds."""
        upper = {"rotation": 0.5, "translation": 0.5, "zoom": 0.5, "contrast": 1.0}
        drawn = {name: self._number(0, most) for name, most in upper.items() if self._chance(0.3)}
        return drawn | {"flip": self._one(("none", "none", "horizontal", "vertical", "both"))}

    def _training(self, classes: int) -> Settings:
        metrics = CLASS_METRICS if classes else ("mae", "mse")
        chosen = self._generator.permutation(metrics)[: self._integer(0, len(metrics))]
        return {
            "loss": self._one(_losses(classes)),
            "optimizer": self._one(OPTIMIZERS),
            "learning_rate": self._power(-4, -1.5),
            "momentum": self._one((0.0, 0.5, 0.9)),
            "nesterov": self._chance(0.5),
            "weight_decay": self._power(-4, -1),
            "epochs": self._integer(1, 3),
            "batch_size": self._one((5, 8, 16, 33)),
            "shuffle": self._chance(0.5),
            "metrics": None if self._chance(0.5) else [str(name) for name in chosen],
        }

    def _model(self, side: int | None) -> Settings:
        kind = self._one(("mlp", "custom", "custom", "cnn" if side else "mlp"))
        if kind == "custom":
            layers = self._image_layers(side) if side else self._dense_layers()
            return {"kind": kind, "layers": layers}
        shared = {
            "kind": kind,
            "activation": self._one(ACTIVATIONS),
            "dropout": self._one((0.0, 0.3)),
            "batch_normalization": self._chance(0.5),
            **self._penalty(),
        }
        if kind == "mlp":
            return shared | {"hidden_layers": self._integer(0, 3), "units": self._integer(1, 16)}
        return shared | self._cnn()

    def _text_model(self) -> Settings:
        embedding = {"kind": "Embedding", "output_dim": self._integer(1, 8)}
        if self._chance(0.5):
            layers = [embedding, *self._sequence_layers(), *self._dense_layers()]
            return {"kind": "custom", "layers": layers}
        return {
            "kind": "text",
            "activation": self._one(ACTIVATIONS),
            "dropout": self._one((0.0, 0.3)),
            "batch_normalization": self._chance(0.5),
            **self._penalty(),
            "embedding_size": embedding["output_dim"],
            "reader": self._one(("average", "convolution", "lstm", "gru")),
            "reader_units": self._integer(1, 6),
            "kernel_size": self._integer(1, 12),
            "dense_units": self._one((0, 5, 12)),
        }

    def _sequence_layers(self) -> list[Settings]:
        """Windows of at most 3 that move by 1 keep a sequence of 3 steps from vanishing."""
        layers = []
        for _ in range(self._integer(0, 3)):
            kind = self._one(("Conv1D", "MaxPooling1D", "LSTM", "GRU", "other"))
            match kind:
                case "other":
                    layers.append(self._plain())
                case "Conv1D":
                    window = {"filters": self._integer(1, 6), "kernel_size": self._integer(1, 3)}
                    layers.append({"kind": kind, "padding": "same", **window, **self._weights()})
                case "MaxPooling1D":
                    layers.append({"kind": kind, "pool_size": 2, "strides": 1, "padding": "same"})
                case _:
                    units = {"units": self._integer(1, 6), "return_sequences": True}
                    layers.append({"kind": kind, **units})
        ends = ("Flatten", "GlobalAveragePooling1D", "GlobalMaxPooling1D", "LSTM", "GRU")
        end = self._one(ends)
        units = {"units": self._integer(1, 6)} if end in ("LSTM", "GRU") else {}
        return [*layers, {"kind": end, **units}]

    def _cnn(self) -> Settings:
        """Two blocks only where the windows are sure to fit an image of 8 × 8 pixels."""
        blocks = self._integer(1, 2)
        return {
            "blocks": blocks,
            "convolutions": 1 if blocks == 1 else self._integer(1, 2),
            "filters": self._integer(1, 4),
            "kernel_size": self._integer(1, 3),
            "strides": self._integer(1, 2) if blocks == 1 else 1,
            "padding": self._one(("same", "valid")) if blocks == 1 else "same",
            "pooling": self._one(("max", "average", "none")),
            "dense_units": self._one((0, 5, 12)),
            "dense_dropout": self._one((0.0, 0.3)),
        }

    def _image_layers(self, side: int) -> list[Settings]:
        layers = []
        for _ in range(self._integer(1, 5)):
            kind = self._one(("Conv2D", "Conv2D", "MaxPooling2D", "AveragePooling2D", "other"))
            if kind == "other":
                layers.append(self._plain())
                continue
            layer, side = self._window(kind, side)
            layers.append(layer)
        bridge = self._one(("Flatten", "GlobalAveragePooling2D"))
        return [*layers, {"kind": bridge}, *self._dense_layers()]

    def _window(self, kind: str, side: int) -> tuple[Settings, int]:
        """A layer whose window slides over the image, and the side of the image it leaves."""
        window = self._integer(1, min(4, side))
        padding = self._one(("same", "valid"))
        strides = self._integer(1, 3)
        layer: Settings = {"kind": kind, "padding": padding, "strides": strides}
        if kind == "Conv2D":
            layer |= {"filters": self._integer(1, 6), "kernel_size": window, **self._weights()}
        else:
            layer["pool_size"] = window
            if self._chance(0.5):
                layer["strides"], strides = None, window
        return layer, -(-(side if padding == "same" else side - window + 1) // strides)

    def _dense_layers(self) -> list[Settings]:
        return [self._plain() for _ in range(self._integer(0, 4))]

    def _plain(self) -> Settings:
        """A layer that takes any shape."""
        kind = self._one(("Dense", "Dense", "Activation", "Dropout", "BatchNormalization"))
        match kind:
            case "Dense":
                return {"kind": kind, "units": self._integer(1, 16), **self._weights()}
            case "Activation":
                return {"kind": kind, "activation": self._one(ACTIVATIONS)}
            case "Dropout":
                return {"kind": kind, "rate": self._number(0, 0.6)}
        return {"kind": kind, "momentum": self._number(0.5, 0.99), "epsilon": self._power(-5, -2)}

    def _weights(self) -> Settings:
        return {
            "activation": self._one(ACTIVATIONS),
            "kernel_regularizer": self._penalty(),
            "bias_regularizer": self._penalty(),
        }

    def _penalty(self) -> Settings:
        names = self._one(((), ("l1",), ("l2",), ("l1", "l2")))
        return {name: self._power(-5, -2) for name in names}

    def _one(self, choices: Sequence[Any]) -> Any:
        return choices[self._integer(0, len(choices) - 1)]

    def _integer(self, low: int, high: int) -> int:
        return int(self._generator.integers(low, high + 1))

    def _number(self, low: float, high: float) -> float:
        return float(self._generator.uniform(low, high))

    def _power(self, low: float, high: float) -> float:
        return float(10 ** self._generator.uniform(low, high))

    def _chance(self, share: float) -> bool:
        return bool(self._generator.random() < share)


def _losses(classes: int) -> tuple[str | None, ...]:
    if not classes:
        return (None, "mse", "mae")
    usual = (None, "sparse_categorical_crossentropy", "categorical_crossentropy", "mse", "mae")
    return (*usual, "binary_crossentropy") if classes == 2 else usual
