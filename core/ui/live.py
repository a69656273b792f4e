"""Shows a run while it is going: a fragment redraws it twice a second, until it ends."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import streamlit as st

from core.records import EpochRecord, RunRecord, push_epoch, pushed_epochs
from core.ui import news, platform, state, turns
from core.ui.notices import readable_errors

INTERVAL_S = 0.5
P = ParamSpec("P")
Draw = Callable[[RunRecord, tuple[EpochRecord, ...]], None]


def follow(run: RunRecord, draw: Draw) -> None:
    """Draw `run` with its epochs now, and again whenever there may be news of it."""
    if run.status.final:
        _draw(run, draw)
        return
    state.follow(run.id)
    state.inbox(platform.mailroom()).watch(run.id)
    redraw(_tick, INTERVAL_S)(run.id, draw)


def redraw(part: Callable[P, None], every_s: float) -> Callable[P, None]:
    """A function that draws a part of a page, which then draws itself again every so often.

    What goes wrong in it is told in its place.
    """

    @wraps(part)
    def readable(*args: P.args, **kwargs: P.kwargs) -> None:
        with readable_errors():
            part(*args, **kwargs)

    drawn: Callable[P, None] = st.fragment(turns.in_turn(readable), run_every=every_s)
    return drawn


def epochs_of(run: RunRecord) -> tuple[EpochRecord, ...]:
    """The run's epochs as far as committed: from the inbox, and from the store what it missed."""
    state.inbox(platform.mailroom()).empty_into(st.session_state)
    known = pushed_epochs(st.session_state, run.id)
    if len(known) >= run.epochs_done:
        return known
    for record in platform.library().epochs(run.id):
        push_epoch(st.session_state, run.id, record)
    return pushed_epochs(st.session_state, run.id)


def _tick(run_id: str, draw: Draw) -> None:
    run = platform.library().get(run_id)
    if run.status.final:
        # The rest of the page changes with the end of a run: buttons, links, results.
        st.rerun()
    _draw(run, draw)


def _draw(run: RunRecord, draw: Draw) -> None:
    epochs = epochs_of(run)
    draw(run, epochs)
    news.tell(run, epochs)
