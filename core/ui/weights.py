"""Which epochs the weights are of that a finished run has kept, and how they are called."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import streamlit as st

from core import analysis
from core.errors import EpochscopeError
from core.jobs import BEST_PREDICTIONS, KEPT_WEIGHTS, PREDICTIONS
from core.records import EpochRecord, RunRecord
from core.ui import platform


@dataclass(frozen=True)
class Kept:
    """Epochs from 1: `end` is that of the weights training ended with, `best` that of the best.

    `best` is the lowest loss since epoch `since`: weights of epochs before, of another run, were
    not kept. None is an epoch that is not known. `last` is the last epoch trained.
    """

    last: int
    end: int | None
    best: int | None
    since: int = 1

    @property
    def end_title(self) -> str:
        """The weights training ended with."""
        if self.end is None:
            return "At the end of training"
        if self.end == self.last:
            return f"Last epoch ({self.end})"
        return f"Restored by early stopping ({self.end})"

    @property
    def best_title(self) -> str:
        """The weights of the best epoch."""
        if self.best is None:
            return "Best of its own epochs"
        if self.since > 1:
            return f"Best of epochs {self.since}–{self.last} ({self.best})"
        return f"Best epoch ({self.best})"


def kept(run: RunRecord, epochs: tuple[EpochRecord, ...]) -> Kept:
    """What is known of a finished run's weights; `epochs` are all, its parents' too."""
    last = epochs[-1].epoch + 1 if epochs else 0
    stored = _stored(run.id)
    if stored:
        end, best, since = stored
        return Kept(last, end + 1, best + 1 if best >= 0 else None, since + 1)
    # An earlier version kept weights of the run's own epochs alone, and not whose they are.
    before = _epochs_before(run)
    if before is None or before >= len(epochs):
        return Kept(last, None, None)
    own = epochs[before:]
    losses = [record.metrics.get("val_loss", record.metrics["loss"]) for record in own]
    best_own = analysis.best_epoch(losses, "loss")
    end_own = analysis.kept_epoch(run.experiment, own)
    return Kept(
        last,
        last if end_own is None else own[end_own].epoch + 1,
        None if best_own is None else own[best_own].epoch + 1,
        before + 1,
    )


def choose(run: RunRecord, epochs: tuple[EpochRecord, ...]) -> str:
    """Draw the choice between the weights kept, where they differ; the predictions it means."""
    found = kept(run, epochs)
    measure = loss_title(epochs)
    if not platform.artifacts().has(run.id, BEST_PREDICTIONS):
        if platform.artifacts().has(run.id, PREDICTIONS):
            st.caption(_only(found, measure))
        return PREDICTIONS
    titles = {PREDICTIONS: found.end_title, BEST_PREDICTIONS: found.best_title}
    chosen = st.segmented_control(
        "Weights",
        list(titles),
        format_func=titles.__getitem__,
        default=PREDICTIONS,
        required=True,
        key="results.weights",
        persist_state="session",
        help=f"Those training ended with, or those of the epoch with the lowest {measure}.",
    )
    return str(chosen)


def loss_title(epochs: tuple[EpochRecord, ...]) -> str:
    """The loss by which an epoch is the best."""
    validated = any("val_loss" in record.metrics for record in epochs)
    return "validation loss" if validated else "training loss"


def _only(found: Kept, measure: str) -> str:
    """Whose the weights are, where there are no others."""
    words = f"Weights: {found.end_title[0].lower()}{found.end_title[1:]}"
    if found.best is None or found.best != found.end:
        return f"{words}."
    since = f" of epochs {found.since}–{found.last}" if found.since > 1 else ""
    return f"{words}, the lowest {measure}{since}."


def _epochs_before(run: RunRecord) -> int | None:
    """How many of a run's epochs were another one's; None where that cannot be read."""
    if run.parent_id is None:
        return 0
    try:
        return platform.library().get(run.parent_id).epochs_done
    except EpochscopeError:
        return None


def _stored(run_id: str) -> tuple[int, int, int] | None:
    try:
        return _load(run_id)
    except EpochscopeError:  # an earlier version did not keep them, or they cannot be read
        return None


@lru_cache(maxsize=256)
def _load(run_id: str) -> tuple[int, int, int]:
    found = platform.artifacts().load(run_id, KEPT_WEIGHTS)
    return int(found["end"]), int(found["best"]), int(found["since"])
