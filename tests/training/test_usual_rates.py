"""An optimizer of which nothing is said trains as `keras.optimizers` makes it without arguments."""

from __future__ import annotations

import inspect
import json
from typing import get_args

import keras
import pytest

from core.experiment import Training, read
from core.experiment.training import OPTIMIZER_TITLES, USUAL_RATE, OptimizerName
from core.training.building import build_optimizer

OPTIMIZERS = get_args(OptimizerName)
SHARED = ("momentum", "nesterov", "weight_decay")


def keras_defaults(name: str) -> dict:
    signature = inspect.signature(getattr(keras.optimizers, OPTIMIZER_TITLES[name]))
    return {name: found.default for name, found in signature.parameters.items()}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_rate_left_out_is_that_of_keras(name):
    wanted = keras_defaults(name)["learning_rate"]
    assert USUAL_RATE[name] == wanted
    assert Training(optimizer=name).learning_rate == wanted
    assert Training(optimizer=OPTIMIZER_TITLES[name]).learning_rate == wanted
    assert read(json.dumps({"training": {"optimizer": name}})).training.learning_rate == wanted


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_what_else_is_left_out_is_that_of_keras(name):
    defaults, ours = keras_defaults(name), Training(optimizer=name)
    for field in SHARED:
        if defaults.get(field) is not None:
            assert getattr(ours, field) == defaults[field]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizer_built_is_the_one_keras_makes_without_arguments(name):
    alone = getattr(keras.optimizers, OPTIMIZER_TITLES[name])().get_config()
    built = build_optimizer(Training(optimizer=name)).get_config()
    assert {key: built[key] for key in alone if key != "name"} == {
        key: pytest.approx(value) if isinstance(value, float) else value
        for key, value in alone.items()
        if key != "name"
    }


def test_rate_given_is_kept():
    assert Training(optimizer="sgd", learning_rate=0.001).learning_rate == 0.001


def test_no_optimizer_and_no_rate_is_adam_with_its_own():
    assert (Training().optimizer, Training().learning_rate) == ("adam", 0.001)


def test_stored_settings_keep_their_rate():
    stored = Training(optimizer="sgd", learning_rate=0.001).model_dump_json()
    assert Training.model_validate_json(stored).learning_rate == 0.001


@pytest.mark.parametrize("optimizer", [["sgd"], {"sgd": 1}, 7, None, "SGD2", "x" * 10_000])
def test_nonsense_for_an_optimizer_is_refused_by_its_own_name(optimizer):
    with pytest.raises(Exception, match="Optimizer") as refused:
        read({"training": {"optimizer": optimizer}})
    assert [problem.where for problem in refused.value.problems] == [("training", "optimizer")]
