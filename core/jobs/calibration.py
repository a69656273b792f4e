"""How fast this installation is, and how much memory it takes, fitted to the runs it has done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from core.experiment import Experiment
from core.experiment.memory import data_bytes, estimated_bytes
from core.experiment.work import Work, epoch_work, test_work, timing_key

PRIOR_WEIGHT = 0.001  # of what is supposed before any run, against one run
OUTLIER = 0.25  # relative error from which a run counts less
KEPT_SHARE = 0.35  # of the tracing, that a structure trained before takes again


@dataclass(frozen=True)
class Traits:
    """What of an experiment decides how long it takes and how much memory."""

    key: str
    epoch: Work
    test: Work
    layers: int
    bytes: int
    data_bytes: int


@dataclass(frozen=True)
class Observation:
    """A run that was measured (see `Meter.measured`); `kept`: of a structure just trained."""

    traits: Traits
    measured: Mapping[str, float]
    kept: bool = False


@dataclass(frozen=True)
class Rates:
    """Seconds for an operation and for a call, factors of the rest, and memory.

    The defaults are those of two cores of a server, before anything was trained.
    """

    operation_s: float = 1 / 45e9
    call_s: float = 30e-6
    setup: float = 1.0
    trace: float = 1.0
    end: float = 1.0
    base_bytes: float = 650e6
    bytes_factor: float = 1.0

    def work_s(self, work: Work) -> float:
        """Seconds for some work."""
        return work.operations * self.operation_s + work.calls * self.call_s

    def setup_s(self, traits: Traits) -> float:
        """Seconds until the first epoch begins: data and model."""
        return (0.05 + 3e-9 * traits.data_bytes) * self.setup

    def trace_s(self, traits: Traits, kept: bool) -> float:
        """Seconds the first epoch takes longer than others."""
        whole = (0.3 + 0.07 * traits.layers) * self.trace
        return KEPT_SHARE * whole if kept else whole

    def end_s(self, traits: Traits) -> float:
        """Seconds after the last epoch: the test, and keeping the results."""
        return (0.2 + self.work_s(traits.test)) * self.end

    def memory(self, traits: Traits) -> float:
        """Bytes of the training process at its largest."""
        return self.base_bytes + self.bytes_factor * traits.bytes


def traits(experiment: Experiment) -> Traits:
    """What the estimate looks at."""
    return Traits(
        timing_key(experiment),
        epoch_work(experiment),
        test_work(experiment),
        len(experiment.layers),
        estimated_bytes(experiment),
        data_bytes(experiment),
    )


def fit(observations: Sequence[Observation]) -> Rates:
    """The rates that explain the observations best, near the defaults where those say nothing."""
    first = Rates()
    epochs = [one for one in observations if "trace_seconds" in one.measured]
    operation_s, call_s = fit_two(
        [
            (one.traits.epoch.operations, one.traits.epoch.calls, one.measured["epoch_seconds"])
            for one in epochs
        ],
        (first.operation_s, first.call_s),
    )
    base, factor = fit_two(
        [
            (1.0, one.traits.bytes, one.measured["peak_bytes"])
            for one in observations
            if one.measured.get("peak_bytes")
        ],
        (first.base_bytes, first.bytes_factor),
    )
    rates = Rates(operation_s, call_s, base_bytes=base, bytes_factor=factor)
    return Rates(
        operation_s,
        call_s,
        _factor(
            [(one.measured.get("setup_seconds"), rates.setup_s(one.traits)) for one in observations]
        ),
        _factor([(o.measured["trace_seconds"], rates.trace_s(o.traits, o.kept)) for o in epochs]),
        _factor([(o.measured.get("end_seconds"), rates.end_s(o.traits)) for o in observations]),
        base,
        factor,
    )


def fit_two(
    rows: Sequence[tuple[float, float, float]], first: tuple[float, float]
) -> tuple[float, float]:
    """x, y ≥ 0 with a·x + b·y ≈ c for the rows (a, b, c), by least relative squares.

    Rows far off count less (Huber's weights). `first` is held on to with `PRIOR_WEIGHT`.
    """
    scaled = [(a * first[0] / c, b * first[1] / c) for a, b, c in rows if c > 0]
    weights = [1.0] * len(scaled)
    u, v = 1.0, 1.0
    for _ in range(10):
        u, v = _solve(scaled, weights)
        errors = [abs(a * u + b * v - 1) for a, b in scaled]
        weights = [OUTLIER / max(OUTLIER, error) for error in errors]
    return u * first[0], v * first[1]


def _solve(rows: Sequence[tuple[float, float]], weights: Sequence[float]) -> tuple[float, float]:
    """The weighted normal equations of a·u + b·v = 1, and u = v = 1 with the prior's weight."""
    pairs = [(weight, *row) for weight, row in zip(weights, rows, strict=True)]
    aa = PRIOR_WEIGHT + sum(w * a * a for w, a, _ in pairs)
    bb = PRIOR_WEIGHT + sum(w * b * b for w, _, b in pairs)
    ab = sum(w * a * b for w, a, b in pairs)
    at = PRIOR_WEIGHT + sum(w * a for w, a, _ in pairs)
    bt = PRIOR_WEIGHT + sum(w * b for w, _, b in pairs)
    determinant = aa * bb - ab * ab
    u, v = (at * bb - bt * ab) / determinant, (bt * aa - at * ab) / determinant
    if u < 0:
        return 0.0, bt / bb
    if v < 0:
        return at / aa, 0.0
    return u, v


def _factor(pairs: Sequence[tuple[float | None, float]]) -> float:
    """How many times as long as supposed it took, in the middle; 1 without any."""
    found = [took / supposed for took, supposed in pairs if took is not None]
    return max(0.01, median(found)) if found else 1.0
