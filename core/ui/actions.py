"""What the buttons do."""

from __future__ import annotations

import time

import streamlit as st

from core.errors import EpochscopeError, RunNotFound
from core.experiment import Experiment, layer_table, read
from core.experiment.presets import FITS, PRESETS
from core.records import RunRecord
from core.ui import budget, form, platform, state

_LAST = "epochscope.last_submission"
DOUBLE_CLICK_S = 1.0


def train() -> None:
    """Start a run of what the sidebar says and look at it; a double click starts one.

    The sidebar is read here, not when the button was drawn: a number typed right before the click
    arrives together with it.
    """
    experiment = form.draft().experiment
    if experiment is None:  # the message stands at its control
        return
    if _is_second_click(experiment):
        return
    run_id = _submit(experiment)
    if run_id:
        st.session_state[_LAST] = (experiment, time.monotonic())
        state.select_run(run_id)
        state.ask_for_train_page()


def continue_training(run: RunRecord, epochs: int) -> None:
    """Train an ended run for more epochs, as a new run, and look at it."""
    settings = run.experiment.model_dump()
    settings["training"]["epochs"] = run.epochs_done + epochs
    if _is_second_click((run.id, epochs)):
        return
    try:
        experiment = read(settings)
        expected = budget.expected_of(experiment, run.epochs_done)
        child = platform.store().continue_from(
            run.id, experiment, owner=budget.visitor(), expected=expected
        )
        platform.jobs().submit(child.id)
    except EpochscopeError as error:
        state.leave_message(str(error))
        return
    st.session_state[_LAST] = ((run.id, epochs), time.monotonic())
    _follow(child.id)
    state.select_run(child.id)
    state.ask_for_train_page()


def train_fits() -> tuple[str, ...]:
    """Start the three presets that underfit, fit and overfit; their run ids in that order."""
    runs = [_submit(PRESETS[name]) for name in FITS]
    return tuple(run_id for run_id in runs if run_id)


def stop() -> None:
    """Stop the run the visitor looks at."""
    run_id = state.selected_run()
    if run_id is None:
        return
    try:
        platform.jobs().stop(run_id)
    except EpochscopeError as error:
        state.leave_message(str(error))


def can_stop() -> bool:
    """Whether the run the visitor looks at is still going and was not asked to stop."""
    run_id = state.selected_run()
    if run_id is None:
        return False
    try:
        run = platform.store().get(run_id)
    except RunNotFound:
        return False
    return not run.status.final and run.control != "stop"


def use_mlp() -> None:
    """Replace a model that cannot take the data by one that can."""
    st.session_state[form.key("model")] = form.MLP_CHOICE


def edit_preset(name: str) -> None:
    """Turn a preset into custom layers."""
    form.set_rows(layer_table.to_rows(PRESETS[name].model.hidden()))
    st.session_state[form.key("model")] = form.CUSTOM_CHOICE


def _is_second_click(wanted: object) -> bool:
    """Whether the same was asked for a moment ago."""
    last, when = st.session_state.get(_LAST, (None, 0.0))
    return bool(last == wanted and time.monotonic() - when < DOUBLE_CLICK_S)


def _submit(experiment: Experiment) -> str | None:
    try:
        expected = budget.expected_of(experiment)
        run = platform.store().create(experiment, owner=budget.visitor(), expected=expected)
        platform.jobs().submit(run.id)
    except EpochscopeError as error:
        state.leave_message(str(error))
        return None
    _follow(run.id)
    return run.id


def _follow(run_id: str) -> None:
    state.add_own_run(run_id)
    state.inbox(platform.mailroom()).watch(run_id)
