"""A run's time is told apart into its parts, and its peak of memory is its own."""

from __future__ import annotations

import gc

import numpy as np
import pytest

from core.jobs import measure
from core.jobs.measure import Meter, PeakMemory
from core.records import EpochRecord

LARGE = 200_000_000


def record(number: int, duration_s: float) -> EpochRecord:
    return EpochRecord(number, {}, duration_s, 0.001)


def hold(size: int) -> None:
    """Write `size` bytes and let go of them."""
    held = np.ones(size, dtype=np.uint8)
    assert held[-1] == 1
    del held
    gc.collect()


def test_parts_of_a_run_by_hand():
    moments = iter([100.0, 107.0, 109.5, 112.0, 115.0])
    with Meter(lambda: next(moments)) as meter:
        meter.epoch(record(0, 5.0))  # 100 + 2 s of setup + 5 s
        meter.epoch(record(1, 2.0))
        meter.epoch(record(2, 2.0))
        found = meter.measured()
    assert found["seconds"] == 15
    assert found["epochs"] == 3
    assert found["setup_seconds"] == 2
    assert found["epoch_seconds"] == 2.5  # with what is around an epoch
    assert found["trace_seconds"] == 2.5  # 5 s less the usual 2.5 s
    assert found["end_seconds"] == 3
    parts = found["setup_seconds"] + found["trace_seconds"] + found["end_seconds"]
    assert parts + 3 * found["epoch_seconds"] == found["seconds"]


def test_single_epoch_does_not_say_how_long_tracing_took():
    moments = iter([0.0, 7.0, 8.0])
    with Meter(lambda: next(moments)) as meter:
        meter.epoch(record(0, 5.0))
        found = meter.measured()
    assert (found["epoch_seconds"], found["end_seconds"]) == (5, 1)
    assert "trace_seconds" not in found


def test_run_without_an_epoch_has_only_its_whole_time():
    moments = iter([0.0, 4.0])
    with Meter(lambda: next(moments)) as meter:
        found = meter.measured()
    assert set(found) == {"seconds", "epochs", "peak_bytes", "base_bytes"}
    assert (found["seconds"], found["epochs"]) == (4, 0)


@pytest.mark.parametrize("linux", [True, False])
def test_peak_is_found_after_it_has_passed(monkeypatch, linux):
    if not linux:
        monkeypatch.setattr(measure, "_reset_peak", lambda: False)
        monkeypatch.setattr(measure, "_SAMPLE_S", 0.001)
    with Meter() as meter:
        hold(LARGE)
        found = meter.measured()
    assert found["peak_bytes"] - found["base_bytes"] > 0.8 * LARGE


@pytest.mark.skipif(not measure._reset_peak(), reason="this system cannot forget a peak")
def test_peak_of_an_earlier_run_is_forgotten():
    hold(LARGE)
    peak = PeakMemory()
    assert peak.bytes() - peak.base < 0.2 * LARGE
