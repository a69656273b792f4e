"""Callbacks in an experiment: the rates of a schedule by hand, and what cannot be asked for."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from core.errors import InvalidExperiment, Problem
from core.experiment import Experiment, read
from core.experiment.callbacks import Callbacks, Schedule
from core.experiment.experiment import MAX_CHECKPOINTS_MB
from tests.experiment.random_experiments import random_experiments

ROUNDING = 1e-12
WATCHING = ("early_stopping", "checkpoint", "plateau")
MEASURED = "loss, accuracy, macro_precision, macro_recall, macro_f1"
VALIDATED = "val_loss, val_accuracy, val_macro_precision, val_macro_recall, val_macro_f1"
DATA = {"dataset": "digits", "training_samples": 100}
EVERYTHING: dict[str, Any] = {
    "early_stopping": {"monitor": "val_accuracy", "patience": 7, "min_delta": 0.25},
    "checkpoint": {"monitor": "loss", "best_only": False, "weights_only": True},
    "terminate_on_nan": True,
    "csv": True,
    "tensorboard": True,
}
SCHEDULE = {"kind": "step", "warm_up_epochs": 2, "factor": 0.25, "every": 3, "final_share": 0.5}
PLATEAU = {"monitor": "val_loss", "factor": 0.1, "patience": 0, "min_learning_rate": 1e-6}


def settings(callbacks: dict[str, Any], validation_split: float = 0.2, **training: Any):
    return {
        "data": {**DATA, "validation_split": validation_split},
        "model": {"kind": "mlp", "units": training.pop("units", 8)},
        "training": training,
        "callbacks": callbacks,
    }


def problem(callbacks: dict[str, Any], **more: Any) -> Problem:
    """The only thing wrong with an experiment."""
    with pytest.raises(InvalidExperiment) as caught:
        read(settings(callbacks, **more))
    [only] = caught.value.problems
    return only


def rates(learning_rate: float, epochs: int, **schedule: Any) -> tuple[float, ...]:
    return Schedule.model_validate(schedule).rates(learning_rate, epochs)


# All these are sums of few powers of two, or one product of them: exact in floating point.
@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ({"kind": "constant"}, (0.8,) * 6),
        ({"kind": "constant", "warm_up_epochs": 3}, (0.2, 0.4, 0.6, 0.8, 0.8, 0.8)),
        ({"kind": "step", "every": 2}, (0.8, 0.8, 0.4, 0.4, 0.2, 0.2)),
        ({"kind": "step", "every": 1, "factor": 0.25}, (0.8, 0.2, 0.05, 0.0125, 0.003125)),
        ({"kind": "step", "every": 2, "warm_up_epochs": 1}, (0.4, 0.8, 0.8, 0.4, 0.4, 0.2)),
        ({"kind": "exponential"}, (0.8, 0.4, 0.2, 0.1)),
        ({"kind": "exponential", "warm_up_epochs": 1}, (0.4, 0.8, 0.4, 0.2)),
    ],
)
def test_rates_are_those_found_by_hand(schedule, expected):
    assert rates(0.8, len(expected), **schedule) == pytest.approx(expected, rel=ROUNDING)


@pytest.mark.parametrize("every", [1, 2, 5])
def test_step_rates_are_exact(every):
    expected = tuple(0.1 * 0.3 ** (epoch // every) for epoch in range(9))
    assert rates(0.1, 9, kind="step", factor=0.3, every=every) == expected


@pytest.mark.parametrize(("epochs", "warm_up", "final"), [(1, 0, 0.0), (10, 0, 0.1), (9, 4, 0.5)])
def test_cosine_rates_follow_the_formula(epochs, warm_up, final):
    # Loshchilov & Hutter 2017, eq. 5, with (1 + cos 2a) / 2 written as cos² a.
    found = rates(0.2, epochs, kind="cosine", warm_up_epochs=warm_up, final_share=final)
    length = epochs - warm_up
    expected = [
        0.2 * (final + (1 - final) * math.cos(math.pi * epoch / (2 * length)) ** 2)
        for epoch in range(length)
    ]
    assert found[warm_up:] == pytest.approx(expected, rel=ROUNDING)


def test_every_schedule_reaches_the_full_rate_after_its_warm_up():
    for kind in ("constant", "step", "exponential", "cosine"):
        found = rates(0.3, 8, kind=kind, warm_up_epochs=2)
        assert found[:3] == pytest.approx((0.1, 0.2, 0.3), rel=ROUNDING), kind


@pytest.mark.parametrize("kind", ["constant", "step", "exponential", "cosine"])
def test_rates_of_the_longest_run_are_never_negative(kind):
    found = rates(100.0, 1000, kind=kind, factor=0.001, every=1)
    assert len(found) == 1000
    assert all(0 <= rate <= 100 for rate in found)


@pytest.mark.parametrize("name", WATCHING)
def test_monitor_that_is_not_measured_is_refused_with_those_that_are(name):
    where, message = problem({name: {"monitor": "val_mae"}})
    assert where == ("callbacks", name, "monitor")
    assert "val_mae" in message
    assert f"Use {VALIDATED}, {MEASURED}." in message


@pytest.mark.parametrize("name", WATCHING)
def test_validation_cannot_be_watched_where_there_is_none(name):
    where, message = problem({name: {}}, validation_split=0)
    assert where == ("callbacks", name, "monitor")
    assert f"Use {MEASURED}." in message


@pytest.mark.parametrize("monitor", ["val_loss", "loss", "val_macro_f1", "accuracy"])
@pytest.mark.parametrize("name", WATCHING)
def test_what_is_measured_can_be_watched(name, monitor):
    one = read(settings({name: {"monitor": monitor}}))
    assert getattr(one.callbacks, name).monitor == monitor


def test_metric_that_was_left_out_cannot_be_watched():
    _, message = problem({"early_stopping": {"monitor": "val_accuracy"}}, metrics=[])
    assert "Use val_loss, loss." in message


def test_schedule_and_plateau_exclude_each_other():
    where, message = problem({"schedule": {}, "plateau": {}})
    assert where == ("callbacks", "plateau")
    assert "Turn one of the two off." in message


@pytest.mark.parametrize("warm_up", [5, 6])
def test_warm_up_as_long_as_the_run_is_refused(warm_up):
    where, message = problem({"schedule": {"warm_up_epochs": warm_up}}, epochs=5)
    assert where == ("callbacks", "schedule", "warm_up_epochs")
    assert f" {warm_up} " in message
    assert "the run has 5" in message


def test_warm_up_one_epoch_shorter_than_the_run_is_taken():
    one = read(settings({"schedule": {"warm_up_epochs": 4}}, epochs=5))
    assert one.callbacks.schedule.warm_up_epochs == 4


def test_too_many_large_checkpoints_are_refused_with_their_size():
    # 64·1000 + 1000 + 1000·10 + 10 parameters, two more numbers of each for Adam: 900,120 bytes
    # a file, and so 900 MB for 1,000 of them.
    every = {"checkpoint": {"best_only": False}}
    where, message = problem(every, units=1000, epochs=1000)
    assert where == ("callbacks", "checkpoint", "best_only")
    assert "900 MB" in message
    assert f"{MAX_CHECKPOINTS_MB} MB" in message
    assert "1000 epochs" in message


@pytest.mark.parametrize(
    ("checkpoint", "epochs"),
    [
        ({"best_only": False}, 555),  # 499.6 MB
        ({"best_only": False, "weights_only": True}, 1000),
        ({"best_only": True}, 1000),
    ],
)
def test_checkpoints_that_fit_are_taken(checkpoint, epochs):
    assert read(settings({"checkpoint": checkpoint}, units=1000, epochs=epochs))


@pytest.mark.parametrize("more", [{"schedule": SCHEDULE}, {"plateau": PLATEAU}])
def test_all_callbacks_survive_json(more):
    given = {**EVERYTHING, **more}
    one = read(settings(given, epochs=10))
    again = read(json.loads(one.model_dump_json()))
    assert again == one
    for name, value in given.items():
        part = getattr(again.callbacks, name)
        kept = value if isinstance(value, bool) else {key: getattr(part, key) for key in value}
        assert kept == value


def test_experiment_written_before_there_were_callbacks_has_none():
    for one in random_experiments(5, seed=1):
        old = one.model_dump(mode="json")
        del old["callbacks"]
        assert read(old).callbacks == Callbacks() == Experiment().callbacks


@pytest.mark.parametrize(
    ("callbacks", "write"),
    [
        ({"early_stopping": {}, "schedule": {}, "terminate_on_nan": True}, False),
        ({"checkpoint": {}}, True),
        ({"csv": True}, True),
        ({"tensorboard": True}, True),
    ],
)
def test_callbacks_know_whether_they_write_files(callbacks, write):
    assert Callbacks.model_validate(callbacks).write_files is write
