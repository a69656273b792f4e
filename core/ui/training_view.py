"""A run as it is trained: how far it is, its curves so far, and how it ended."""

from __future__ import annotations

import streamlit as st

from core import figures
from core.analysis import seconds_left, seconds_per_epoch
from core.records import EpochRecord, Progress, RunRecord, Status
from core.ui import (
    budget,
    charts,
    in_sight,
    model_files,
    numbers,
    platform,
    results,
    run_controls,
    run_facts,
    run_picker,
    state,
    verdict_view,
    wording,
)

_TRAINS = ("Training", "Validating", "Testing")


# Of the height of the screen, so that a projector and a phone show the whole of it.
_HEIGHT = "clamp(300px, 46vh, 560px)"


def draw(run: RunRecord, epochs: tuple[EpochRecord, ...]) -> None:
    """Status, progress, newest numbers and the live curves of one run; of an ended one, its end."""
    with st.container(key="training-view"):
        run_picker.show_status(run)
        if not run.status.final and platform.library().may_change(run):
            with st.container(horizontal=True, gap="small"):
                run_controls.show(run, "train")
        if run.status.final:  # before the charts: it is what one looks for first
            _show_end(run, epochs)
        _show_progress(run, epochs)
        _show_numbers(run, epochs)
        _show_charts(run, epochs)
        if run.status.final:
            model_files.show_continue(run, epochs)
        in_sight.keep(run.id, ended=run.status.final, followed=state.follows(run.id))


def _show_charts(run: RunRecord, epochs: tuple[EpochRecord, ...]) -> None:
    """A chart of the loss and one of the metric: side by side, or one below the other."""
    planned, metrics = run.experiment.training.epochs, ("loss", wording.main_metric(run))
    ended = run.stopped_early and bool(epochs), results.kept_epoch(run, epochs)
    within = results.within_epoch(run, epochs)
    for column, metric in zip(st.columns(len(metrics)), metrics, strict=True):
        info = figures.live_info(epochs, planned, (metric,), *ended, within)
        with column:
            key = f"live-{run.id}-{metric}"
            charts.show(figures.LIVE, info, key, table=False, height=_HEIGHT)
    both = figures.live_info(epochs, planned, metrics, *ended, within)
    charts.show_table(figures.LIVE, both, f"live-{run.id}")


def _show_progress(run: RunRecord, epochs: tuple[EpochRecord, ...]) -> None:
    planned = run.experiment.training.epochs
    done = min(1.0, len(epochs) / planned)
    if run.status.final:
        st.progress(done, text=f"{len(epochs)} of {planned} epochs")
    elif run.status is Status.PAUSED:
        st.progress(done, text=_paused(len(epochs), planned))
    else:
        problem = platform.jobs().problem
        if problem:
            st.warning(problem, icon=":material/cloud_off:")
        if run.status is not Status.QUEUED:  # workers train on without this process
            st.progress(*_running(run, epochs))
        elif not problem:
            st.progress(done, text=_waiting(run))


def _paused(done: int, planned: int) -> str:
    after = f"Paused after epoch {done} of {planned}." if done else "Paused before the first epoch."
    return f"{after} Resume goes on from there, on a free training process."


def _waiting(run: RunRecord) -> str:
    if platform.jobs().state == "ready":
        return budget.waiting(run)
    return "The training processes are starting: this takes a few seconds after a restart."


def _running(run: RunRecord, epochs: tuple[EpochRecord, ...]) -> tuple[float, str]:
    planned = run.experiment.training.epochs
    now = state.progress(run.id) or Progress("Training" if epochs else "Getting ready")
    if now.phase not in _TRAINS:
        words = f"{now.phase}. {now.detail}" if now.detail else f"{now.phase} …"
        return min(1.0, len(epochs) / planned), words
    if now.phase == "Testing" or len(epochs) >= planned:
        return 1.0, "Testing on samples the network has never seen …"
    inside = now.batch / now.batches if now.batches and now.epoch == len(epochs) else 0.0
    text = f"Epoch {len(epochs) + 1} of {planned}"
    if inside:
        text += f" · batch {now.batch:,} of {now.batches:,}"
    durations = [record.duration_s for record in epochs]
    left = seconds_left(durations, planned)
    if left is not None:
        pace = seconds_per_epoch(durations) or 0.0
        text += f" · about {wording.clock(max(0.0, left - inside * pace))} left"
    return min(1.0, (len(epochs) + inside) / planned), text


def _show_numbers(run: RunRecord, epochs: tuple[EpochRecord, ...]) -> None:
    """The values of the epoch whose weights were kept, or the newest.

    Before the first epoch ends, they are the means over its batches so far.
    """
    metric = wording.main_metric(run)
    within = () if epochs else results.within_epoch(run, epochs)
    kept = results.kept_epoch(run, epochs)
    of_kept = [record for record in epochs if record.epoch + 1 == kept]
    shown = of_kept or epochs[-1:]
    latest = shown[0].metrics if shown else within[-1].means if within else {}
    names = ["loss", "val_loss", metric, f"val_{metric}"]
    if not run.experiment.data.validation_split:
        names = ["loss", metric]
    numbers.show(
        {
            wording.full_title(name): wording.number(name, latest[name]) if name in latest else "–"
            for name in names
        }
    )
    if of_kept:
        st.caption(f"Values of epoch {kept}, whose weights were kept.")
    if within:
        now = within[-1]
        st.caption(
            f"So far in epoch {now.epoch + 1}: means over {now.batch:,} of {now.batches:,} "
            "batches. Validation follows at the end of the epoch."
        )


def _show_end(run: RunRecord, epochs: tuple[EpochRecord, ...]) -> None:
    facts = run_facts.facts(run, epochs)
    found = results.diagnosis(run, epochs, facts)
    if run.evaluation:
        verdict_view.show_test(run, facts, found)
    verdict_view.show_verdict(found)
    results.show_kept(run, epochs)
    budget.show_took(run)
