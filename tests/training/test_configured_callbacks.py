"""The callbacks an experiment asks for do in every loop what plain Keras's do.

EarlyStopping and ReduceLROnPlateau are driven by hand with recorded losses, to know what they
should have done; a learning rate is kept as float32, a relative rounding of 1e-7.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import keras
import numpy as np
import pytest

from core.training import train
from core.training.train import TrainedRun
from tests.training.calling import LOOPS, calling
from tests.training.small import arrays, small

RELATIVE = 1e-5
FLOAT32 = 2e-7
EPOCHS = 12
STOPPING: dict[str, dict[str, Any]] = {
    "patient": {"patience": 2},
    "demanding": {"patience": 1, "min_delta": 0.3},
    "upwards": {"patience": 2, "monitor": "val_accuracy"},
    "keeping": {"patience": 1, "restore_best_weights": False},
}


def jumpy(loop: str = "compiled", epochs: int = EPOCHS):
    """An experiment whose validation loss goes down and up again."""
    return small(loop=loop, learning_rate=0.1, epochs=epochs, metrics=["accuracy"])


class Weights(keras.callbacks.Callback):
    """Copies the weights at the end of each epoch."""

    def __init__(self) -> None:
        super().__init__()
        self.of_epoch: list[list[np.ndarray]] = []

    def on_epoch_end(self, epoch, logs=None):
        self.of_epoch.append(self.model.get_weights())


@pytest.fixture(scope="module")
def undisturbed() -> TrainedRun:
    """The run without callbacks."""
    return train(jumpy())


def stopped_by_hand(values: list[float], settings: dict[str, Any]) -> keras.callbacks.Callback:
    """Keras's EarlyStopping after these values, one an epoch."""
    monitor = settings.get("monitor", "val_loss")
    mode = "max" if monitor.endswith("accuracy") else "min"
    callback = keras.callbacks.EarlyStopping(**{"monitor": monitor, "mode": mode, **settings})
    model = SimpleNamespace(stop_training=False, get_weights=list, set_weights=list)
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, value in enumerate(values):
        callback.on_epoch_end(epoch, {monitor: value})
        if model.stop_training:
            break
    return callback


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("name", STOPPING)
def test_early_stopping_ends_the_run_where_kerass_does(undisturbed, name, loop):
    settings = STOPPING[name]
    by_hand = stopped_by_hand(
        undisturbed.history[settings.get("monitor", "val_loss")],
        {**settings, "restore_best_weights": True},
    )
    assert 0 < by_hand.stopped_epoch < EPOCHS - 1
    kept = Weights()
    run = train(calling(jumpy(loop), early_stopping=settings), callbacks=[kept])
    assert len(run.records) == by_hand.stopped_epoch + 1
    assert run.outcome == "finished"
    restored = settings.get("restore_best_weights", True)
    expected = kept.of_epoch[by_hand.best_epoch if restored else -1]
    for found, wanted in zip(run.model.get_weights(), expected, strict=True):
        np.testing.assert_array_equal(found, wanted)


def test_early_stopping_leaves_the_epochs_before_it_as_they_are(undisturbed):
    run = train(calling(jumpy(), early_stopping=STOPPING["patient"]))
    done = len(run.records)
    assert run.history == {name: values[:done] for name, values in undisturbed.history.items()}


def test_validation_outputs_after_early_stopping_are_those_of_the_model():
    run = train(calling(jumpy(), early_stopping=STOPPING["patient"]))
    expected = run.model.predict(arrays(jumpy()).x_validation, verbose=0)
    np.testing.assert_allclose(run.validation_outputs, expected, rtol=RELATIVE)


def test_early_stopping_that_never_strikes_lets_the_run_end(undisturbed):
    run = train(
        calling(jumpy(), early_stopping={"patience": EPOCHS, "restore_best_weights": False})
    )
    assert run.history == undisturbed.history
    assert run.evaluation == undisturbed.evaluation


@pytest.mark.parametrize("loop", LOOPS)
def test_schedule_sets_the_rate_of_every_epoch(loop):
    schedule = {"kind": "step", "warm_up_epochs": 1, "every": 1, "factor": 0.5}
    run = train(calling(small(loop=loop, epochs=4, learning_rate=0.02), schedule=schedule))
    found = [record.learning_rate for record in run.records]
    assert found == pytest.approx([0.01, 0.02, 0.01, 0.005], rel=FLOAT32)


@pytest.mark.parametrize("loop", LOOPS)
def test_history_under_a_schedule_is_that_of_plain_keras(loop):
    experiment = small(loop=loop, epochs=4, learning_rate=0.02, shuffle=False)
    samples = arrays(experiment)
    keras.utils.set_random_seed(experiment.seed)
    layers = [keras.layers.Flatten(), keras.layers.Dense(8, "relu")]
    model = keras.Sequential(
        [keras.Input((8, 8, 1)), *layers, keras.layers.Dense(10, activation="softmax")]
    )
    model.compile(keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy")
    rates = [0.02, 0.01, 0.005, 0.0025]
    fitted = model.fit(
        samples.x_train,
        samples.y_train,
        batch_size=experiment.training.batch_size,
        epochs=4,
        shuffle=False,
        validation_data=(samples.x_validation, samples.y_validation),
        callbacks=[keras.callbacks.LearningRateScheduler(lambda epoch: rates[epoch])],
        verbose=0,
    )
    run = train(calling(experiment, schedule={"kind": "exponential", "factor": 0.5}))
    for name in ("loss", "val_loss"):
        np.testing.assert_allclose(run.history[name], fitted.history[name], rtol=RELATIVE)


def plateau_by_hand(values: list[float], rate: float, **settings: Any) -> list[float]:
    """The rates Keras's ReduceLROnPlateau leaves for each epoch, given the epochs' values."""
    callback = keras.callbacks.ReduceLROnPlateau(monitor="val_loss", mode="min", **settings)
    optimizer = SimpleNamespace(learning_rate=rate)
    callback.set_model(SimpleNamespace(optimizer=optimizer))
    callback.on_train_begin()
    rates = []
    for epoch, value in enumerate(values):
        rates.append(optimizer.learning_rate)
        callback.on_epoch_end(epoch, {"val_loss": value})
    return rates


@pytest.mark.parametrize("loop", LOOPS)
def test_plateau_lowers_the_rate_where_kerass_does(loop):
    part = {"patience": 1, "factor": 0.1, "min_learning_rate": 0.002}
    run = train(calling(jumpy(loop), plateau=part))
    expected = plateau_by_hand(run.history["val_loss"], 0.1, patience=1, factor=0.1, min_lr=0.002)
    assert {0.1, 0.002} < set(expected)
    assert [record.learning_rate for record in run.records] == pytest.approx(expected, rel=FLOAT32)


class Batches(keras.callbacks.Callback):
    """The loss after each training batch."""

    def __init__(self) -> None:
        super().__init__()
        self.losses: list[float] = []

    def on_train_batch_end(self, batch, logs=None):
        self.losses.append(logs["loss"])


def exploding(loop: str, **callbacks: Any) -> tuple[TrainedRun, list[float]]:
    """A run at a learning rate of 100, and the losses after its batches."""
    seen = Batches()
    one = small("plane", loop=loop, optimizer="sgd", learning_rate=100, batch_size=4, epochs=3)
    return train(calling(one, **callbacks), callbacks=[seen]), seen.losses


@pytest.mark.parametrize("loop", LOOPS)
def test_terminating_on_nan_ends_the_epoch_at_the_batch_that_diverged(loop):
    plain, losses = exploding(loop)
    run, seen = exploding(loop, terminate_on_nan=True)
    assert len(seen) == list(np.isfinite(losses)).index(False) + 1 < len(losses)
    assert len(run.records) <= len(plain.records)


@pytest.mark.parametrize("loop", LOOPS)
def test_run_terminated_on_nan_is_told_to_have_diverged(loop):
    run, _ = exploding(loop, terminate_on_nan=True)
    assert run.outcome == "diverged"
    assert "it was 100" in run.reason
    assert run.evaluation == {}
