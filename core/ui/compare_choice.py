"""Which runs are compared: the choice, its place in the URL, and a colour that each run keeps."""

from __future__ import annotations

import hashlib

import streamlit as st

from core.records import RunRecord
from core.ui import platform, run_picker, state

OFFERED = 100
_WIDGET = "epochscope.compare_choice"
_PLACES = "epochscope.compare_places"


def choose() -> tuple[RunRecord, ...]:
    """Draw the choice and return the runs chosen."""
    chosen = _still_there()
    state.show_compared(run.id for run in chosen)
    recent = platform.library().recent(OFFERED)
    runs = {run.id: run for run in (*recent, *chosen)}
    titles = run_picker.run_titles(list(runs.values()))
    # The browser knows options by their titles: with other titles it is another list.
    key = f"{_WIDGET}.{hashlib.sha256(repr(titles).encode()).hexdigest()[:12]}"
    # Each time: a browser that was sent elsewhere meanwhile has not heard of it.
    st.session_state[key] = [run.id for run in chosen]
    st.multiselect(
        "Runs",
        list(runs),
        format_func=lambda run_id: titles.get(run_id, run_id),
        key=key,
        max_selections=state.MOST_COMPARED,
        placeholder="Choose two or more runs",
        on_change=lambda: state.compare(
            run_id for run_id in st.session_state[key] if run_id in titles
        ),
        select_all=False,
        persist_state="session",
    )
    _tell_left_out()
    return chosen


def places(run_ids: tuple[str, ...]) -> dict[str, int]:
    """The place of each run, which gives its colour: it keeps it while others come and go."""
    held: dict[str, int] = st.session_state.get(_PLACES, {})
    found = {run_id: held[run_id] for run_id in run_ids if run_id in held}
    free = (place for place in range(len(run_ids)) if place not in set(found.values()))
    found |= {run_id: next(free) for run_id in run_ids if run_id not in found}
    st.session_state[_PLACES] = found
    return found


def _still_there() -> tuple[RunRecord, ...]:
    """The runs to compare that the visitor may see; how many are missing is remembered."""
    wanted, before = state.compared(), state.left_out()
    found = platform.library().some(wanted)
    if len(found) < len(wanted):
        state.compare(run.id for run in found)
        state.leave_out(before + len(wanted) - len(found))
    return found


def _tell_left_out() -> None:
    count = state.left_out()
    if count:
        which = "1 run" if count == 1 else f"{count} runs"
        st.warning(
            f"{which} of this comparison cannot be shown: there may be no such run any more, it "
            f"may be somebody's private run, or there are more than {state.MOST_COMPARED}. "
            "Choose others from the list.",
            icon=":material/report:",
        )
