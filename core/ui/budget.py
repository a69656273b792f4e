"""What a run will take and may take: the estimate, the limits, the queue, and what it took."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from core.errors import Problem
from core.experiment import Experiment
from core.jobs import Estimate, Place, limits, of_stored, places
from core.records import RunRecord, Status
from core.settings import settings
from core.ui import platform, wording

_QUEUE_S = 0.5


def estimate(experiment: Experiment, epochs_done: int = 0) -> Estimate:
    """What a run will take on this installation."""
    return platform.estimator().estimate(experiment, epochs_done)


def problems(experiment: Experiment, expected: Estimate) -> tuple[Problem, ...]:
    """Why an experiment is refused here, whoever asks for it."""
    return limits.problems(experiment, settings().limits, expected)


def queue_problem() -> Problem | None:
    """Why this visitor can start no other run now."""
    return platform.library().queue_problem(most_queued())


def most_queued() -> int | None:
    """How many runs of one visitor may wait or train; None is no limit."""
    return settings().limits.queued


def expected_of(experiment: Experiment, epochs_done: int = 0) -> dict[str, float]:
    """What to store as expected of a run that is made now.

    Raises:
        LimitExceeded: it is refused, whoever asks for it.
    """
    found = estimate(experiment, epochs_done)
    limits.check(experiment, settings().limits, found)
    return found.stored()


def show_estimate(found: Estimate | None) -> None:
    """One line: how long the next run takes, and how much memory."""
    if found is None:
        return
    about = "At most about" if found.at_most else "About"
    st.caption(
        f"{about} {wording.clock(found.seconds)} · {wording.memory(found.bytes)}",
        help=f"{_basis(found)} Memory is that of the training process.",
    )


def show_took(run: RunRecord) -> None:
    """What a run has taken, beside what was expected of it."""
    if not took_s(run):
        return
    expected = of_stored(run.expected) if run.status is Status.FINISHED else None
    time, memory = wording.clock(took_s(run)), ""
    if run.measured.get("peak_bytes"):
        memory = f" · {wording.memory(run.measured['peak_bytes'])}"
    if expected:
        at_most = "at most " if run.stopped_early else ""
        time += f" (expected {at_most}{wording.clock(expected.seconds)})"
        memory += f" (expected {wording.memory(expected.bytes)})" if memory else ""
    st.caption(f"Took {time}{memory}")


def took_s(run: RunRecord) -> float:
    """Seconds the run has taken of training processes; 0 where nobody has measured it."""
    return run.measured.get("seconds", 0.0) + run.measured.get("earlier_seconds", 0.0)


def waiting(run: RunRecord) -> str:
    """Where a run stands that waits for a training process."""
    place = _places().get(run.id)
    if place is None:  # made since the queue was last looked at
        _places.clear()
        place = _places().get(run.id)
    if place is None:
        return "Waiting for a free training process; other runs come first."
    when = f"about {wording.clock(place.wait_s)}" if place.wait_s >= 1 else "starts in a moment"
    return f"Place {place.place} in the queue · {when}"


def _basis(found: Estimate) -> str:
    match found.basis:
        case "same":
            return f"Measured: {_runs(found.runs)} of this network here."
        case "others":
            return f"From {_runs(found.runs)} of other networks here, and from this one's layers."
        case "guess":
            return "A guess from the layers: nothing has been trained here yet."


def _runs(count: int) -> str:
    return "one run" if count == 1 else f"{count} runs"


@st.cache_data(ttl=_QUEUE_S, show_spinner=False)
def _places() -> dict[str, Place]:
    """The queue as it is now, looked at once for all who wait."""
    return places(platform.line(), platform.jobs().slots(), datetime.now(UTC))
