"""The callbacks of a script are Keras's, set as those that training uses, and work in it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from core import data
from core.experiment import Experiment
from core.export import keras_script, network_script
from core.training import train
from core.training.callbacks import configured

RELATIVE = 1e-5
EPOCHS = 12
PLACES = ("filename", "filepath", "log_dir")
CASES: dict[str, dict[str, Any]] = {
    "defaults": {"early_stopping": {}, "checkpoint": {}, "plateau": {}},
    "all with a schedule": {
        "early_stopping": {"monitor": "val_accuracy", "patience": 3, "min_delta": 0.01},
        "checkpoint": {"monitor": "loss", "best_only": False, "weights_only": True},
        "schedule": {"kind": "cosine", "warm_up_epochs": 2, "final_share": 0.1},
        "terminate_on_nan": True,
        "csv": True,
        "tensorboard": True,
    },
    "all with a plateau": {
        "early_stopping": {"monitor": "loss", "patience": 0, "restore_best_weights": False},
        "checkpoint": {"monitor": "val_accuracy", "weights_only": True},
        "plateau": {"monitor": "accuracy", "factor": 0.2, "patience": 1, "min_learning_rate": 1e-5},
        "csv": True,
    },
    "every epoch": {"checkpoint": {"best_only": False}},
}


def experiment(callbacks: dict[str, Any], **training: Any) -> Experiment:
    return Experiment.model_validate(
        {
            "data": {"dataset": "digits", "training_samples": 100, "validation_split": 0.2},
            "model": {"kind": "mlp", "units": 8},
            "training": {
                **{"epochs": EPOCHS, "batch_size": 18, "learning_rate": 0.1},
                **{"shuffle": False, "metrics": ["accuracy"]},
                **training,
            },
            "callbacks": callbacks,
        }
    )


def executed(one: Experiment) -> dict[str, Any]:
    """The names a script leaves behind, run on the arrays of a run instead of those it loads."""
    samples = data.load(one.data, one.seed)
    names: dict[str, Any] = {"keras": keras, "math": math}
    names |= {"x_train": samples.x_train, "y_train": samples.y_train}
    names |= {"x_val": samples.x_validation, "y_val": samples.y_validation}
    exec(network_script(one), names)
    return names


def callbacks_of_script(one: Experiment) -> list[keras.callbacks.Callback]:
    """Those of a script, before it trains."""
    names: dict[str, Any] = {"keras": keras, "math": math}
    exec(network_script(one).partition("history =")[0], names)
    return names["callbacks"]


def settings(callback: keras.callbacks.Callback) -> dict[str, Any]:
    """Every setting that is a plain value; of places, the last part."""
    plain = {
        name: value
        for name, value in vars(callback).items()
        if value is None or isinstance(value, str | int | float | bool)
    }
    return plain | {name: Path(plain[name]).name for name in PLACES if name in plain}


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", CASES)
def test_callbacks_of_the_script_are_set_as_those_of_training(name, here):
    one = experiment(CASES[name])
    found, expected = callbacks_of_script(one), list(configured(one, here))
    assert [type(callback) for callback in found] == [type(callback) for callback in expected]
    assert [settings(callback) for callback in found] == [
        settings(callback) for callback in expected
    ]


def test_settings_that_are_compared_are_those_given():
    callbacks = callbacks_of_script(experiment(CASES["all with a plateau"]))
    plateau, checkpoint, log, stopping = map(settings, callbacks)
    assert plateau["factor"] == 0.2
    assert plateau["min_lr"] == 1e-5
    assert checkpoint["filepath"] == "checkpoint.weights.h5"
    assert (checkpoint["monitor"], checkpoint["mode"]) == ("val_accuracy", "max")
    assert log["filename"] == "epochs.csv"
    assert (stopping["monitor"], stopping["mode"], stopping["patience"]) == ("loss", "min", 0)
    assert stopping["restore_best_weights"] is False


def test_schedule_of_the_script_gives_the_rates_of_training(here):
    one = experiment(CASES["all with a schedule"])
    found, expected = callbacks_of_script(one)[0], next(iter(configured(one, here)))
    rates = [found.schedule(epoch) for epoch in range(EPOCHS)]
    assert rates == [expected.schedule(epoch, 0.5) for epoch in range(EPOCHS)]
    assert rates[0] == pytest.approx(0.1 / 3)


@pytest.mark.parametrize(
    "callbacks",
    [
        {"early_stopping": {"patience": 1}},
        {"schedule": {"kind": "exponential", "warm_up_epochs": 1}},
        {"plateau": {"patience": 0, "factor": 0.1}},
    ],
    ids=lambda given: next(iter(given)),
)
def test_script_gives_the_history_of_a_run(callbacks):
    one = experiment(callbacks)
    history = executed(one)["history"].history
    expected = train(one).history
    for name, values in expected.items():
        np.testing.assert_allclose(history[name], values, rtol=RELATIVE, err_msg=name)
    if "early_stopping" in callbacks:
        assert len(history["loss"]) < EPOCHS


def test_script_writes_the_files_of_its_callbacks_here(here):
    names = executed(experiment(CASES["all with a schedule"], epochs=3))
    assert len(names["history"].history["loss"]) == 3
    assert sorted(path.name for path in here.iterdir()) == [
        *(f"epoch-000{epoch}.weights.h5" for epoch in (1, 2, 3)),
        "epochs.csv",
        "tensorboard",
    ]


def test_script_without_callbacks_does_not_speak_of_them():
    assert "callbacks" not in keras_script(experiment({}))


@pytest.mark.parametrize("monitor", ["val_accuracy", "val_macro_f1"])
def test_what_a_callback_of_the_script_watches_is_measured_in_it(monitor):
    one = experiment({"early_stopping": {"monitor": monitor}}, epochs=1, metrics=None)
    names = executed(one)
    for callback in names.get("callbacks", []):
        assert callback.monitor in names["history"].history


def test_schedule_of_a_long_run_does_not_make_a_line_nobody_can_read():
    script = keras_script(experiment({"schedule": {}}, epochs=1000))
    assert max(map(len, script.splitlines())) < 250
