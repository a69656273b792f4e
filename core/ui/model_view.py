"""The parts of the Model page."""

from __future__ import annotations

import streamlit as st

from core import figures
from core.errors import RunNotFound
from core.experiment import Experiment
from core.export import loop_script, tape_source
from core.ui import charts, code_view, kept, numbers, platform, preview, run_picker, state, wording
from core.ui.form import Draft

_SIDEBAR, _RUN = "Sidebar", "Selected run"


def choose(draft: Draft) -> Experiment | None:
    """The experiment to show: the sidebar's, or the selected run's if there is one."""
    run_id = state.selected_run()
    if run_id is None:
        return draft.experiment
    source = st.segmented_control(
        "Model of",
        [_SIDEBAR, _RUN],
        default=_SIDEBAR,
        required=True,
        key="model.source",
        persist_state="session",
    )
    if source != _RUN:
        return draft.experiment
    try:
        run = platform.library().get(run_id)
    except RunNotFound:
        return draft.experiment
    st.caption(wording.inert(run_picker.run_title(run, platform.library())))
    return run.experiment


def show_numbers(experiment: Experiment) -> None:
    """Layers and parameters, as numbers."""
    rows = experiment.summary
    trainable = sum(row.trainable for row in rows)
    fixed = sum(row.fixed for row in rows)
    numbers.show(
        {
            "Layers": f"{len(rows):,}",
            "Total parameters": f"{trainable + fixed:,}",
            "Trainable": f"{trainable:,}",
            "Non-trainable": f"{fixed:,}",
        }
    )


def show_diagram(experiment: Experiment) -> None:
    """The stack of layers, top to bottom."""
    info = figures.architecture_info(experiment.summary, experiment.input_shape)
    charts.show(figures.ARCHITECTURE, info, "architecture", table=False)


def show_summary(experiment: Experiment) -> None:
    """The table Keras's `model.summary()` prints."""
    preview.show_layers(experiment)


def show_loop(experiment: Experiment) -> None:
    """The loop by hand, as a lesson: open when the experiment trains with it."""
    by_hand = experiment.training.loop == "tape"
    with kept.expander(
        "A training loop by hand", "model.loop", ":material/school:", opened=by_hand
    ):
        st.caption(
            "This runs when **Expert → Training loop** is GradientTape; the other loops give the "
            "same numbers."
        )
        if program := loop_script(experiment):
            st.markdown("**As a program of its own**")
            code_view.show(program, "loop.py", experiment)
        for title, source in tape_source().items():
            st.markdown(f"**{title}, as a part of Epochscope**")
            st.code(source, language="python", wrap_lines=True)
