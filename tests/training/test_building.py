"""Settings reach Keras: every layer argument, every optimizer argument, the compiled loss."""

from __future__ import annotations

import random

import keras
import numpy as np
import pytest

from core.experiment import Training
from core.experiment.fields import Part
from core.experiment.layers import LAYER_TYPES
from core.training import build_model
from core.training.building import build_optimizer
from core.training.layers import keras_layer
from tests.experiment.random_experiments import random_experiments
from tests.training.small import small

SEEDS = random.Random(0)
# Arguments that Keras gives back as a pair or under another form.
PAIRS = ("kernel_size", "pool_size", "strides")


def kept_by_keras(layer: Part, config: dict) -> dict:
    """The layer's arguments as Keras's configuration holds them."""
    found = {}
    for name in set(type(layer).model_fields) - {"kind"}:
        value = config[name]
        if name in PAIRS:
            assert len({*value}) == 1
            value = value[0]
        elif name.endswith("regularizer"):
            value = value["config"] if value else {"l1": 0.0, "l2": 0.0}
            value = {key: pytest.approx(amount) for key, amount in value.items()}
        found[name] = value
    return found


def settings_of(layer: Part) -> dict:
    settings = layer.model_dump(exclude={"kind"})
    if "pool_size" in settings and settings["strides"] is None:
        settings["strides"] = settings["pool_size"]
    return settings


@pytest.mark.parametrize("kind", LAYER_TYPES)
def test_layer_is_built_as_its_kind_with_its_arguments(kind):
    layer = LAYER_TYPES[kind](**({"input_dim": 50} if kind == "Embedding" else {}))
    built = keras_layer(layer, SEEDS)
    assert type(built) is getattr(keras.layers, kind)
    assert kept_by_keras(layer, built.get_config()) == settings_of(layer)


@pytest.mark.parametrize("seed", range(2))
def test_random_layers_are_built_with_their_arguments(seed):
    for experiment in random_experiments(30, seed):
        for layer in experiment.layers:
            assert kept_by_keras(layer, keras_layer(layer, SEEDS).get_config()) == settings_of(
                layer
            )


def test_part_that_is_no_layer_is_refused_by_name():
    with pytest.raises(TypeError, match="Training cannot be built"):
        keras_layer(Training(), SEEDS)


def test_penalty_of_nothing_adds_no_regularizer():
    dense = LAYER_TYPES["Dense"].model_validate({"kernel_regularizer": {"l1": 0, "l2": 0}})
    assert keras_layer(dense, SEEDS).kernel_regularizer is None


def unnamed(optimizer: keras.optimizers.Optimizer) -> dict:
    """An optimizer's configuration without the name Keras numbers it by."""
    return {name: value for name, value in optimizer.get_config().items() if name != "name"}


@pytest.mark.parametrize(
    ("settings", "kind", "expected"),
    [
        ({"optimizer": "adam"}, "Adam", {}),
        ({"optimizer": "nadam"}, "Nadam", {}),
        ({"optimizer": "adagrad"}, "Adagrad", {}),
        ({"optimizer": "adamw", "weight_decay": 0.02}, "AdamW", {"weight_decay": 0.02}),
        ({"optimizer": "rmsprop", "momentum": 0.3}, "RMSprop", {"momentum": 0.3}),
        ({"optimizer": "sgd"}, "SGD", {"momentum": 0.0, "nesterov": False}),
        (
            {"optimizer": "sgd", "momentum": 0.9, "nesterov": True},
            "SGD",
            {"momentum": 0.9, "nesterov": True},
        ),
    ],
)
def test_optimizer_has_its_class_and_settings(settings, kind, expected):
    built = build_optimizer(Training.model_validate({"learning_rate": 0.03, **settings}))
    assert type(built) is getattr(keras.optimizers, kind)
    defaults = unnamed(getattr(keras.optimizers, kind)(0.03))
    assert unnamed(built) == defaults | expected


def test_momentum_does_not_reach_optimizers_that_have_none():
    built = build_optimizer(Training(optimizer="adam", momentum=0.9, nesterov=True))
    assert unnamed(built) == unnamed(keras.optimizers.Adam(0.001))


@pytest.mark.parametrize("loss", [None, "categorical_crossentropy", "mse", "mae"])
def test_model_is_compiled_with_the_loss(loss):
    experiment = small(loss=loss)
    assert build_model(experiment).loss == experiment.loss


def test_model_takes_samples_and_gives_one_output_a_class():
    model = build_model(small())
    assert model.input_shape == (None, 8, 8, 1)
    assert model.output_shape == (None, 10)


@pytest.mark.parametrize("seed", range(2))
def test_parameters_of_random_models_are_those_counted_without_keras(seed):
    for experiment in random_experiments(10, seed + 100):
        assert build_model(experiment).count_params() == experiment.parameter_count


def test_first_weights_are_those_of_plain_keras_with_the_seed():
    built = build_model(small(model={"kind": "mlp", "units": 8, "dropout": 0.2}, seed=5))
    keras.utils.set_random_seed(5)
    layers = [keras.layers.Flatten(), keras.layers.Dense(8), keras.layers.Dropout(0.2)]
    plain = keras.Sequential([keras.Input((8, 8, 1)), *layers, keras.layers.Dense(10)])
    for mine, other in zip(built.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, other)


def test_first_weights_do_not_depend_on_what_other_threads_draw(monkeypatch):
    """Dask's threads draw from Python's `random`, of which Keras takes its seeds."""
    expected = build_model(small(seed=5)).get_weights()
    seeded = keras.utils.set_random_seed

    def seed_and_be_overtaken(seed: int) -> None:
        seeded(seed)
        random.random()

    monkeypatch.setattr(keras.utils, "set_random_seed", seed_and_be_overtaken)
    for mine, other in zip(build_model(small(seed=5)).get_weights(), expected, strict=True):
        np.testing.assert_array_equal(mine, other)
