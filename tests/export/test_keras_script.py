"""The script, run as someone who copied it would, builds, compiles and trains the same network."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from core import data
from core.experiment import Experiment
from core.experiment.layers import LAYER_TYPES
from core.experiment.presets import PRESETS
from core.export import keras_script, layer_call, network_script
from core.training import build_model, train
from tests.experiment.random_experiments import random_experiments

RELATIVE = 1e-5
EVERY_LAYER = {
    "kind": "custom",
    "layers": [
        {"kind": "Conv2D", "filters": 4, "padding": "same", "kernel_regularizer": {"l1": 0.001}},
        {"kind": "BatchNormalization", "momentum": 0.9, "epsilon": 0.01},
        {"kind": "Activation", "activation": "leaky_relu"},
        {"kind": "MaxPooling2D", "pool_size": 3, "strides": 1, "padding": "same"},
        {"kind": "AveragePooling2D"},
        {"kind": "MaxPooling2D"},
        {"kind": "Conv2D", "strides": 2, "kernel_size": 2, "activation": "gelu"},
        {"kind": "GlobalAveragePooling2D"},
        {"kind": "Flatten"},
        {"kind": "Dense", "units": 6, "kernel_regularizer": {"l1": 0.01, "l2": 0.02}},
        {"kind": "Dropout", "rate": 0.25},
        {"kind": "Dense", "bias_regularizer": {"l2": 0.03}, "activation": "tanh"},
    ],
}


def experiment(dataset="digits", model=None, targets="none", **training) -> Experiment:
    return Experiment.model_validate(
        {
            "data": {
                "dataset": dataset,
                "training_samples": 100,
                "validation_split": training.pop("validation_split", 0.2),
                "target_scaling": targets,
            },
            "model": model or {"kind": "mlp", "units": 8},
            "training": {"epochs": 1, **training},
            "seed": 7,
        }
    )


def executed(one: Experiment) -> dict[str, Any]:
    """The names a script leaves behind, run on the arrays of a run instead of those it loads."""
    samples = data.load(one.data, one.seed)
    names: dict[str, Any] = {"keras": keras, "x_train": samples.x_train, "y_train": samples.y_train}
    if one.data.validation_split:
        names |= {"x_val": samples.x_validation, "y_val": samples.y_validation}
    exec(network_script(one), names)
    return names


def configs(model) -> list[tuple[str, dict]]:
    """Layer classes and arguments, without names and seeds, and with penalties as amounts."""
    found = []
    for layer in model.layers:
        arguments = layer.get_config()
        kept = arguments.keys() - {"name", "seed"}
        found.append((type(layer).__name__, {name: _plain(arguments[name]) for name in kept}))
    return found


def _plain(value: Any) -> Any:
    match value:
        case {"module": "keras.regularizers", "config": config}:
            amounts = {name: pytest.approx(amount) for name, amount in config.items()}
            return {"l1": 0.0, "l2": 0.0} | amounts
        case {"module": "keras.initializers", "class_name": name, "config": config}:
            return name, {key: value for key, value in config.items() if key != "seed"}
    return value


def optimizer_config(model) -> dict:
    return {name: value for name, value in model.optimizer.get_config().items() if name != "name"}


CASES = {
    "every layer": experiment(model=EVERY_LAYER),
    "one-hot": experiment(loss="categorical_crossentropy", optimizer="nadam"),
    "squared one-hot": experiment("gaussians", loss="mse", optimizer="adagrad"),
    "sigmoid": experiment("moons", loss="binary_crossentropy", optimizer="rmsprop", momentum=0.5),
    "numbers": experiment("plane", optimizer="sgd", momentum=0.9, nesterov=True),
    "absolute numbers": experiment(
        "plane", loss="mae", optimizer="adamw", weight_decay=0.1, shuffle=False, metrics=[]
    ),
    "scaled numbers": experiment("diabetes", targets="standard"),
    "scaled numbers with penalties": experiment(
        "diabetes",
        targets="standard",
        model={"kind": "mlp", "units": 8, "l1": 0.001, "l2": 0.02},
        loss="mae",
        optimizer="sgd",
        learning_rate=0.01,
        epochs=3,
    ),
    "normalized cnn": experiment(
        model={
            "kind": "cnn",
            "filters": 2,
            "batch_normalization": True,
            "pooling": "average",
            "dropout": 0.2,
            "l2": 0.01,
        }
    ),
    "no validation": experiment(validation_split=0, metrics=["accuracy"]),
}


@pytest.fixture(scope="module", params=CASES)
def case(request) -> tuple[Experiment, dict[str, Any]]:
    """An experiment, and what its script left behind."""
    return CASES[request.param], executed(CASES[request.param])


def test_script_builds_the_layers_training_builds(case):
    one, names = case
    assert configs(names["model"]) == configs(build_model(one))


def test_script_compiles_the_optimizer_and_loss_training_uses(case):
    one, names = case
    model = build_model(one)
    assert type(names["model"].optimizer) is type(model.optimizer)
    assert optimizer_config(names["model"]) == optimizer_config(model)
    assert names["model"].loss == model.loss


def test_script_trains_its_epochs(case):
    one, names = case
    history = names["history"].history
    assert {len(values) for values in history.values()} == {one.training.epochs}
    assert np.isfinite(history["loss"]).all()
    assert ("val_loss" in history) == (one.data.validation_split > 0)


@pytest.mark.parametrize(
    "name",
    ["one-hot", "sigmoid", "absolute numbers", "scaled numbers", "scaled numbers with penalties"],
)
def test_script_gives_the_history_of_a_run(name):
    # Networks without dropout, in a fixed order: equal but for rounding.
    one = CASES[name].model_copy(
        update={"training": CASES[name].training.model_copy(update={"shuffle": False})}
    )
    expected = train(one).history
    for metric, values in executed(one)["history"].history.items():
        assert values == pytest.approx(expected[metric], rel=RELATIVE), metric


def model_of_script(one: Experiment) -> Any:
    """The model of a script, without training it."""
    names: dict[str, Any] = {"keras": keras}
    if one.data.target_scaling != "none":
        names["y_train"] = data.load(one.data, one.seed).y_train
    exec(network_script(one).partition("model.compile(")[0], names)
    return names["model"]


@pytest.mark.parametrize("name", PRESETS)
def test_script_of_a_preset_builds_its_layers(name):
    assert configs(model_of_script(PRESETS[name])) == configs(build_model(PRESETS[name]))


@pytest.mark.parametrize("name", PRESETS)
def test_script_of_a_preset_starts_from_its_weights(name):
    expected = build_model(PRESETS[name]).get_weights()
    for ours, its in zip(expected, model_of_script(PRESETS[name]).get_weights(), strict=True):
        np.testing.assert_array_equal(its, ours)


@pytest.mark.parametrize("seed", range(2))
def test_scripts_of_random_experiments_build_their_layers(seed):
    for one in random_experiments(20, seed + 200):
        assert configs(model_of_script(one)) == configs(build_model(one)), one


@pytest.mark.parametrize("seed", range(20))
def test_script_of_a_random_experiment_is_python_of_short_lines(seed):
    [one] = random_experiments(1, seed + 300)
    script = keras_script(one)
    compile(script, "script", "exec")
    assert script.endswith(")\n")
    assert max(map(len, script.splitlines())) < 250


@pytest.mark.parametrize("kind", LAYER_TYPES)
def test_layer_with_its_defaults_is_a_call_that_keras_takes(kind):
    given = {"input_dim": 50} if kind == "Embedding" else {}
    built = eval(layer_call(LAYER_TYPES[kind](**given)), {"keras": keras})
    assert type(built) is getattr(keras.layers, kind)


@pytest.mark.parametrize(
    ("kind", "settings", "call"),
    [
        ("Flatten", {}, "Flatten()"),
        ("Dense", {"units": 3}, "Dense(3)"),
        ("Dense", {"activation": "relu"}, 'Dense(64, activation="relu")'),
        ("Dropout", {"rate": 0.25}, "Dropout(0.25)"),
        ("AveragePooling2D", {}, "AveragePooling2D(2)"),
        ("MaxPooling2D", {"pool_size": 3, "strides": 1}, "MaxPooling2D(3, strides=1)"),
        ("Conv2D", {"padding": "same"}, 'Conv2D(32, 3, padding="same")'),
        ("Activation", {"activation": "elu"}, 'Activation("elu")'),
        (
            "Dense",
            {"kernel_regularizer": {"l2": 0.1}},
            "Dense(64, kernel_regularizer=keras.regularizers.L2(0.1))",
        ),
        (
            "Dense",
            {"bias_regularizer": {"l1": 0.1, "l2": 0.2}},
            "Dense(64, bias_regularizer=keras.regularizers.L1L2(l1=0.1, l2=0.2))",
        ),
    ],
)
def test_call_leaves_out_what_keras_has_by_default(kind, settings, call):
    assert layer_call(LAYER_TYPES[kind].model_validate(settings)) == f"keras.layers.{call}"


def test_script_leaves_out_the_metrics_keras_has_not():
    assert 'metrics=["accuracy"],' in keras_script(experiment())
    assert "macro" not in keras_script(experiment())
