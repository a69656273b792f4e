"""What tells experiments apart: names made of the settings that differ, and those alone."""

from __future__ import annotations

import pytest

from core.experiment import Experiment
from core.experiment.differences import Differences, differences
from core.experiment.listing import settings_of
from core.experiment.presets import FITS, PRESETS
from tests.experiment.test_own_data import TABLE


def experiment(**parts) -> Experiment:
    return Experiment.model_validate({"data": {"dataset": "digits"}, **parts})


def names(*settings) -> list[str]:
    return list(differences([experiment(**parts) for parts in settings]).names)


def table(found: Differences) -> dict[str, list[str | None]]:
    return {row.label: [one and one.value for one in row.settings] for row in found.rows}


def layers(*kinds) -> dict[str, object]:
    return {"model": {"kind": "custom", "layers": list(kinds)}}


def dense(units: int, **more) -> dict[str, object]:
    return {"kind": "Dense", "units": units, **more}


FLAT = {"kind": "Flatten"}
HALF = {"kind": "Dropout", "rate": 0.5}


def test_six_optimizers_are_named_by_the_optimizer_alone():
    optimizers = ("adam", "sgd", "rmsprop", "adamw", "nadam", "adagrad")
    found = names(*({"training": {"optimizer": name}} for name in optimizers))
    assert found == ["Adam", "SGD", "RMSprop", "AdamW", "Nadam", "Adagrad"]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"model": {"kind": "mlp", "dropout": 0.2}}, {}, ["dropout 0.2", "no dropout"]),
        ({"model": {"kind": "mlp", "units": 32}}, {}, ["32 units", "128 units"]),
        (
            {"model": {"kind": "mlp", "hidden_layers": 3}},
            {},
            ["3 hidden layers", "1 hidden layer"],
        ),
        ({"model": {"kind": "mlp", "l2": 0.01}}, {}, ["L2 0.01", "no L2"]),
        ({"model": {"kind": "cnn"}}, {}, ["CNN", "MLP"]),
        ({"seed": 1}, {}, ["seed 1", "seed 0"]),
        ({"training": {"batch_size": 64}}, {}, ["batch 64", "batch 32"]),
        ({"training": {"epochs": 3}}, {}, ["3 epochs", "10 epochs"]),
        ({"training": {"shuffle": False}}, {}, ["no shuffle", "shuffle"]),
        (
            {"training": {"learning_rate": 0.0123456789}},
            {"training": {"learning_rate": 0.0123456788}},
            ["learning rate 0.0123456789", "learning rate 0.0123456788"],
        ),
        (
            {"data": {"dataset": "digits", "training_samples": 500}},
            {},
            ["500 samples", "1,437 samples"],
        ),
        ({"data": {"dataset": "wine"}}, {}, ["Wine (table)", "Handwritten digits"]),
        ({"callbacks": {"csv": True}}, {}, ["CSV log", "no CSV log"]),
        ({"callbacks": {"early_stopping": {}}}, {}, ["early stopping", "no early stopping"]),
        (
            {"callbacks": {"early_stopping": {"patience": 9}}},
            {"callbacks": {"early_stopping": {}}},
            ["early stopping patience 9", "early stopping patience 5"],
        ),
        (
            {"callbacks": {"schedule": {"kind": "cosine"}}},
            {"callbacks": {"schedule": {"kind": "step"}}},
            ["cosine schedule", "step schedule"],
        ),
        (
            {"training": {"optimizer": "sgd", "momentum": 0.9}},
            {},
            ["SGD · momentum 0.9", "Adam"],
        ),
    ],
)
def test_name_says_what_differs_and_nothing_else(first, second, expected):
    assert names(first, second) == expected


def test_setting_without_effect_is_no_difference():
    found = differences([experiment(training={"momentum": 0.9}), experiment()])
    assert found == Differences((), ("", ""))


def test_same_settings_have_no_name():
    assert names({}, {}) == ["", ""]


def test_label_noise_is_told_by_its_label():
    label = settings_of(experiment())["data.label_noise"].label.lower()
    data = {"dataset": "digits", "label_noise": 0.3}
    assert names({"data": data}, {}) == [f"{label} 0.3", f"no {label}"]


def test_table_has_a_row_for_each_setting_that_differs():
    found = differences(
        [experiment(training={"optimizer": "sgd", "learning_rate": 0.1}), experiment()]
    )
    assert table(found) == {"Optimizer": ["SGD", "Adam"], "Learning rate": ["0.1", "0.001"]}


def test_numbers_of_the_table_are_there_to_sort_by():
    [row] = differences([experiment(training={"epochs": n}) for n in (5, 100)]).rows
    assert [setting.number for setting in row.settings] == [5, 100]


def test_what_follows_from_the_data_is_in_the_table_and_not_in_the_name():
    found = differences([experiment(), experiment(data={"dataset": "plane"})])
    assert found.names == ("Handwritten digits", "Plane (2-D, numbers)")
    assert table(found)["Loss"] == ["Sparse categorical cross-entropy", "Mean squared error"]


def test_lessons_presets_are_named_by_the_preset_alone():
    assert differences([PRESETS[name] for name in FITS]).names == FITS


def test_preset_that_was_changed_is_named_by_what_differs():
    changed = PRESETS["overfit"].model_copy(update={"seed": 7})
    assert differences([PRESETS["overfit"], changed]).names == ("seed 0", "seed 7")


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (
            [FLAT, dense(64)],
            [FLAT, dense(32)],
            ["layer 2: Dense 64 units", "layer 2: Dense 32 units"],
        ),
        ([FLAT, dense(64)], [FLAT, dense(64), HALF], ["without Dropout 0.5", "Dropout 0.5"]),
        (
            [FLAT, dense(64), dense(8)],
            [FLAT, dense(64), HALF, dense(8)],
            ["without Dropout 0.5", "Dropout 0.5"],
        ),
        (
            [FLAT, dense(64), HALF],
            [FLAT, dense(64), dense(16)],
            ["Dropout 0.5", "Dense 16"],
        ),
        (
            [FLAT, dense(64)],
            [FLAT, dense(64, kernel_regularizer={"l2": 0.1})],
            [
                "layer 2: Dense no kernel regularizer L2",
                "layer 2: Dense kernel regularizer L2 0.1",
            ],
        ),
    ],
)
def test_custom_layers_are_named_by_the_layer_that_differs(first, second, expected):
    assert names(layers(*first), layers(*second)) == expected


def test_layers_that_read_alike_are_told_apart_by_all_their_fields():
    found = names(
        layers(FLAT, dense(8)),
        layers(FLAT, HALF, dense(8)),
        layers(FLAT, dense(8, activation="relu"), dense(8)),
        layers(FLAT, dense(8, activation="tanh"), dense(8)),
    )
    assert found == [
        "without these layers",
        "Dropout 0.5",
        "Dense 8 (activation relu)",
        "Dense 8 (activation tanh)",
    ]


def own(**facts) -> dict[str, object]:
    return {"data": {"dataset": "own", "own": {**TABLE, **facts}}}


def test_own_data_are_named_by_their_title():
    found = names(own(title="Mine"), own(title="Yours", key="b" * 64))
    assert found == ["Mine", "Yours"]


@pytest.mark.parametrize("more", [{"train_size": 99}, {}])
def test_own_data_of_one_title_are_told_apart(more):
    first, second = names(own(), own(key="b" * 64, **more))
    assert first != second
    assert ("samples" in first) == bool(more)


def test_with_many_settings_only_what_is_unusual_is_named():
    found = names(
        {"training": {"optimizer": "sgd", "learning_rate": 0.1}, "seed": 3},
        {"model": {"kind": "mlp", "units": 32}, "training": {"batch_size": 8}},
        {},
    )
    assert found == ["SGD · learning rate 0.1 · seed 3", "32 units · Adam · batch 8", "Adam"]


def test_names_stay_apart_whatever_is_left_out():
    settings = [
        {"model": {"kind": "mlp", "units": units, "dropout": rate}, "seed": seed}
        for units in (32, 128)
        for rate in (0.0, 0.5)
        for seed in (0, 1)
    ]
    assert len(set(names(*settings))) == len(settings)


def test_every_setting_can_be_told():
    """None is forgotten when one is added: each of these changes one field of the experiment."""
    usual = experiment()
    without = {"momentum", "nesterov", "weight_decay", "metrics", "loss", "optimizer"}
    for name in set(type(usual.training).model_fields) - without:
        assert f"training.{name}" in settings_of(usual)
    for name in set(type(usual.model).model_fields) - {"kind"}:
        assert f"model.{name}" in settings_of(usual)
    for name in type(usual.callbacks).model_fields:
        assert f"callbacks.{name}" in settings_of(usual)
