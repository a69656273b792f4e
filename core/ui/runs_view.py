"""The runs: those of the visitor that go on, with their buttons, and a table of all."""

from __future__ import annotations

import streamlit as st

from core.records import RunRecord
from core.ui import live, platform, run_controls, run_picker, runs_table, state
from core.ui.notices import nothing_yet

GOING_S, TABLE_S = 1.0, 4.0
MOST_GOING, MOST = 8, 500
_GOING = "epochscope.runs_going"


def follow() -> None:
    """Draw the runs now, and again while the page is open."""
    st.session_state.pop(_GOING, None)
    live.redraw(_tick_going, GOING_S)()
    # Rows that came while somebody ticks or sorts would move the others.
    listed = tuple(run.id for run in platform.library().recent(MOST))
    live.redraw(_tick_table, TABLE_S)(listed)


def _tick_going() -> None:
    library = platform.library()
    runs = library.going(MOST_GOING + 1)
    now = [run.id for run in runs]
    known = st.session_state.setdefault(_GOING, now)
    if now != known or state.wants_page():
        st.session_state.pop(_GOING)
        st.rerun()  # the table shows what has ended
    titles = run_picker.run_titles(runs)
    for run in runs[:MOST_GOING]:
        _show_going(run, titles[run.id])
    if len(runs) > MOST_GOING:
        st.caption("More of your runs wait or train: they are in the table.")


def _show_going(run: RunRecord, title: str) -> None:
    with st.container(border=True, key=f"run-row-{run.id}"):
        about, buttons = st.columns(2, vertical_alignment="center")
        with about:
            label, icon, color = run_picker.badge(run)
            st.badge(label, icon=icon, color=color)
            st.text(title)
            planned = run.experiment.training.epochs
            st.progress(
                min(1.0, run.epochs_done / planned), text=f"{run.epochs_done} of {planned} epochs"
            )
        with buttons, st.container(horizontal=True, gap="small"):
            st.button("Open", key=f"open-{run.id}", on_click=runs_table.open_run, args=(run.id,))
            run_controls.show(run, "list", with_stop=True)


def _tick_table(listed: tuple[str, ...]) -> None:
    library = platform.library()
    if state.wants_page():
        st.rerun()
    recent = library.recent(MOST)
    runs = [run for run in recent if run.id in set(listed)]
    if not runs:
        nothing_yet("Every run")
        return
    st.header("All runs", anchor=False)
    _tell_left_out(len(recent) - len(runs), len(recent))
    _tell_damaged()
    runs_table.show(runs, library)


def _tell_left_out(newer: int, count: int) -> None:
    """What the table does not show."""
    if newer:
        more = "1 newer run is" if newer == 1 else f"{newer} newer runs are"
        if st.button(f"{more} not in the table: show", icon=":material/refresh:"):
            st.rerun()
    if count >= MOST:
        st.caption(f"The newest {MOST} runs, yours before those of others.")


def _tell_damaged() -> None:
    """That runs are left out since the database is damaged where it holds them."""
    count = platform.library().damaged
    if count:
        runs = "1 run is" if count == 1 else f"{count} runs are"
        st.caption(
            f"{runs} left out: what the database holds of them is damaged. Whoever runs this "
            "server finds their ids in its log."
        )
