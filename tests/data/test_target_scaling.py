"""Mean and deviation of the numbers to predict: of those trained on, and no others."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.dummy import DummyRegressor
from sklearn.metrics import mean_absolute_error, mean_squared_error

from core.data import RawData, constant_losses, load, steps, target_scale, target_scaling
from core.experiment import Data

SCALED = Data(dataset="diabetes", target_scaling="standard")


def of_targets(monkeypatch, targets: list[float]) -> tuple[float, float]:
    """What is found for a table with these numbers to predict."""
    column = np.array(targets, np.float32)[:, np.newaxis]
    raw = RawData(column.copy(), column, column[:1].copy(), column[:1].copy())
    monkeypatch.setattr(target_scaling, "raw_data", lambda data, seed: raw)
    few = {"training_samples": len(targets), "validation_split": 0}
    return target_scale(SCALED.model_copy(update=few), 0)


@pytest.mark.parametrize("seed", range(3))
def test_samples_held_back_do_not_count(seed):
    targets = load(SCALED, seed).y_train.astype("float64")
    mean = targets.sum() / len(targets)
    found = target_scale(SCALED, seed)
    assert found.mean == pytest.approx(mean, rel=1e-12)
    assert found.deviation == pytest.approx(((targets - mean) ** 2).mean() ** 0.5, rel=1e-12)


def test_numbers_that_are_all_the_same_have_deviation_one(monkeypatch):
    assert of_targets(monkeypatch, [7.0] * 10) == (7.0, 1.0)


def test_sums_too_large_for_the_numbers_own_type_are_exact(monkeypatch):
    assert of_targets(monkeypatch, [2e38] * 5 + [3e38] * 5) == pytest.approx((2.5e38, 5e37))


def test_the_step_keeps_every_value():
    [found] = (step for step in steps(SCALED, 0, one_hot=False) if step.name == "Measure targets")
    for before, after in zip(found.before, found.after, strict=True):
        assert (before.shape, before.minimum, before.maximum) == (
            after.shape,
            after.minimum,
            after.maximum,
        )


def test_the_step_tells_the_mean_and_the_deviation():
    [found] = (step for step in steps(SCALED, 0, one_hot=False) if step.name == "Measure targets")
    targets = load(SCALED, 0).y_train
    [noted] = (facts for facts in found.after if facts.note)
    assert noted.name == "y_train"
    assert noted.note == f"{targets.mean():.3g} ± {targets.std():.3g}"


def test_there_is_no_such_step_where_targets_are_not_scaled():
    names = [step.name for step in steps(Data(dataset="diabetes"), 0, one_hot=False)]
    assert "Measure targets" not in names


@pytest.mark.parametrize(
    ("loss", "measure"), [("mse", mean_squared_error), ("mae", mean_absolute_error)]
)
@pytest.mark.parametrize("validation_split", [0.0, 0.25])
def test_loss_of_the_mean_is_that_of_scikit_learns_dummy(loss, measure, validation_split):
    settings = Data(dataset="diabetes", validation_split=validation_split)
    samples = load(settings, 0)
    dummy = DummyRegressor().fit(samples.x_train, samples.y_train)
    held = (samples.x_validation, samples.y_validation)
    x, y = held if validation_split else (samples.x_train, samples.y_train)
    found = constant_losses(settings, 0, loss)
    assert found.mean == pytest.approx(measure(y, dummy.predict(x)), rel=1e-5)
    assert found.zero == pytest.approx(measure(y, np.zeros_like(y)), rel=1e-5)
