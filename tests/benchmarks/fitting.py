"""Trains, measures and prints JSON: `python -m tests.benchmarks.fitting accuracy|speed COUNT`.

Run in a process of its own by `tests.benchmarks.training`, since it imports TensorFlow.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import keras

from core import data
from core.experiment import Experiment
from core.experiment.presets import PRESETS
from core.training import ProgressReporter, StopOnRequest, train

FAIR = Experiment.model_validate(
    {
        "data": {"dataset": "digits"},
        "model": {"kind": "mlp", "hidden_layers": 1, "units": 128, "dropout": 0.2},
        "training": {"epochs": 20},
    }
)
Timed = tuple[float, float]  # seconds of the median epoch, and of the whole run


def accuracy(epochs: int) -> dict[str, Any]:
    """`cnn-small` on all of Fashion-MNIST, as somebody gets it who only changes the data."""
    preset = PRESETS["cnn-small"].model_dump()
    preset["data"] |= {"dataset": "fashion_mnist", "training_samples": None}
    preset["training"] |= {"epochs": epochs}
    experiment = Experiment.model_validate(preset)
    began = time.perf_counter()
    run = train(experiment)
    return {
        "accuracy": run.evaluation["accuracy"],
        "duration_s": time.perf_counter() - began,
        "trained_on": experiment.data.train_count,
        "validated_on": experiment.data.validation_count,
    }


def speed(pairs: int) -> dict[str, Any]:
    """Each pair's two medians and totals, ours first; which one goes first changes every time."""
    ours(), plain()  # whoever comes first pays for starting TensorFlow
    found = []
    for number in range(pairs):
        if number % 2:
            other, own = plain(), ours()
        else:
            own, other = ours(), plain()
        found.append((own, other))
    return {
        "epoch": [(own[0], other[0]) for own, other in found],
        "run": [(own[1], other[1]) for own, other in found],
    }


def ours() -> Timed:
    """As a worker trains: with progress, and looking out for Stop."""
    began = time.perf_counter()
    run = train(FAIR, lambda _: None, [ProgressReporter(lambda _: None), StopOnRequest(_never)])
    total_s = time.perf_counter() - began
    return median(record.duration_s for record in run.records), total_s


def plain() -> Timed:
    """The same network on the same samples, as the Keras guide writes it."""
    began = time.perf_counter()
    samples = data.load(FAIR.data, FAIR.seed)
    keras.utils.set_random_seed(FAIR.seed)
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dropout(0.2),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    stopwatch = Stopwatch()
    model.fit(
        samples.x_train,
        samples.y_train,
        batch_size=FAIR.training.batch_size,
        epochs=FAIR.training.epochs,
        validation_data=(samples.x_validation, samples.y_validation),
        callbacks=[stopwatch],
        verbose=0,
    )
    model.evaluate(samples.x_test, samples.y_test, verbose=0)
    model.predict(samples.x_test, verbose=0)
    return median(stopwatch.durations_s), time.perf_counter() - began


class Stopwatch(keras.callbacks.Callback):
    """Times every epoch with its validation, as our own records do."""

    def __init__(self) -> None:
        super().__init__()
        self.durations_s: list[float] = []
        self._began = 0.0

    def on_epoch_begin(self, epoch: int, logs: object = None) -> None:
        self._began = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: object = None) -> None:
        self.durations_s.append(time.perf_counter() - self._began)


def _never() -> bool:
    return False


MEASUREMENTS: dict[str, Callable[[int], dict[str, Any]]] = {"accuracy": accuracy, "speed": speed}


if __name__ == "__main__":
    print(json.dumps(MEASUREMENTS[sys.argv[1]](int(sys.argv[2]))))
