"""The parts of the Compare page."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core import figures
from core.analysis import best_epoch
from core.experiment.presets import DESCRIPTIONS, FITS
from core.records import EpochRecord, RunRecord
from core.ui import actions, charts, kept, live, platform, results, run_names, run_picker
from core.ui.history_view import metric_names

_CHOSEN = "epochscope.compared"
_MOST = 6
_LESSON = """
**What to see.** *underfit*: both curves stay poor and close together; the network is too small
to tell the classes apart. *good-fit*: both curves improve and stay close. *overfit*: training
goes on improving while validation stops, then its loss rises: the network memorizes its
samples. All three train on the same 2,000 images.
"""
_Curves = dict[str, tuple[EpochRecord, ...]]


def show_lesson() -> None:
    """The button that trains the three presets, and what their curves show."""
    with kept.expander(
        "Underfitting vs overfitting", "compare.lesson", ":material/school:", opened=True
    ):
        st.markdown(_LESSON)
        st.button(
            "Train underfit, good-fit and overfit",
            icon=":material/play_arrow:",
            on_click=_train_fits,
            help=" ".join(DESCRIPTIONS[name] for name in FITS),
        )


def choose() -> tuple[RunRecord, ...]:
    """The runs to compare."""
    runs = {
        run.id: run for run in run_picker.known_runs() if run.epochs_done or not run.status.final
    }
    before = st.session_state.get(_CHOSEN, [])
    kept = [run_id for run_id in before if run_id in runs]
    if kept != before:  # else an answer on its way would take back what is being clicked
        st.session_state[_CHOSEN] = kept
    chosen = st.multiselect(
        "Runs",
        list(runs),
        format_func=run_picker.run_titles(list(runs.values())).__getitem__,
        key=_CHOSEN,
        max_selections=_MOST,
        persist_state="session",
        placeholder="Choose two or more runs",
    )
    return tuple(runs[run_id] for run_id in chosen)


def follow(runs: tuple[RunRecord, ...]) -> None:
    """Draw the comparison, again and again while one of the runs is going."""
    ids = tuple(run.id for run in runs)
    if all(run.status.final for run in runs):
        _draw(runs)
        return
    live.redraw(_tick, live.INTERVAL_S)(ids)


def _tick(ids: tuple[str, ...]) -> None:
    library = platform.library()
    runs = tuple(library.get(run_id) for run_id in ids)
    if all(run.status.final for run in runs):
        st.rerun()
    _draw(runs)


def _train_fits() -> None:
    st.session_state[_CHOSEN] = list(actions.train_fits())


def _draw(runs: tuple[RunRecord, ...]) -> None:
    curves = {run.id: live.epochs_of(run) for run in runs}
    known = [name for epochs in curves.values() for name in metric_names(epochs)]
    if not known:
        st.info("No epoch has ended yet.", icon=":material/hourglass_empty:")
        return
    metric = st.selectbox(
        "Metric",
        list(dict.fromkeys(known)),
        format_func=figures.metric_title,
        key="compare.metric",
        persist_state="session",
    )
    titles = run_names.names(runs)
    named = [(titles[run.id], curves[run.id]) for run in runs]
    info = figures.compare_info(named, metric)
    charts.show(figures.COMPARE, info, "compare")
    st.subheader("Where they ended")
    charts.show(figures.FINALS, figures.finals_info(named, metric), "finals", table=False)
    st.dataframe(
        pd.DataFrame([_row(titles[run.id], run, curves[run.id], metric) for run in runs]),
        hide_index=True,
        width="stretch",
    )


def _row(
    title: str, run: RunRecord, epochs: tuple[EpochRecord, ...], metric: str
) -> dict[str, object]:
    validation = f"val_{metric}"
    last = epochs[-1].metrics if epochs else {}
    name = validation if validation in last else metric
    values = [record.metrics.get(name, float("nan")) for record in epochs]
    best = best_epoch(values, metric)
    title_of = figures.metric_title(metric).lower()
    train, held_out = last.get(metric), last.get(validation)
    gap = None if train is None or held_out is None else held_out - train
    return {
        "Run": title,
        f"Training {title_of}": train,
        f"Validation {title_of}": held_out,
        "Validation minus training": gap,
        "Best": None if best is None else values[best],
        "Best epoch": None if best is None else best + 1,
        f"Test {title_of}": run.evaluation.get(metric),
        "Verdict": results.diagnosis(run, epochs).headline,
    }
