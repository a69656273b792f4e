"""Picks the run that the result pages show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from core.errors import EpochscopeError, RunNotFound
from core.experiment.card import Task
from core.records import NAME_LENGTH, Control, RunRecord, Status
from core.runs import Library
from core.ui import (
    actions,
    address,
    clocks,
    form,
    navigation,
    platform,
    run_names,
    state,
    wording,
)
from core.ui.notices import show_error

_KEY = "epochscope.picked_run"
MOST = 30
Color = Literal["gray", "blue", "green", "orange", "red"]
STATUS_BADGES: dict[Status, tuple[str, str, Color]] = {
    Status.QUEUED: ("Waiting", ":material/hourglass_empty:", "gray"),
    Status.RUNNING: ("Training", ":material/play_arrow:", "blue"),
    Status.PAUSED: ("Paused", ":material/pause:", "orange"),
    Status.FINISHED: ("Finished", ":material/check:", "green"),
    Status.STOPPED: ("Stopped", ":material/stop:", "orange"),
    Status.FAILED: ("Failed", ":material/error:", "red"),
}


def pick() -> RunRecord | None:
    """Draw the picker and return the run looked at; None, with a message, when there is none."""
    chosen, missing = _chosen()
    navigation.name_result(_task(chosen))
    if missing:
        show_error(missing)
    runs = known_runs(chosen)
    if not runs:
        return None
    titles = run_titles(runs)
    st.session_state[_KEY] = chosen.id if chosen else None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "Run",
            list(titles),
            format_func=lambda run_id: titles.get(run_id, run_id),
            key=_KEY,
            placeholder="Choose a run",
            on_change=lambda: _take(st.session_state[_KEY], titles),
        )
        if chosen and platform.library().may_change(chosen):
            _show_label(chosen)
        if chosen and address.differs(chosen):
            st.button(
                "Use these settings",
                icon=":material/tune:",
                key=f"use-settings-{chosen.id}",
                on_click=_use_settings,
                args=(chosen.id,),
                help="Set the sidebar to what this run was trained with, to train it again or to "
                "change one thing.",
            )
    return chosen


def _use_settings(run_id: str) -> None:
    try:
        form.fill(platform.library().get(run_id).experiment)
    except EpochscopeError as error:
        state.leave_message(str(error), run_id)


def result_title() -> str:
    """What the page of all predictions is called for the run looked at."""
    chosen, _ = _chosen()
    return navigation.RESULT_TITLES[_task(chosen)]


def _task(chosen: RunRecord | None) -> Task:
    return chosen.experiment.data.card.task if chosen else "classification"


def _take(picked: str | None, titles: dict[str, str]) -> None:
    """Look at the run that was picked; a title that has changed meanwhile comes as it was read."""
    if picked is None or picked in titles:
        state.select_run(picked)


def known_runs(chosen: RunRecord | None = None) -> tuple[RunRecord, ...]:
    """The runs to choose from, newest first: the visitor's own before others."""
    recent = platform.library().recent(MOST)
    return recent if chosen is None or chosen in recent else (chosen, *recent)


def run_titles(runs: Sequence[RunRecord]) -> dict[str, str]:
    """Titles by run id, no two the same: Streamlit tells options apart by what they read.

    What differs among the runs comes first, where nothing is cut.
    """
    library, names = platform.library(), run_names.plain_names(runs)
    return run_names.numbered({run.id: _title(names[run.id], run, library) for run in runs})


def run_title(run: RunRecord, library: Library) -> str:
    """One run without others beside it: what was trained, how it ended, when it was made."""
    return _title(run.name or run.experiment.title, run, library)


def _title(name: str, run: RunRecord, library: Library) -> str:
    when = clocks.time_of(run.created_at)
    # A running run's title must not change: it is not redrawn with the run.
    ended = f"{outcome(run).lower()} · " if run.status.final else ""
    whose = "" if library.may_change(run) else " · by someone else"
    return f"{locked(run, name)} · {ended}{when}{whose}"


def locked(run: RunRecord, name: str) -> str:
    """A run's name, with a lock if the run is private."""
    return f"{'🔒 ' * run.private}{name}"


def outcome(run: RunRecord) -> str:
    """What the run is doing, or what became of it: one that diverged has not just failed."""
    return "Diverged" if diverged(run) else badge(run)[0]


def diverged(run: RunRecord) -> bool:
    """Whether the run failed since its loss was no longer a number."""
    return run.status is Status.FAILED and "training diverged" in run.reason


def badge(run: RunRecord) -> tuple[str, str, Color]:
    """Label, icon and color that say what the run is doing, or about to do."""
    if run.status is Status.RUNNING and run.control is Control.STOP:
        return "Stopping", ":material/stop:", "orange"
    if run.status is Status.RUNNING and run.control is Control.PAUSE:
        return "Pausing", ":material/pause:", "orange"
    return STATUS_BADGES[run.status]


def show_status(run: RunRecord) -> None:
    """The run's status as a badge, and why it ended if that needs saying."""
    label, icon, color = badge(run)
    with st.container(horizontal=True):
        st.badge(label, icon=icon, color=color)
        if run.private:
            st.badge("Private", icon=":material/lock:", color="gray")
        if not platform.library().may_change(run):
            st.badge("By someone else", icon=":material/person:", color="gray")
    if run.status is Status.FAILED:
        st.error(run.reason, icon=":material/error:")
    elif run.status is Status.STOPPED and run.reason:
        st.caption(run.reason)
    if run.stopped_early:
        st.caption(_why_early(run))
    if run.parent_id:
        st.caption("This run goes on where another one ended, and begins with its epochs.")


def _show_label(run: RunRecord) -> None:
    """What the run is called and who sees it, for whoever may say so."""
    name, private = f"name-{run.id}", f"hidden-{run.id}"
    st.session_state[name], st.session_state[private] = run.name, run.private
    with st.popover("Rename", help="Give this run a name, or hide it from others."):
        st.text_input(
            "Name",
            key=name,
            max_chars=NAME_LENGTH,
            placeholder=run.experiment.title,
            on_change=lambda: actions.rename(st.session_state[name]),
        )
        if platform.library().is_own(run):
            st.toggle(
                "Keep it private",
                key=private,
                on_change=lambda: actions.set_private(st.session_state[private]),
                help="Others do not see this run, nor find it by its address.",
            )


def _why_early(run: RunRecord) -> str:
    when = f"after epoch {run.epochs_done} of {run.experiment.training.epochs}"
    stopping = run.experiment.callbacks.early_stopping
    if stopping is None:
        return f"A callback ended the run {when}."
    monitor = wording.full_title(stopping.monitor).lower()
    return (
        f"Early stopping ended the run {when}: {monitor} had not improved for "
        f"{stopping.patience} epochs."
    )


def _chosen() -> tuple[RunRecord | None, RunNotFound | None]:
    run_id = state.selected_run()
    if run_id is None:
        return None, None
    try:
        return platform.library().get(run_id), None
    except RunNotFound as error:
        return None, error
