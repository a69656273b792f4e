"""`Estimator`: the time and the memory an experiment will take, before it is trained."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from core.errors import InvalidExperiment, StoreUnavailable
from core.experiment import Experiment, read
from core.jobs.calibration import KEPT_SHARE, Observation, Rates, Traits, fit, traits
from core.runs import MeasuredRow, RunStore

KEPT_RUNS = 100
RECENT = 5  # runs of the same structure that are asked
# Of a worker process. A model with its optimizer each: 40 MB for the largest preset.
KEPT_PROGRAMS = 4
FRESH_S = 1.0
_log = logging.getLogger(__name__)
Basis = Literal["same", "others", "guess"]


@dataclass(frozen=True)
class Estimate:
    """Seconds from the start of a run to its end, and bytes of the process that trains it.

    `seconds` is `around_seconds` and an `epoch_seconds` for each epoch. It is made from runs of
    the `same` network, from `others`, or is a `guess` as long as nothing was trained; `runs` says
    how many. With `at_most`, the run may end sooner by itself.
    """

    seconds: float
    bytes: int
    epoch_seconds: float
    around_seconds: float
    basis: Basis = "guess"
    runs: int = 0
    at_most: bool = False

    def stored(self) -> dict[str, float]:
        """As the store keeps it, under `expected`."""
        return {
            "seconds": self.seconds,
            "bytes": float(self.bytes),
            "epoch_seconds": self.epoch_seconds,
            "around_seconds": self.around_seconds,
        }


class Estimator:
    """Knows the newest measured runs of a store, and looks for new ones once a second at most.

    Safe to use from several threads. While the store cannot be read, what is known stays.
    """

    def __init__(self, store: RunStore, clock: Callable[[], float] = time.monotonic) -> None:
        self._store, self._clock = store, clock
        self._lock = threading.Lock()
        self._looked = -FRESH_S
        self._known: deque[str] = deque(maxlen=2 * KEPT_RUNS)
        self._observations: deque[Observation] = deque(maxlen=KEPT_RUNS)
        self._programs: OrderedDict[str, None] = OrderedDict()
        self._rates = Rates()

    def estimate(self, experiment: Experiment, epochs_done: int = 0) -> Estimate:
        """What a run of `experiment` will take; of one that goes on, after `epochs_done`."""
        with self._lock:
            self._look()
            seen, rates, programs = tuple(self._observations), self._rates, set(self._programs)
        found = traits(experiment)
        epochs = max(0, experiment.training.epochs - epochs_done)
        at_most = experiment.callbacks.early_stopping is not None
        return estimated(found, epochs, seen, rates, found.key in programs, at_most)

    def _look(self) -> None:
        if self._clock() - self._looked < FRESH_S:
            return
        self._looked = self._clock()
        try:
            rows = self._store.measured(set(self._known), KEPT_RUNS)
        except StoreUnavailable as error:
            _log.warning("estimates are as they were: %s", error)
            return
        for row in rows:
            self._known.append(row.id)
            self._take(row)
        if rows:
            self._rates = fit(self._observations)

    def _take(self, row: MeasuredRow) -> None:
        measured = dict(row.measured)
        if not measured.get("epochs") or not measured.get("epoch_seconds"):
            return
        if not row.finished:
            measured.pop("end_seconds", None)  # without a test, or half of one
        try:
            found = traits(read(row.experiment))
        except InvalidExperiment:  # an older version allowed it
            return
        kept = found.key in self._programs
        self._observations.append(Observation(found, measured, kept))
        self._programs[found.key] = None
        self._programs.move_to_end(found.key)
        while len(self._programs) > KEPT_PROGRAMS:
            self._programs.popitem(last=False)


def estimated(
    wanted: Traits,
    epochs: int,
    seen: Sequence[Observation],
    rates: Rates,
    kept: bool = False,
    at_most: bool = False,
) -> Estimate:
    """The estimate for `wanted`: from runs like it, scaled by samples, else by the rates alone."""
    same = [one for one in seen if one.traits.key == wanted.key][-RECENT:]
    epoch_s = _epoch_s(wanted, same, rates)
    around_s = (
        _scaled("setup_seconds", wanted, same, rates.setup_s)
        + _trace_s(wanted, same, rates, kept)
        + _scaled("end_seconds", wanted, same, rates.end_s)
    )
    peaks = [one.measured["peak_bytes"] for one in same if one.measured.get("peak_bytes")]
    memory = median(peaks) if peaks else rates.memory(wanted)
    if peaks:  # more samples than then
        memory += rates.bytes_factor * max(0, wanted.bytes - same[-1].traits.bytes)
    basis: Basis = "same" if same else "others" if seen else "guess"
    return Estimate(
        around_s + epochs * epoch_s,
        round(memory),
        epoch_s,
        around_s,
        basis,
        len(same) or len(seen),
        at_most,
    )


def _epoch_s(wanted: Traits, same: Sequence[Observation], rates: Rates) -> float:
    """Measured, and scaled as the model says that the work differs."""
    supposed_s = rates.work_s(wanted.epoch)
    clear = [one for one in same if "trace_seconds" in one.measured]
    ratios = [
        one.measured["epoch_seconds"] / (rates.work_s(one.traits.epoch) or 1.0) for one in clear
    ] or [  # runs of one epoch, which was the first one
        one.measured["epoch_seconds"]
        / (rates.work_s(one.traits.epoch) + rates.trace_s(one.traits, one.kept))
        for one in same
    ]
    return supposed_s * (median(ratios) if ratios else 1.0)


def _trace_s(wanted: Traits, same: Sequence[Observation], rates: Rates, kept: bool) -> float:
    """What the first epoch takes longer: measured alike, or derived from the other case."""
    found = [(one.measured["trace_seconds"], one.kept) for one in same if _has_trace(one)]
    alike = [seconds for seconds, was_kept in found if was_kept == kept]
    if alike:
        return median(alike)
    if found:
        other = median(seconds for seconds, _ in found)
        return other * KEPT_SHARE if kept else other / KEPT_SHARE
    return rates.trace_s(wanted, kept)


def _scaled(
    name: str, wanted: Traits, same: Sequence[Observation], supposed: Callable[[Traits], float]
) -> float:
    """A part as measured, times what `supposed` says that it is longer for `wanted`."""
    ratios = [one.measured[name] / supposed(one.traits) for one in same if one.measured.get(name)]
    return supposed(wanted) * (median(ratios) if ratios else 1.0)


def _has_trace(one: Observation) -> bool:
    return "trace_seconds" in one.measured


def of_stored(expected: Mapping[str, float]) -> Estimate | None:
    """What was expected of a run when it was made; None when nothing was."""
    names = ("seconds", "bytes", "epoch_seconds", "around_seconds")
    if any(name not in expected for name in names):
        return None
    seconds, size, epoch_s, around_s = (float(expected[name]) for name in names)
    return Estimate(seconds, round(size), epoch_s, around_s)
