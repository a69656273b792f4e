"""A model whose last layer somebody made the output layer is that of plain Keras, and learns."""

from __future__ import annotations

import keras
import pytest

from core.experiment import Experiment
from core.export import keras_script
from core.training import build_model, train

LAYERS = [
    {"kind": "Dense", "units": 16, "activation": "relu"},
    {"kind": "Dense", "units": 3, "activation": "softmax"},
]
IRIS = {
    "data": {"dataset": "iris"},
    "model": {"kind": "custom", "layers": LAYERS},
    "training": {"epochs": 60, "learning_rate": 0.01},
}


def test_model_has_the_layers_it_was_given():
    model = build_model(Experiment.model_validate(IRIS))
    assert [layer.units for layer in model.layers] == [16, 3]


def test_script_has_the_layers_it_was_given():
    assert keras_script(Experiment.model_validate(IRIS)).count("keras.layers.Dense(") == 2


@pytest.mark.parametrize("loop", ["compiled", "fit", "tape"])
def test_iris_is_learned_in_every_loop(loop):
    settings = {**IRIS, "training": {**IRIS["training"], "loop": loop}}
    assert train(Experiment.model_validate(settings)).evaluation["accuracy"] >= 0.85


def test_run_from_before_is_built_as_it_was():
    before = {**IRIS, "model": {**IRIS["model"], "output_layer": "added"}}
    model = build_model(Experiment.model_validate(before))
    assert [layer.units for layer in model.layers] == [16, 3, 3]
    assert isinstance(model.layers[-1], keras.layers.Dense)
