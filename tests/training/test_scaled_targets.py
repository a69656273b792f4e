"""Numbers to predict of any size are learned in scaled units, and told in their own unit.

The oracle is a plain Keras network without a last Rescaling, fitted to targets that were scaled by
hand; its losses are brought back to the targets' unit by hand too. Both differ by rounding: 1e-4.
"""

from __future__ import annotations

import keras
import numpy as np
import pytest

from core import data
from core.experiment import Experiment
from core.records import LAST_WEIGHTS, MODEL
from core.training import Programs, evaluate, save_model, train
from core.training.programs import structure
from tests.training.small import arrays
from tests.training.tables_of_numbers import doubles, prices, table

RELATIVE = 1e-5
BY_HAND = 1e-4
LOOPS = ("compiled", "fit", "tape")
OPTIMIZERS = {
    "sgd": keras.optimizers.SGD(0.05, momentum=0.9),
    "rmsprop": keras.optimizers.RMSprop(0.05, momentum=0.9),
    "adam": keras.optimizers.Adam(0.05),
    "adamw": keras.optimizers.AdamW(0.05, weight_decay=0.004),
    "nadam": keras.optimizers.Nadam(0.05),
    "adagrad": keras.optimizers.Adagrad(0.05),
}
PENALIZED = {"kind": "mlp", "units": 8, "l1": 0.001, "l2": 0.01}


def scaled(dataset: str = "diabetes", seed: int = 0, **training) -> Experiment:
    return Experiment.model_validate(
        {
            "data": {"dataset": dataset, "target_scaling": "standard"},
            "model": {"kind": "mlp", "dropout": 0.2},
            "training": training,
            "seed": seed,
        }
    )


@pytest.mark.parametrize("seed", range(2))
def test_diabetes_is_learned_in_the_usual_number_of_epochs(seed):
    experiment = scaled(seed=seed)
    samples = arrays(experiment)
    by_the_mean = np.abs(samples.y_test - samples.y_train.mean()).mean()
    assert by_the_mean == pytest.approx(62, abs=1)
    assert train(experiment).evaluation["mae"] < 0.75 * by_the_mean


def history_by_hand(experiment: Experiment) -> dict[str, list[float]]:
    """The loss of plain Keras on targets scaled by hand, in their own unit."""
    samples, loss = arrays(experiment), experiment.loss
    mean, deviation = samples.y_train.mean(dtype="float64"), samples.y_train.std(dtype="float64")
    penalty = keras.regularizers.L1L2(0.001, 0.01)
    keras.utils.set_random_seed(experiment.seed)
    model = keras.Sequential(
        [
            keras.Input(samples.x_train.shape[1:]),
            keras.layers.Dense(8, activation="relu", kernel_regularizer=penalty),
            keras.layers.Dense(1),
        ]
    )
    optimizer = OPTIMIZERS[experiment.training.optimizer]
    model.compile(type(optimizer).from_config(optimizer.get_config()), loss)
    fitted = model.fit(
        samples.x_train,
        (samples.y_train - mean) / deviation,
        batch_size=experiment.training.batch_size,
        epochs=experiment.training.epochs,
        shuffle=False,
        validation_data=(samples.x_validation, (samples.y_validation - mean) / deviation),
        verbose=0,
    )
    unit = deviation**2 if loss == "mse" else deviation
    return {name: [value * unit for value in values] for name, values in fitted.history.items()}


@pytest.mark.parametrize("loss", ["mse", "mae"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_what_is_learned_is_what_keras_learns_from_targets_scaled_by_hand(
    monkeypatch, optimizer, loss
):
    training = {"learning_rate": 0.05, "momentum": 0.9, "epochs": 3, "shuffle": False}
    experiment = table(
        monkeypatch, *prices(), model=PENALIZED, optimizer=optimizer, loss=loss, **training
    )
    found = train(experiment).history
    for name, values in history_by_hand(experiment).items():
        np.testing.assert_allclose(found[name], values, rtol=BY_HAND, err_msg=name)


@pytest.mark.parametrize("loss", ["mse", "mae"])
@pytest.mark.parametrize(
    "training",
    [
        {"optimizer": "sgd", "learning_rate": 0.01, "epochs": 10},
        {"optimizer": "sgd", "learning_rate": 0.1, "epochs": 10},
        {"optimizer": "sgd", "learning_rate": 0.001, "epochs": 60},
        {"optimizer": "sgd", "learning_rate": 0.01, "momentum": 0.9, "epochs": 10},
        {"optimizer": "adam", "learning_rate": 0.001, "epochs": 20},
    ],
    ids=["SGD", "SGD 0.1", "SGD 0.001", "SGD with momentum", "Adam"],
)
@pytest.mark.parametrize("numbers", [doubles, prices])
def test_usual_rates_beat_always_answering_the_mean(monkeypatch, numbers, training, loss):
    experiment = table(monkeypatch, *numbers(), **training, loss=loss)
    run = train(experiment)
    assert run.outcome == "finished"
    share = run.history["val_loss"][-1] / data.constant_losses(experiment.data, 0, loss).mean
    assert share < (0.6 if loss == "mse" else 0.8)


@pytest.mark.parametrize("loss", ["mse", "mae"])
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize("factor", [1e-12, 1e4, 1e9], ids=["tiny", "huge", "larger still"])
def test_size_of_the_numbers_does_not_change_what_is_learned(monkeypatch, factor, optimizer, loss):
    def errors(size: float) -> np.ndarray:
        x, y = prices()
        settings = {"optimizer": optimizer, "learning_rate": 0.01, "epochs": 3, "loss": loss}
        history = train(table(monkeypatch, x, y * size, model=PENALIZED, **settings)).history
        return np.array(history["val_mae"]) / size

    np.testing.assert_allclose(errors(factor), errors(1.0), rtol=1e-3)


def test_numbers_that_are_all_the_same_are_learned(monkeypatch):
    x, _ = prices()
    run = train(table(monkeypatch, x, np.full(len(x), 7e5), learning_rate=0.01, epochs=10))
    assert run.outcome == "finished"
    assert run.evaluation["mae"] < 1


@pytest.mark.parametrize("loss", ["mse", "mae"])
def test_saved_model_and_weights_are_evaluated_as_was_told_with_the_penalties(
    monkeypatch, tmp_path, loss
):
    experiment = table(monkeypatch, *prices(), model=PENALIZED, loss=loss, epochs=2)
    run, samples = train(experiment), arrays(experiment)
    list(save_model(run, tmp_path))
    assert evaluate(experiment, tmp_path / LAST_WEIGHTS) == run.evaluation
    model = keras.saving.load_model(tmp_path / MODEL)
    found = model.evaluate(samples.x_test, samples.y_test, verbose=0, return_dict=True)
    assert found == pytest.approx(run.evaluation, rel=RELATIVE)
    unit = data.target_scale(experiment.data, 0).loss_unit(loss)
    kernel = run.model.get_weights()[0]
    penalty = 0.001 * np.abs(kernel).sum() + 0.01 * (kernel**2).sum()
    assert found["loss"] == pytest.approx(found[loss] + penalty * unit, rel=RELATIVE)


@pytest.mark.parametrize("loop", LOOPS)
def test_callbacks_see_losses_in_the_unit_of_the_targets(monkeypatch, loop):
    # An improvement by less than this is none: in scaled units it would be three deviations.
    stopping = {"monitor": "loss", "patience": 1, "min_delta": 1000.0}
    callbacks = {"early_stopping": stopping}
    settings = {"loop": loop, "loss": "mae", "learning_rate": 0.01, "epochs": 4}
    run = train(table(monkeypatch, *prices(), callbacks=callbacks, **settings))
    assert len(run.records) == 4


@pytest.mark.parametrize("loop", ["fit", "tape"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_loops_agree(optimizer, loop):
    settings = {"epochs": 2, "optimizer": optimizer}
    expected = train(scaled(**settings)).history
    for name, values in train(scaled(**settings, loop=loop)).history.items():
        np.testing.assert_allclose(values, expected[name], rtol=RELATIVE, err_msg=name)


def test_errors_are_those_of_predictions_in_the_unit_of_the_targets():
    run = train(scaled(epochs=3))
    errors = np.abs(run.test_outputs - run.test_true)
    assert run.evaluation["mae"] == pytest.approx(errors.mean(), rel=RELATIVE)
    assert run.evaluation["loss"] == pytest.approx((errors**2).mean(), rel=RELATIVE)
    assert 100 < run.test_outputs.mean() < 200


def test_a_saved_model_predicts_in_a_plain_keras(tmp_path):
    experiment = scaled(epochs=1)
    run = train(experiment)
    list(save_model(run, tmp_path))
    found = keras.saving.load_model(tmp_path / MODEL).predict(arrays(experiment).x_test, verbose=0)
    np.testing.assert_allclose(found, run.test_outputs, rtol=RELATIVE)


def test_a_kept_program_does_not_lend_its_mean_to_other_samples():
    programs, other = Programs(keep=2), scaled(seed=1, epochs=1)
    first = scaled(epochs=1)
    programs.give_back(first, train(first, programs=programs).program)
    assert train(other, programs=programs).history == train(other).history


def test_a_program_is_kept_for_the_same_samples():
    assert structure(scaled(learning_rate=0.01)) == structure(scaled())
