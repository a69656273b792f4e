"""Rates fitted to runs are those the runs were made with, and outliers do not move them."""

from __future__ import annotations

import random

import numpy as np
import pytest
from scipy.optimize import nnls

from core.experiment import Experiment
from core.experiment.presets import PRESETS
from core.jobs.calibration import Observation, Rates, fit, fit_two, traits

SLOW = Rates(1 / 5e9, 200e-6, 3.0, 2.0, 1.5, 400e6, 2.5)


def observed(experiment: Experiment, rates: Rates, factor: float = 1.0) -> Observation:
    """A run of `experiment` on a computer of these rates."""
    found = traits(experiment)
    measured = {
        "epochs": 5.0,
        "setup_seconds": rates.setup_s(found),
        "trace_seconds": rates.trace_s(found, kept=False),
        "epoch_seconds": factor * rates.work_s(found.epoch),
        "end_seconds": rates.end_s(found),
        "peak_bytes": rates.memory(found),
    }
    return Observation(found, measured)


def test_rates_of_another_computer_are_found():
    found = fit([observed(preset, SLOW) for preset in PRESETS.values()])
    assert found.operation_s == pytest.approx(SLOW.operation_s, rel=0.02)
    assert found.call_s == pytest.approx(SLOW.call_s, rel=0.05)
    assert found.setup == pytest.approx(SLOW.setup)
    assert found.trace == pytest.approx(SLOW.trace)
    assert found.end == pytest.approx(SLOW.end, rel=0.02)
    assert found.base_bytes == pytest.approx(SLOW.base_bytes, rel=0.05)
    assert found.bytes_factor == pytest.approx(SLOW.bytes_factor, rel=0.1)


def test_one_slow_run_of_many_does_not_count():
    runs = [observed(preset, SLOW) for preset in PRESETS.values()] * 3
    runs.append(observed(PRESETS["cnn-small"], SLOW, factor=10))
    assert fit(runs).operation_s == pytest.approx(SLOW.operation_s, rel=0.1)


@pytest.mark.parametrize("name", PRESETS)
def test_one_run_is_explained_by_the_rates_fitted_to_it(name):
    run = observed(PRESETS[name], SLOW)
    work_s = fit([run]).work_s(run.traits.epoch)
    assert work_s == pytest.approx(run.measured["epoch_seconds"], rel=0.1)


def test_without_runs_the_rates_are_the_defaults():
    found, first = fit([]), Rates()
    assert found.operation_s == pytest.approx(first.operation_s)
    assert (found.setup, found.trace, found.end) == (1.0, 1.0, 1.0)
    assert found.base_bytes == pytest.approx(first.base_bytes)


@pytest.mark.parametrize("seed", range(20))
def test_fit_is_that_of_scipy_where_nothing_is_an_outlier(seed):
    rng = random.Random(seed)
    true = rng.uniform(0, 2), rng.uniform(0, 2)
    rows = []
    for _ in range(40):
        a, b = rng.uniform(0.1, 10), rng.uniform(0.1, 10)
        rows.append((a, b, (a * true[0] + b * true[1]) * rng.uniform(0.95, 1.05)))
    scaled = np.array([(a / c, b / c) for a, b, c in rows])
    expected, _ = nnls(scaled, np.ones(len(rows)))
    assert fit_two(rows, (1.0, 1.0)) == pytest.approx(tuple(expected), abs=0.01)


def test_neither_rate_is_ever_negative():
    # More work that took less time: only a negative rate would explain it.
    found = fit_two([(1.0, 1.0, 10.0), (1.0, 5.0, 1.0), (1.0, 9.0, 0.5)], (1.0, 1.0))
    assert min(found) >= 0
