"""What a screen reader is told of a run: how far it is while it trains, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence

from core import figures
from core.records import EpochRecord, RunRecord, Status
from core.ui import accessibility, state, wording


def tell(run: RunRecord, epochs: Sequence[EpochRecord]) -> None:
    """Have the state of a run read out."""
    ended, followed = run.status.final, state.follows(run.id)
    accessibility.announce(words(run, epochs), run.id, ended=ended, followed=followed)


def words(run: RunRecord, epochs: Sequence[EpochRecord]) -> str:
    """The state of a run in a sentence: `Epoch 3 of 10, validation accuracy 87.7 %.`"""
    planned = run.experiment.training.epochs
    done = f"{len(epochs)} of {planned} epochs"
    if run.status is Status.FINISHED:
        return f"Training has finished after {done}{_tested(run)}."
    if run.status is Status.STOPPED:
        return f"Training was stopped after {done}."
    if run.status is Status.FAILED:
        return f"Training failed after {done}. {run.reason}"
    if run.status is Status.PAUSED:
        return f"Training is paused after {done}."
    if not epochs:
        return "Training is waiting." if run.status is Status.QUEUED else "Training has started."
    return f"Epoch {len(epochs)} of {planned}{_newest(run, epochs[-1])}."


def _newest(run: RunRecord, epoch: EpochRecord) -> str:
    metric = wording.main_metric(run)
    name = next((name for name in (f"val_{metric}", metric) if name in epoch.metrics), None)
    if name is None:
        return ""
    return f", {wording.full_title(name).lower()} {wording.number(name, epoch.metrics[name])}"


def _tested(run: RunRecord) -> str:
    metric = wording.main_metric(run)
    if metric not in run.evaluation:
        return ""
    title = figures.metric_title(metric).lower()
    return f", test {title} {wording.number(metric, run.evaluation[metric])}"
