"""What this installation refuses: before a run is made, before it trains, and while it does.

How many runs a visitor may have at a time is counted by the run store, which makes them.
"""

from __future__ import annotations

from core.errors import LimitExceeded, Problem
from core.experiment import Experiment
from core.jobs.estimate import Estimate
from core.jobs.memory import memory_problem
from core.limits import Limits
from core.settings import settings

_MB = 1e6
# A guess made before anything was trained may be that wrong; the run itself is timed anyway.
GUESS_FACTOR = 2.0


def problems(
    experiment: Experiment, limits: Limits, estimate: Estimate | None = None
) -> tuple[Problem, ...]:
    """Everything for which a run of `experiment` is refused, whoever asks for it."""
    found = (
        memory_problem(experiment, settings().runs_at_once),
        _parameters(experiment, limits),
        _epochs(experiment, limits),
        _seconds(estimate, limits),
        _memory(estimate, limits),
    )
    return tuple(problem for problem in found if problem)


def check(experiment: Experiment, limits: Limits, estimate: Estimate | None = None) -> None:
    """Refuse what `problems` finds: called before a run is made, and before it trains.

    Raises:
        LimitExceeded: with all problems.
    """
    found = problems(experiment, limits, estimate)
    if found:
        raise LimitExceeded(found)


def time_is_up(trained_s: float, limits: Limits) -> bool:
    """Whether a run that has trained for so many seconds, with all its pauses, may not go on."""
    return limits.seconds is not None and trained_s > limits.seconds


def time_up_reason(limits: Limits) -> str:
    """What to say of a run that was ended because its time was up."""
    return (
        f"Stopped after {limits.seconds:,} s, the most a run may take here. Its epochs so far are "
        "kept. Use fewer epochs, fewer samples or a smaller network."
    )


def _parameters(experiment: Experiment, limits: Limits) -> Problem | None:
    if limits.parameters is None or experiment.parameter_count <= limits.parameters:
        return None
    return Problem(
        ("model",),
        f"Model: {experiment.parameter_count:,} parameters, but at most {limits.parameters:,} can "
        "be trained here. Use fewer units or filters, or more pooling.",
    )


def _epochs(experiment: Experiment, limits: Limits) -> Problem | None:
    epochs = experiment.training.epochs
    if limits.epochs is None or epochs <= limits.epochs:
        return None
    return Problem(
        ("training", "epochs"),
        f"Epochs: {epochs:,} were given, but at most {limits.epochs:,} can be trained here. "
        f"Use {limits.epochs:,} or fewer.",
    )


def _seconds(estimate: Estimate | None, limits: Limits) -> Problem | None:
    if estimate is None or limits.seconds is None:
        return None
    factor = GUESS_FACTOR if estimate.basis == "guess" else 1.0
    if estimate.seconds <= factor * limits.seconds:
        return None
    return Problem(
        ("training", "epochs"),
        f"Time: this run will take about {estimate.seconds:,.0f} s, but at most "
        f"{limits.seconds:,} s are allowed here. {_shorter(estimate, limits.seconds)}",
    )


def _shorter(estimate: Estimate, seconds: int) -> str:
    fitting = int((seconds - estimate.around_seconds) / max(estimate.epoch_seconds, 1e-6))
    if fitting >= 1:
        return f"Use at most {fitting:,} epochs, fewer samples or a smaller network."
    return "Use fewer samples or a smaller network."


def _memory(estimate: Estimate | None, limits: Limits) -> Problem | None:
    if estimate is None or limits.memory_mb is None or estimate.bytes <= _MB * limits.memory_mb:
        return None
    return Problem(
        ("training", "batch_size"),
        f"Memory: training this takes about {estimate.bytes / _MB:,.0f} MB, but at most "
        f"{limits.memory_mb:,} MB are allowed here. Use a smaller batch size, fewer units or "
        "filters, or more pooling.",
    )
