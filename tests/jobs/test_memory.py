"""Memory is estimated from shapes, and what cannot fit is refused with its numbers."""

from __future__ import annotations

import pytest

from core.experiment import Experiment
from core.experiment.memory import estimated_bytes
from core.experiment.presets import PRESETS
from core.jobs.limits import problems
from core.jobs.memory import SHARE, memory_problem
from core.limits import Limits
from core.settings import settings
from tests.training.small import small

GB = 1_000_000_000
# A sample of 8 × 8 = 64 numbers, flattened to 64, then 8 units, then 10.
PARAMETERS = 64 * 8 + 8 + 8 * 10 + 10
NUMBERS_A_SAMPLE = 64 + 64 + 8 + 10
SAMPLES = 100 + 360  # those used, and those to test with
ADAM, SGD, MOMENTUM = 2, 0, 1  # numbers kept for each parameter


def huge() -> Experiment:
    """Half of 60,000 images at once through a network of many filters."""
    return Experiment.model_validate(
        {
            "data": {"dataset": "fashion_mnist"},
            "model": {"kind": "cnn", "filters": 64},
            "training": {"batch_size": 30_000},
        }
    )


@pytest.mark.parametrize(
    ("training", "slots"),
    [
        ({}, ADAM),
        ({"optimizer": "sgd"}, SGD),
        ({"optimizer": "sgd", "momentum": 0.9}, MOMENTUM),
        ({"optimizer": "rmsprop", "momentum": 0.9}, 1 + MOMENTUM),
        ({"optimizer": "adam", "momentum": 0.9}, ADAM),
    ],
)
def test_estimate_of_a_tiny_mlp_is_that_made_by_hand(training, slots):
    weights = PARAMETERS * (1 + 1 + slots)  # values, gradients, and what the optimizer keeps
    batch = 3 * 18 * NUMBERS_A_SAMPLE
    data = 2 * SAMPLES * 64
    assert estimated_bytes(small(**training)) == 4 * (weights + batch + data)


@pytest.mark.parametrize("name", PRESETS)
def test_presets_fit_into_a_gigabyte(name):
    assert memory_problem(PRESETS[name], 1, GB) is None


@pytest.mark.parametrize("name", PRESETS)
def test_presets_fit_into_this_computer(name):
    assert memory_problem(PRESETS[name], settings().runs_at_once) is None


def test_huge_batch_is_refused_with_its_numbers():
    one = huge()
    where, message = memory_problem(one, 1, 8 * GB)
    assert where == ("training", "batch_size")
    assert "batches of 30,000" in message
    assert f"{one.parameter_count:,} parameters" in message
    assert f"{estimated_bytes(one) / GB:.1f} GB" in message
    assert f"{SHARE * 8:.1f} GB" in message
    assert "Use a smaller batch size" in message
    assert "at once" not in message


def test_smaller_batch_of_the_same_network_fits():
    one = huge()
    training = one.training.model_copy(update={"batch_size": 32})
    assert memory_problem(one.model_copy(update={"training": training}), 1, 8 * GB) is None


@pytest.mark.parametrize("runs_at_once", [1, 2, 3])
def test_estimate_at_the_limit_fits_and_a_byte_less_does_not(runs_at_once):
    needed = runs_at_once * estimated_bytes(small())
    fitting = next(limit for limit in range(needed, 2 * needed) if SHARE * limit >= needed)
    assert memory_problem(small(), runs_at_once, fitting) is None
    assert memory_problem(small(), runs_at_once, fitting - 1) is not None


def test_runs_at_once_do_not_fit_that_would_fit_alone():
    one = huge()
    limit_bytes = round(estimated_bytes(one) / 0.6)
    assert memory_problem(one, 1, limit_bytes) is None
    _, message = memory_problem(one, 2, limit_bytes)
    allowed = f"at most {SHARE * limit_bytes / 2 / GB:.1f} GB can be used here"
    assert f"{allowed}, where 2 runs train at once. Use a smaller batch size" in message


@pytest.fixture
def tight(monkeypatch) -> None:
    """A computer with memory for one huge run, but not for two."""
    monkeypatch.setattr(memory_problem, "__defaults__", (round(estimated_bytes(huge()) / 0.6),))


@pytest.mark.parametrize(("workers", "fits"), [("1", True), ("2", False), ("4", False)])
def test_workers_of_this_computer_share_its_memory(tight, monkeypatch, workers, fits):
    monkeypatch.setenv("EPOCHSCOPE_WORKERS", workers)
    assert (problems(huge(), Limits()) == ()) == fits


def test_worker_of_another_cluster_has_a_computer_of_its_own(tight, monkeypatch):
    monkeypatch.setenv("EPOCHSCOPE_WORKERS", "4")
    monkeypatch.setenv("EPOCHSCOPE_SCHEDULER", "tcp://host:8786")
    assert problems(huge(), Limits()) == ()
