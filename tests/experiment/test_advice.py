"""What is allowed but unwise is advised against, with the usual choice; the usual is not."""

from __future__ import annotations

import pytest

from core.experiment import DATASETS, Data, Experiment, advise
from core.experiment.presets import PRESETS


def advice(**parts) -> tuple:
    return advise(Experiment.model_validate(parts))


@pytest.mark.parametrize("name", PRESETS)
def test_presets_need_no_advice(name):
    assert advise(PRESETS[name]) == ()


@pytest.mark.parametrize("name", DATASETS)
def test_defaults_need_no_advice(name):
    assert advise(Experiment(data=Data(dataset=name))) == ()


@pytest.mark.parametrize(
    ("optimizer", "usual"),
    [
        ("sgd", "SGD; the loss will most likely explode. Try its usual 0.01."),
        ("rmsprop", "RMSprop; the loss will most likely explode. Try its usual 0.001."),
        ("adam", "Adam; the loss will most likely explode. Try its usual 0.001."),
        ("adamw", "AdamW; the loss will most likely explode. Try its usual 0.001."),
        ("nadam", "Nadam; the loss will most likely explode. Try its usual 0.001."),
        ("adagrad", "Adagrad; the loss will most likely explode. Try its usual 0.001."),
    ],
)
def test_learning_rate_of_ten_is_advised_against(optimizer, usual):
    [found] = advice(training={"learning_rate": 10, "optimizer": optimizer})
    assert found.where == ("training", "learning_rate")
    assert "10 is very large" in found.message
    assert found.message.endswith(usual)


@pytest.mark.parametrize(("optimizer", "count"), [("sgd", 0), ("adagrad", 0), ("adam", 1)])
def test_learning_rate_of_a_half_suits_only_some_optimizers(optimizer, count):
    assert len(advice(training={"learning_rate": 0.5, "optimizer": optimizer})) == count


@pytest.mark.parametrize(
    ("training", "told"),
    [
        ({"optimizer": "adagrad"}, "Try 0.01 to 0.1."),
        ({"optimizer": "sgd", "learning_rate": 0.001}, "Try its usual 0.01."),
        ({"optimizer": "sgd", "learning_rate": 0.0001}, "Try its usual 0.01."),
    ],
)
def test_rate_that_learns_slowly_is_advised_against(training, told):
    [found] = advice(training=training)
    assert found.where == ("training", "learning_rate")
    assert found.message.endswith(told)


@pytest.mark.parametrize(
    "training",
    [
        {"optimizer": "adagrad", "learning_rate": 0.01},
        {"optimizer": "sgd"},
        {"optimizer": "sgd", "learning_rate": 0.001, "momentum": 0.9},
        *({"optimizer": name} for name in ("rmsprop", "adam", "adamw", "nadam")),
    ],
)
def test_rate_that_learns_needs_no_advice(training):
    assert advice(training=training) == ()


def test_no_validation_is_advised_against():
    [found] = advice(data={"validation_split": 0})
    assert found.where == ("data", "validation_split")
    assert "Try 0.2." in found.message


def test_whole_data_in_one_batch_is_advised_against():
    [found] = advice(
        data={"dataset": "moons", "training_samples": 200}, training={"batch_size": 160}
    )
    assert found.where == ("training", "batch_size")
    assert "Try 32." in found.message


def test_few_samples_in_one_batch_are_fine():
    data = {"dataset": "moons", "training_samples": 50}
    assert advice(data=data, training={"batch_size": 40}) == ()


@pytest.mark.parametrize("kind", ["mlp", "cnn"])
def test_strong_dropout_is_advised_against(kind):
    [found] = advice(model={"kind": kind, "dropout": 0.9})
    assert found.where == ("model", "dropout")
    assert "0.9 drops nearly everything" in found.message


@pytest.mark.parametrize("name", ["l1", "l2"])
def test_strong_penalty_is_advised_against(name):
    [found] = advice(model={"kind": "mlp", name: 0.5})
    assert found.where == ("model", name)
    assert f"{name.upper()}: 0.5 outweighs the loss" in found.message


def test_all_advice_is_given_at_once():
    found = advice(data={"validation_split": 0}, training={"learning_rate": 10})
    assert [one.where[1] for one in found] == ["learning_rate", "validation_split"]
