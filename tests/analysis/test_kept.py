"""The epoch whose weights are kept is the one that Keras's own early stopping puts back."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from core.analysis import kept_epoch
from core.experiment import Experiment
from core.records import EpochRecord


def experiment(**stopping: object) -> Experiment:
    given = {"callbacks": {"early_stopping": stopping}} if stopping else {}
    return Experiment.model_validate({"data": {"dataset": "digits"}, **given})


def records(name: str, values: list[float]) -> tuple[EpochRecord, ...]:
    return tuple(EpochRecord(epoch, {name: value}, 1.0, 0.1) for epoch, value in enumerate(values))


class Weights:
    """A model of one weight, which is the number of the epoch."""

    def __init__(self) -> None:
        self.weights = [0]
        self.stop_training = False
        self.metrics = ()

    def get_weights(self) -> list[int]:
        return [*self.weights]

    def set_weights(self, weights: list[int]) -> None:
        self.weights = weights


def keras_keeps(name: str, values: list[float], mode: str, min_delta: float) -> int:
    callback = keras.callbacks.EarlyStopping(
        name, mode=mode, min_delta=min_delta, patience=1000, restore_best_weights=True
    )
    model = Weights()
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, value in enumerate(values):
        model.weights = [epoch]
        callback.on_epoch_end(epoch, {name: value})
    callback.on_train_end()
    return model.weights[0]


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize(
    ("name", "mode"), [("val_loss", "min"), ("val_accuracy", "max"), ("loss", "min")]
)
def test_epoch_kept_is_that_of_keras(name, mode, seed):
    random = np.random.default_rng(seed)
    values = random.random(12).round(1).tolist()
    min_delta = float(random.choice([0.0, 0.05, 0.2]))
    settings = experiment(monitor=name, min_delta=min_delta)
    expected = keras_keeps(name, values, mode, min_delta)
    found = kept_epoch(settings, records(name, values))
    assert (len(values) - 1 if found is None else found) == expected


def test_last_weights_stay_without_early_stopping():
    assert kept_epoch(experiment(), records("val_loss", [0.1, 0.2])) is None


def test_last_weights_stay_where_none_are_put_back():
    settings = experiment(restore_best_weights=False)
    assert kept_epoch(settings, records("val_loss", [0.1, 0.2])) is None


def test_nothing_is_kept_before_the_first_epoch():
    assert kept_epoch(experiment(patience=3), ()) is None
