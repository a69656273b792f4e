"""Whether an experiment fits into this computer's memory, before anybody trains it."""

from __future__ import annotations

from distributed.system import MEMORY_LIMIT

from core.errors import Problem
from core.experiment import Experiment
from core.experiment.memory import estimated_bytes

# The rest is for the web process, for TensorFlow itself, and for the operating system.
SHARE = 0.7
_GB = 1e9


def memory_problem(
    experiment: Experiment, runs_at_once: int, limit_bytes: int = MEMORY_LIMIT
) -> Problem | None:
    """What to say of an experiment that needs more than its part of the memory; None if it fits.

    The computer has `limit_bytes`, of which each of `runs_at_once` runs may have as much.
    """
    needed = estimated_bytes(experiment)
    allowed = SHARE * limit_bytes / runs_at_once
    if needed <= allowed:
        return None
    others = f", where {runs_at_once} runs train at once" if runs_at_once > 1 else ""
    return Problem(
        ("training", "batch_size"),
        f"Memory: {experiment.parameter_count:,} parameters with batches of "
        f"{experiment.training.batch_size:,} need about {needed / _GB:.1f} GB, but at most "
        f"{allowed / _GB:.1f} GB can be used here{others}. Use a smaller batch size, fewer units "
        "or filters, or more pooling.",
    )
