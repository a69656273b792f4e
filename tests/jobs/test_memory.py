"""Memory is estimated from shapes, and what cannot fit is refused with its numbers."""

from __future__ import annotations

import pytest

from core.experiment import Experiment
from core.experiment.memory import estimated_bytes
from core.experiment.presets import PRESETS
from core.jobs.memory import SHARE, memory_problem
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
    assert memory_problem(PRESETS[name], limit_bytes=GB) is None


@pytest.mark.parametrize("name", PRESETS)
def test_presets_fit_into_this_computer(name):
    assert memory_problem(PRESETS[name]) is None


def test_huge_batch_is_refused_with_its_numbers():
    one = huge()
    where, message = memory_problem(one, limit_bytes=8 * GB)
    assert where == ("training", "batch_size")
    assert "batches of 30,000" in message
    assert f"{one.parameter_count:,} parameters" in message
    assert f"{estimated_bytes(one) / GB:.1f} GB" in message
    assert f"{SHARE * 8:.1f} GB" in message
    assert "Use a smaller batch size" in message


def test_smaller_batch_of_the_same_network_fits():
    one = huge()
    training = one.training.model_copy(update={"batch_size": 32})
    assert memory_problem(one.model_copy(update={"training": training}), 8 * GB) is None


def test_estimate_at_the_limit_fits_and_a_byte_less_does_not():
    needed = estimated_bytes(small())
    fitting = next(limit for limit in range(needed, 2 * needed) if SHARE * limit >= needed)
    assert memory_problem(small(), limit_bytes=fitting) is None
    assert memory_problem(small(), limit_bytes=fitting - 1) is not None
