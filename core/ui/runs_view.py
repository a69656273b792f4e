"""The runs: those of the visitor that go on, with their buttons, and a table of all."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from core import figures
from core.records import RunRecord
from core.runs import Library
from core.ui import budget, clocks, live, platform, run_controls, run_picker, state, wording
from core.ui.notices import nothing_yet

GOING_S, TABLE_S = 1.0, 4.0
MOST_GOING, MOST = 8, 100
_GOING, _CLICK = "epochscope.runs_going", "epochscope.run_clicked"


def follow() -> None:
    """Draw the runs now, and again while the page is open."""
    st.session_state.pop(_GOING, None)
    live.redraw(_tick_going, GOING_S)()
    live.redraw(_tick_table, TABLE_S)()


def _tick_going() -> None:
    library = platform.library()
    runs = library.going(MOST_GOING + 1)
    now = [run.id for run in runs]
    known = st.session_state.setdefault(_GOING, now)
    if now != known or state.wants_train_page():
        st.session_state.pop(_GOING)
        st.rerun()  # the table shows what has ended
    for run in runs[:MOST_GOING]:
        _show_going(run, library)
    if len(runs) > MOST_GOING:
        st.caption("More of your runs wait or train: they are in the table.")


def _show_going(run: RunRecord, library: Library) -> None:
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
            run_controls.show(run, "list", with_stop=True)


def _tick_table() -> None:
    library = platform.library()
    runs = library.recent(MOST)
    if not runs:
        nothing_yet("Every run")
        return
    if state.wants_train_page():
        st.rerun()
    st.subheader("All runs")
    st.dataframe(
        pd.DataFrame([_row(run, library) for run in runs]),
        hide_index=True,
        column_config=_columns(tuple(run.id for run in runs)),
        key="all-runs",
        alt="All runs, newest first",
    )


def _row(run: RunRecord, library: Library) -> dict[str, object]:
    planned = run.experiment.training.epochs
    metric = wording.main_metric(run)
    result = run.evaluation.get(metric)
    return {
        "Look": "Look",
        "Status": run_picker.badge(run)[0],
        "Run": wording.cell(run_picker.locked(run, run.name or run.experiment.title)),
        "Epochs": f"{run.epochs_done} of {planned}",
        "On test samples": ""
        if result is None
        else f"{figures.metric_title(metric)} {wording.number(metric, result)}",
        "Made": run.created_at,
        "Took": wording.clock(took) if (took := budget.took_s(run)) else "",
        "By": "you" if library.is_own(run) else ("someone else" if run.owner else "everyone"),
    }


def _columns(run_ids: tuple[str, ...]) -> dict[str, Any]:
    text, zone = st.column_config.TextColumn, clocks.zone_name()
    return {
        "Look": st.column_config.ButtonColumn(
            "", width=70, on_click=_look_at_row, args=(run_ids,), key=_CLICK
        ),
        "Status": text(width=85),
        "Run": text(width=235),
        "Epochs": text(width=100),
        "On test samples": text(width=125),
        "Made": st.column_config.DatetimeColumn(format="D MMM, HH:mm:ss", timezone=zone, width=120),
        "Took": text(width=75, help="Time on a training process."),
        "By": text(width=100),
    }


def _look_at_row(run_ids: tuple[str, ...]) -> None:
    """Look at the run whose button was clicked, in a table of these runs."""
    _look(run_ids[st.session_state[_CLICK]["row"]])


def _look(run_id: str) -> None:
    state.select_run(run_id)
    state.ask_for_train_page()
