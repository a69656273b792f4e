"""The list of runs: what each is doing, and the buttons that change that."""

from __future__ import annotations

import streamlit as st

from core.errors import EpochscopeError
from core.records import RunRecord
from core.runs import Library
from core.ui import platform, run_controls, run_picker, state
from core.ui.notices import nothing_yet, show_error

INTERVAL_S = 1.0
MOST = 25


def follow() -> None:
    """Draw the newest runs now, and again while the page is open."""
    st.fragment(_tick, run_every=INTERVAL_S)()


def _tick() -> None:
    try:
        library = platform.library()
        runs = library.recent(MOST)
    except EpochscopeError as error:
        show_error(error)
        return
    if not runs:
        nothing_yet("Every run")
        return
    # Those that go on come first: they are what the buttons are for.
    for run in sorted(runs, key=lambda run: run.status.final):
        _row(run, library)


def _row(run: RunRecord, library: Library) -> None:
    with st.container(border=True, key=f"run-row-{run.id}"):
        about, buttons = st.columns(2, vertical_alignment="center")
        with about:
            label, icon, color = run_picker.badge(run)
            st.badge(label, icon=icon, color=color)
            st.text(run_picker.run_title(run, library))
            planned = run.experiment.training.epochs
            st.progress(
                min(1.0, run.epochs_done / planned), text=f"{run.epochs_done} of {planned} epochs"
            )
        with buttons, st.container(horizontal=True, gap="small"):
            st.button("Look", key=f"look-{run.id}", on_click=_look, args=(run.id,))
            if not run.status.final and library.may_change(run):
                run_controls.show(run, "list", with_stop=True)


def _look(run_id: str) -> None:
    state.select_run(run_id)
    state.ask_for_train_page()
