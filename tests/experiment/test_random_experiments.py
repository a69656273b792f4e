"""The random experiments cover what can be chosen, so that what relies on them proves it all."""

from __future__ import annotations

from typing import get_args

import pytest

from core.experiment.layers import LAYER_TYPES, ActivationName
from core.experiment.training import LossName, MetricName, OptimizerName
from tests.experiment.random_experiments import random_experiments, random_settings

COUNT = 150


@pytest.fixture(scope="module")
def experiments():
    return list(random_experiments(COUNT))


def test_every_layer_kind_is_drawn(experiments):
    kinds = {type(layer).__name__ for one in experiments for layer in one.model.hidden()}
    assert kinds == set(LAYER_TYPES)


def test_every_activation_is_drawn(experiments):
    layers = (layer for one in experiments for layer in one.layers)
    assert {getattr(layer, "activation", "linear") for layer in layers} == {
        *get_args(ActivationName)
    }


def test_every_loss_is_drawn(experiments):
    assert {one.loss for one in experiments} == {*get_args(LossName)}


def test_every_optimizer_is_drawn(experiments):
    assert {one.training.optimizer for one in experiments} == {*get_args(OptimizerName)}


def test_every_metric_is_drawn(experiments):
    assert {name for one in experiments for name in one.metrics} == {*get_args(MetricName)}


def test_every_kind_of_model_is_drawn(experiments):
    assert {one.model.kind for one in experiments} == {"mlp", "cnn", "text", "custom"}


@pytest.mark.parametrize("where", ["kernel_regularizer", "bias_regularizer"])
def test_every_mix_of_penalties_is_drawn(experiments, where):
    penalties = [
        getattr(layer, where)
        for one in experiments
        for layer in one.layers
        if hasattr(layer, where)
    ]
    mixes = {(penalty.l1 > 0, penalty.l2 > 0) for penalty in penalties}
    assert mixes == {(False, False), (True, False), (False, True), (True, True)}


def test_same_seed_draws_the_same():
    assert list(random_settings(5, seed=3)) == list(random_settings(5, seed=3))


def test_another_seed_draws_others():
    assert list(random_settings(5, seed=3)) != list(random_settings(5, seed=4))


def test_fixed_settings_hold_in_all():
    assert {one.training.epochs for one in random_experiments(10, epochs=2)} == {2}
