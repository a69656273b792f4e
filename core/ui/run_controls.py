"""The buttons that pause a run, go on with it, or stop it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.records import Control, RunRecord, Status
from core.ui import actions, platform


def show(run: RunRecord, where: str, *, with_stop: bool = False) -> None:
    """Pause or Resume, Step, and with `with_stop` Stop, in the row the caller has made.

    `where` tells places on a page apart.
    """
    paused = run.status is Status.PAUSED
    if paused or run.control in (Control.PAUSE, Control.STEP):
        _button(run, where, "Resume", ":material/play_arrow:", resume)
    else:
        _button(run, where, "Pause", ":material/pause:", pause, run.control is Control.STOP)
    _button(run, where, "Step", ":material/skip_next:", step, not paused)
    if with_stop:
        _button(run, where, "Stop", ":material/stop:", stop, run.control is Control.STOP)


_HELP = {
    "Pause": "Interrupt the run. It keeps its epochs, and others can use its training process.",
    "Resume": "Go on where the run was paused.",
    "Step": "Train one more epoch, then pause again.",
    "Stop": "Stop the run for good, test it, and keep its epochs so far.",
}


def _button(
    run: RunRecord,
    where: str,
    label: str,
    icon: str,
    action: Callable[[str], None],
    disabled: bool = False,
) -> None:
    st.button(
        label,
        key=f"{where}-{label.lower()}-{run.id}",
        icon=icon,
        disabled=disabled,
        help=_HELP[label],
        on_click=action,
        args=(run.id,),
    )


def pause(run_id: str) -> None:
    """Pause a run; pressed twice it stays paused."""
    actions.change(run_id, platform.jobs().pause)


def resume(run_id: str) -> None:
    """Go on with a paused run, if the visitor's queue has room for it."""
    actions.change(run_id, platform.jobs().resume)


def step(run_id: str) -> None:
    """Train one epoch of a paused run."""
    actions.change(run_id, partial(platform.jobs().resume, step=True))


def stop(run_id: str) -> None:
    """Stop a run."""
    actions.change(run_id, platform.jobs().stop)
