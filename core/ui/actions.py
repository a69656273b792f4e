"""What the buttons do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import streamlit as st

from core.errors import EpochscopeError, RunNotFound
from core.experiment import Experiment, read
from core.experiment.presets import FITS, PRESETS
from core.records import RunRecord
from core.ui import budget, downloads, form, model_choices, platform, state

_LAST = "epochscope.last_submission"
DOUBLE_CLICK_S = 1.0
_finding_the_last = threading.Lock()


@dataclass
class _Submission:
    """What a session asked for last, and the runs made of it.

    The second click of two has a script of its own, which begins while the first one's still makes
    the run, and ends that script at its next look at the session.
    """

    lock: threading.Lock = field(default_factory=threading.Lock)
    wanted: object = None
    made: tuple[str | None, ...] = ()  # None for a refused one
    at: float = 0.0

    def was(self, wanted: object) -> bool:
        """Whether the same was asked for a moment ago."""
        return self.wanted == wanted and time.monotonic() - self.at < DOUBLE_CLICK_S


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
    _look_at(_queued(experiment, [partial(_create, experiment)]))


def continue_training(run: RunRecord, epochs: int) -> None:
    """Train an ended run for more epochs, as a new run, and look at it."""
    settings = run.experiment.model_dump()
    settings["training"]["epochs"] = run.epochs_done + epochs

    def make() -> RunRecord:
        experiment = read(settings)
        expected = budget.expected_of(experiment, run.epochs_done)
        library, private = platform.library(), state.wants_private()
        return library.continue_from(
            run.id, experiment, private=private, expected=expected, most=budget.most_queued()
        )

    _look_at(_queued((run.id, epochs), [make]))


def train_fits() -> tuple[str, ...]:
    """Start the three presets that underfit, fit and overfit; their run ids in that order."""
    return _queued(FITS, [partial(_create, PRESETS[name]) for name in FITS])


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
    form.put("model", model_choices.usual(form.dataset()))


def edit_preset(name: str) -> None:
    """Turn a preset into custom layers."""
    form.edit_preset(name)


def _looked_at() -> RunRecord | None:
    run_id = state.selected_run()
    if run_id is None:
        return None
    try:
        return platform.library().get(run_id)
    except RunNotFound:
        return None


def _create(experiment: Experiment) -> RunRecord:
    """Make a run; nothing looks at the session once it is made: the script could end there."""
    expected = budget.expected_of(experiment)
    library, private = platform.library(), state.wants_private()
    most = budget.most_queued()
    return library.create(experiment, private=private, expected=expected, most=most)


def _queued(wanted: object, makes: Sequence[Callable[[], RunRecord]]) -> tuple[str, ...]:
    """Queue the runs that `makes` make, and hear of them; their ids, without refused ones.

    The second click of two goes on where the first one's script was ended.
    """
    last = _last()
    with last.lock:
        if not last.was(wanted):
            last.wanted, last.made = wanted, ()
        for make in makes[len(last.made) :]:
            last.made = (*last.made, _submitted(make))
            if last.made[-1]:
                last.at = time.monotonic()
        run_ids = tuple(filter(None, last.made))
    for run_id in run_ids:
        state.inbox(platform.mailroom()).watch(run_id)
    return run_ids


def _submitted(make: Callable[[], RunRecord]) -> str | None:
    """Make a run and have it trained; its id, or None with a message."""
    try:
        run = make()
        platform.jobs().submit(run.id)
    except EpochscopeError as error:
        state.leave_message(str(error))
        return None
    return run.id


def _last() -> _Submission:
    with _finding_the_last:
        found: _Submission = st.session_state.get(_LAST) or _Submission()
        st.session_state[_LAST] = found
        return found


def _look_at(run_ids: tuple[str, ...]) -> None:
    """Look at the run that was made, if one was."""
    for run_id in run_ids:
        state.select_run(run_id)
        state.follow(run_id)
        state.ask_for_page("Train")
