"""What is trained to compare speed: the same work by Epochscope and by plain `model.fit`."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

import keras
import numpy as np

from core import data
from core.experiment import Experiment
from core.experiment.presets import PRESETS
from core.training import Programs, ProgressReporter, StopOnRequest, train
from core.training.building import build_optimizer, labels_for
from core.training.layers import keras_layer

Measure = Callable[[], float]
AUGMENTATIONS: dict[str, dict[str, Any]] = {
    "flip": {"flip": "horizontal"},
    "all kinds": {
        "flip": "horizontal",
        "rotation": 0.05,
        "translation": 0.1,
        "zoom": 0.1,
        "contrast": 0.2,
    },
}


def _experiment(dataset: dict[str, Any], model: dict[str, Any], **training: Any) -> Experiment:
    return Experiment.model_validate({"data": dataset, "model": model, "training": training})


def _fashion(preset: str) -> Experiment:
    settings = PRESETS[preset].model_dump()
    settings["data"] |= {"dataset": "fashion_mnist", "training_samples": None}
    return Experiment.model_validate(settings)


def _clothes(preset: str) -> Experiment:
    settings = PRESETS[preset].model_dump()
    settings["data"] |= {"dataset": "fashion_mnist_10k", "training_samples": None}
    return Experiment.model_validate(settings)


@dataclass(frozen=True)
class Work:
    """An experiment, and the epochs of one measurement."""

    experiment: Experiment
    epochs: int


MLP_DIGITS = _experiment(
    {"dataset": "digits"}, {"kind": "mlp", "hidden_layers": 1, "units": 128, "dropout": 0.2}
)
WORKS = {
    "digits-mlp": Work(MLP_DIGITS, 10),
    "moons-mlp": Work(
        _experiment(
            {"dataset": "moons", "training_samples": 500},
            {"kind": "mlp", "hidden_layers": 2, "units": 16},
            batch_size=10,
        ),
        10,
    ),
    "digits-cnn": Work(
        _experiment(
            {"dataset": "digits"},
            {"kind": "cnn", "blocks": 1, "convolutions": 1, "filters": 16, "dense_units": 64},
        ),
        5,
    ),
    "clothes-mlp": Work(_clothes("mlp-basic"), 3),
    "clothes-cnn": Work(_clothes("cnn-small"), 1),
    "fashion-mlp": Work(_fashion("mlp-basic"), 2),
    "fashion-cnn": Work(_fashion("cnn-small"), 1),
}


def pairs(name: str, count: int) -> list[tuple[float, float]]:
    """Seconds of the median epoch of `count` measurements by each, ours first, taking turns.

    Both sides go on with what they have traced; a first measurement of each is thrown away.
    """
    work = WORKS[name]
    ours, plain = _ours(work), _plain(work)
    ours(), plain()
    return [_pair(ours, plain, number) for number in range(count)]


def varied_pairs(name: str, count: int) -> dict[str, list[tuple[float, float]]]:
    """As `pairs`, of our epochs alone: without augmentation first, and with each kind of it."""
    work, found = WORKS[name], {}
    plain = _ours(work)
    for title, settings in AUGMENTATIONS.items():
        varied = _ours(Work(_varied(work.experiment, settings), work.epochs))
        plain(), varied()
        found[title] = [_pair(plain, varied, number) for number in range(count)]
    return found


def _pair(one: Measure, other: Measure, number: int) -> tuple[float, float]:
    """Measured in turns: now the one first, now the other."""
    if number % 2:
        second, first = other(), one()
    else:
        first, second = one(), other()
    return first, second


def _varied(experiment: Experiment, augmentation: dict[str, Any]) -> Experiment:
    settings = experiment.model_dump()
    settings["data"]["augmentation"] = augmentation
    return Experiment.model_validate(settings)


def _ours(work: Work) -> Measure:
    """As a worker trains: every metric, with progress, looking out for Stop."""
    programs = Programs(keep=1)
    experiment = _for_epochs(work.experiment, work.epochs)

    def measure() -> float:
        callbacks = [ProgressReporter(lambda _: None), StopOnRequest(lambda: False)]
        run = train(experiment, lambda _: None, callbacks, programs=programs)
        programs.give_back(experiment, run.program)
        return median(record.duration_s for record in run.records)

    return measure


def _plain(work: Work) -> Measure:
    """NumPy arrays, `compile`, `fit` with `validation_split`: nothing tuned, accuracy alone."""
    experiment = work.experiment
    samples = data.load(experiment.data, experiment.seed)
    x = np.concatenate([samples.x_train, samples.x_validation])
    y = labels_for(experiment, np.concatenate([samples.y_train, samples.y_validation]))
    keras.utils.set_random_seed(experiment.seed)
    seeds = random.Random(experiment.seed)
    layers = [keras_layer(layer, seeds) for layer in experiment.layers]
    model = keras.Sequential([keras.Input(experiment.input_shape), *layers])
    model.compile(build_optimizer(experiment.training), experiment.loss, metrics=["accuracy"])

    def measure() -> float:
        stopwatch = Stopwatch()
        model.fit(
            x,
            y,
            batch_size=experiment.training.batch_size,
            epochs=work.epochs,
            validation_split=experiment.data.validation_split,
            callbacks=[stopwatch],
            verbose=0,
        )
        return median(stopwatch.durations_s)

    return measure


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


def _for_epochs(experiment: Experiment, epochs: int) -> Experiment:
    training = experiment.training.model_copy(update={"epochs": epochs})
    return experiment.model_copy(update={"training": training})
