"""The presets underfit, good-fit and overfit do what their names say, and are told so.

Judged by the mean of the last three epochs, since 400 validation samples tell an accuracy to about
two points. Measured with seeds 0, 1 and 2 (TensorFlow 2.21, CPU):

    underfit   training 0.43 0.33 0.56, validation 0.43 0.35 0.55
    good-fit   training 0.86 0.86 0.86, validation 0.82 0.81 0.78, gap 0.04 0.05 0.08
    overfit    training 0.95 0.96 0.95, gap 0.14 0.17 0.17, validation loss over its minimum
               1.18 1.44 1.20
"""

from __future__ import annotations

from statistics import mean

import pytest

from core.analysis import diagnose
from core.experiment.presets import FITS, PRESETS
from core.training import TrainedRun, train
from tests.analysis.trained import facts_of

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def runs() -> dict[str, TrainedRun]:
    """The three runs by name."""
    return {name: train(PRESETS[name]) for name in FITS}


def settled(run: TrainedRun, metric: str) -> float:
    return mean(run.history[metric][-3:])


def gap(run: TrainedRun) -> float:
    return settled(run, "accuracy") - settled(run, "val_accuracy")


def test_all_three_take_twenty_epochs(runs):
    assert {len(run.records) for run in runs.values()} == {20}


def test_underfit_is_poor_on_training_and_validation_alike(runs):
    assert settled(runs["underfit"], "accuracy") < 0.65
    assert settled(runs["underfit"], "val_accuracy") < 0.65
    assert abs(gap(runs["underfit"])) < 0.05


def test_good_fit_carries_over(runs):
    assert settled(runs["good-fit"], "val_accuracy") > 0.78
    assert gap(runs["good-fit"]) < 0.08


def test_overfit_is_far_better_on_training(runs):
    assert settled(runs["overfit"], "accuracy") > 0.93
    assert gap(runs["overfit"]) > 0.12


def test_overfit_validation_loss_rises_from_its_minimum(runs):
    validation = runs["overfit"].history["val_loss"]
    assert settled(runs["overfit"], "val_loss") > 1.1 * min(validation)
    assert validation.index(min(validation)) < 15


@pytest.mark.parametrize(
    ("name", "verdict"),
    [("underfit", "underfitting"), ("good-fit", "good_fit"), ("overfit", "overfitting")],
)
def test_diagnosis_agrees_with_the_name(runs, name, verdict):
    found = diagnose(runs[name].records, facts_of(PRESETS[name], runs[name]))
    assert found.verdict == verdict
