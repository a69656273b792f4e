"""What the buttons do."""

from __future__ import annotations

import time
from collections.abc import Callable

import streamlit as st

from core.errors import EpochscopeError, RunNotFound
from core.experiment import Experiment, layer_table, read
from core.experiment.presets import FITS, PRESETS
from core.records import RunRecord
from core.ui import budget, downloads, form, layer_rows, model_choices, platform, state

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
    refused = downloads.refusal(experiment.data.card)
    if refused:
        state.leave_message(refused)
        return
    if _is_second_click(experiment):
        return
    _look_at(_submit(experiment), experiment)


def continue_training(run: RunRecord, epochs: int) -> None:
    """Train an ended run for more epochs, as a new run, and look at it."""
    settings = run.experiment.model_dump()
    settings["training"]["epochs"] = run.epochs_done + epochs
    if _is_second_click((run.id, epochs)):
        return

    def make() -> RunRecord:
        experiment = read(settings)
        expected = budget.expected_of(experiment, run.epochs_done)
        return platform.library().continue_from(
            run.id, experiment, private=state.wants_private(), expected=expected
        )

    _look_at(_queue(make), (run.id, epochs))


def train_fits() -> tuple[str, ...]:
    """Start the three presets that underfit, fit and overfit; their run ids in that order."""
    runs = [_submit(PRESETS[name]) for name in FITS]
    return tuple(run_id for run_id in runs if run_id)


def stop() -> None:
    """Stop the run the visitor looks at."""
    change_run(platform.jobs().stop)


def rename(name: str) -> None:
    """Call the run the visitor looks at by another name."""
    library = platform.library()
    change_run(lambda run_id: library.rename(run_id, name))


def set_private(private: bool) -> None:
    """Hide the run the visitor looks at from others, or show it to them."""
    library = platform.library()
    change_run(lambda run_id: library.set_private(run_id, private))


def change_run(change_it: Callable[[str], object]) -> None:
    """Do `change_it` to the run the visitor looks at, if it is theirs to change."""
    run_id = state.selected_run()
    if run_id is not None:
        change(run_id, change_it)


def change(run_id: str, change_it: Callable[[str], object]) -> None:
    """Do `change_it` to a run, if it is the visitor's to change; say so if it is not."""
    try:
        change_it(platform.library().to_change(run_id).id)
    except EpochscopeError as error:
        state.leave_message(str(error), run_id)


def can_stop() -> bool | None:
    """Whether the run looked at still goes and was not asked to stop; None if someone else's."""
    run = _looked_at()
    if run is None:
        return False
    if not platform.library().may_change(run):
        return None
    return not run.status.final and run.control != "stop"


def use_usual_model() -> None:
    """Replace a model that cannot take the data by one that can."""
    st.session_state[form.key("model")] = model_choices.usual(form.dataset())


def edit_preset(name: str) -> None:
    """Turn a preset into custom layers."""
    layer_rows.replace(form.dataset(), layer_table.to_rows(PRESETS[name].model.hidden()))
    st.session_state[form.key("model")] = model_choices.CUSTOM


def _looked_at() -> RunRecord | None:
    run_id = state.selected_run()
    if run_id is None:
        return None
    try:
        return platform.library().get(run_id)
    except RunNotFound:
        return None


def _is_second_click(wanted: object) -> bool:
    """Whether the same was asked for a moment ago."""
    last, when = st.session_state.get(_LAST, (None, 0.0))
    return bool(last == wanted and time.monotonic() - when < DOUBLE_CLICK_S)


def _submit(experiment: Experiment) -> str | None:
    def make() -> RunRecord:
        expected = budget.expected_of(experiment)
        return platform.library().create(
            experiment, private=state.wants_private(), expected=expected
        )

    return _queue(make)


def _queue(make: Callable[[], RunRecord]) -> str | None:
    """Queue the run that `make` makes, and hear of it; its id, or None with a message."""
    try:
        run = make()
        platform.jobs().submit(run.id)
    except EpochscopeError as error:
        state.leave_message(str(error))
        return None
    state.inbox(platform.mailroom()).watch(run.id)
    return run.id


def _look_at(run_id: str | None, wanted: object) -> None:
    """Look at a run that was made now, and remember what was asked for."""
    if run_id:
        st.session_state[_LAST] = (wanted, time.monotonic())
        state.select_run(run_id)
        state.ask_for_train_page()
