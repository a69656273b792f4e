"""An output layer that somebody put last is the output layer; what cannot learn is explained."""

from __future__ import annotations

import pytest

from core.experiment import Experiment, advise
from core.experiment.layers import Dense
from core.experiment.presets import PRESETS

HIDDEN = {"kind": "Dense", "units": 16, "activation": "relu"}


def custom(*layers: dict, data: str = "iris", loss: str | None = None, **more) -> Experiment:
    model = {"kind": "custom", "layers": layers, **more}
    return Experiment.model_validate(
        {"data": {"dataset": data}, "model": model, "training": {"loss": loss}}
    )


def dense(units: int, activation: str) -> dict:
    return {"kind": "Dense", "units": units, "activation": activation}


def activation(name: str) -> dict:
    return {"kind": "Activation", "activation": name}


def kinds(experiment: Experiment) -> list[str]:
    return [row.kind for row in experiment.summary]


RECOGNIZED = {
    "softmax over the classes": ((dense(3, "softmax"),), {}),
    "softmax on its own": ((dense(3, "linear"), activation("softmax")), {}),
    "one sigmoid": ((dense(1, "sigmoid"),), {"data": "moons", "loss": "binary_crossentropy"}),
    "two of softmax": ((dense(2, "softmax"),), {"data": "moons"}),
    "one number": ((dense(1, "linear"),), {"data": "diabetes"}),
}
ADDED = {
    "another number of units": ((dense(4, "softmax"),), {}),
    "another activation": ((dense(3, "relu"),), {}),
    "a sigmoid for another loss": ((dense(1, "sigmoid"),), {"data": "moons"}),
    "softmax over other values": ((dense(5, "linear"), activation("softmax")), {}),
    "softmax in the middle": ((dense(3, "softmax"), dense(8, "relu")), {}),
    "a number through ReLU": ((dense(1, "relu"),), {"data": "diabetes"}),
    "features that are as many": ((activation("softmax"),), {"data": "moons"}),
}


@pytest.mark.parametrize(("layers", "rest"), RECOGNIZED.values(), ids=RECOGNIZED)
def test_output_layer_at_the_end_is_not_added_again(layers, rest):
    experiment = custom(HIDDEN, *layers, **rest)
    assert experiment.has_own_output
    assert len(experiment.layers) == 1 + len(layers)
    assert experiment.summary[-1].output == (experiment.outputs,)
    assert not advise(experiment) or rest.get("data") == "diabetes"


@pytest.mark.parametrize(("layers", "rest"), ADDED.values(), ids=ADDED)
def test_other_last_layer_gets_an_output_layer(layers, rest):
    experiment = custom(*layers, **rest)
    assert not experiment.has_own_output
    assert len(experiment.layers) == len(layers) + 1
    last = experiment.layers[-1]
    assert isinstance(last, Dense)
    assert last.units == experiment.outputs


def test_penalty_on_the_output_layer_is_kept():
    output = {**dense(3, "softmax"), "kernel_regularizer": {"l2": 0.01}}
    [last] = custom(HIDDEN, output).layers[1:]
    assert last.kernel_regularizer.l2 == 0.01


def test_scaled_targets_come_after_the_output_layer_somebody_put_there():
    settings = custom(HIDDEN, dense(1, "linear"), data="diabetes").model_dump()
    settings["data"]["target_scaling"] = "standard"
    one = Experiment.model_validate(settings)
    assert [row for row in kinds(one) if row != "Rescaling"] == ["Dense", "Dense"]


def test_experiment_from_before_keeps_its_added_layer():
    experiment = custom(HIDDEN, dense(3, "softmax"), output_layer="added")
    assert kinds(experiment) == ["Dense", "Dense", "Dense"]


@pytest.mark.parametrize("name", PRESETS)
def test_presets_get_their_output_layer(name):
    assert not PRESETS[name].has_own_output


def test_output_layer_of_an_image_needs_one_row_as_ever():
    with pytest.raises(ValueError, match="the output layer needs one row of values"):
        custom(dense(10, "softmax"), data="digits")


def advice(*layers: dict, **rest) -> list[str]:
    found = advise(custom(*layers, **rest))
    return [one.message for one in found if one.where == ("model",)]


@pytest.mark.parametrize(
    "layers", [(dense(1, "softmax"), HIDDEN), (dense(1, "linear"), activation("softmax"), HIDDEN)]
)
def test_softmax_over_one_unit_is_said_to_learn_nothing(layers):
    [told] = advice(*layers)
    assert "softmax over one unit is always 1, so that nothing can be learned" in told


def test_softmax_at_the_end_over_another_number_says_what_would_be_the_output_layer():
    [told] = advice(HIDDEN, dense(4, "softmax"))
    assert "make it the output layer: 3 units with softmax" in told


def test_softmax_in_the_middle_is_advised_against():
    [told] = advice(dense(8, "softmax"), HIDDEN)
    assert told.startswith("Layer 1, Dense: softmax in a hidden layer")
    assert "output layer" not in told


def test_sigmoid_for_binary_cross_entropy_says_which_loss_it_needs():
    [told] = advice(HIDDEN, dense(1, "sigmoid"), data="moons")
    assert "Choose that loss" in told


@pytest.mark.parametrize("name", ["relu", "tanh", "sigmoid"])
def test_usual_hidden_layers_need_no_advice(name):
    assert advice(dense(8, name)) == []
