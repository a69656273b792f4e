"""The parts of the Compare page."""

from __future__ import annotations

import streamlit as st

from core import figures
from core.analysis import Diagnosis
from core.analysis.comparison import Compared, cautions
from core.experiment.presets import DESCRIPTIONS, FITS
from core.figures import Shown
from core.records import EpochRecord, RunRecord
from core.ui import (
    actions,
    charts,
    compare_choice,
    compare_tables,
    kept,
    live,
    platform,
    results,
    run_names,
    state,
    wording,
)
from core.ui.compare_tables import Row
from core.ui.history_view import metric_names

MANY = 6  # with more runs, only their validation curves are drawn at first
_VERDICTS = "epochscope.compared_verdicts"
_LESSON = """
**What to see.** *underfit*: both curves stay poor and close together; the network is too small
to tell the classes apart. *good-fit*: both curves improve and stay close. *overfit*: training
goes on improving while validation stops, then its loss rises: the network memorizes its training
samples. All three train on the same 2,000 images.
"""
_SPLITS = {
    "Both": ("train", "validation"),
    "Training": ("train",),
    "Validation": ("validation",),
}


def show_lesson() -> None:
    """The button that trains the three presets, and what their curves show."""
    with kept.expander(
        "Underfitting vs overfitting", "compare.lesson", ":material/school:", opened=True
    ):
        st.markdown(_LESSON)
        st.button(
            "Train underfit, good-fit and overfit",
            icon=":material/play_arrow:",
            on_click=lambda: state.compare(actions.train_fits()),
            help=" ".join(DESCRIPTIONS[name] for name in FITS),
        )


def follow(runs: tuple[RunRecord, ...]) -> None:
    """Draw the comparison, again and again while one of the runs is going."""
    if all(run.status.final for run in runs):
        _draw(runs)
        return
    for run in runs:
        if not run.status.final:
            state.inbox(platform.mailroom()).watch(run.id)
    live.redraw(_tick, live.INTERVAL_S)(tuple(run.id for run in runs))


def _tick(ids: tuple[str, ...]) -> None:
    runs = platform.library().some(ids)
    if len(runs) < len(ids) or all(run.status.final for run in runs):
        st.rerun()
    _draw(runs)


def _draw(runs: tuple[RunRecord, ...]) -> None:
    names = run_names.names(runs)
    rows = [_row(run, names[run.id]) for run in runs]
    known = [name for row in rows for name in metric_names(row.epochs)]
    if not known:
        st.info("No epoch has ended yet.", icon=":material/hourglass_empty:")
        compare_tables.show_differences(rows)
        return
    metric, splits, log, highlighted = _controls(rows, list(dict.fromkeys(known)))
    _show_cautions(rows, metric)
    places = compare_choice.places(tuple(run.id for run in runs))
    shown = [Shown(r.name, r.epochs, places[r.run.id], r.ended, r.diverged) for r in rows]
    place = places.get(highlighted) if highlighted else None
    info = figures.compare_info(shown, metric, splits, log, place)
    charts.show(figures.COMPARE, info, "compare", height=charts.OF_FIGURE)
    if info.bounds:
        st.caption(
            "The axis leaves out most of the runs that diverged, whose values are far larger: "
            "double-click the chart to see them."
        )
    compare_tables.show_differences(rows)
    compare_tables.show_verdicts(rows)
    st.header("Where they ended", anchor=False)
    compare_tables.show_results(rows, metric)
    finals = figures.finals_info(shown, metric)
    charts.show(figures.FINALS, finals, "finals", table=False, height=charts.OF_FIGURE)


def _row(run: RunRecord, name: str) -> Row:
    epochs = live.epochs_of(run)
    return Row(run, name, epochs, _diagnosis(run, epochs))


def _diagnosis(run: RunRecord, epochs: tuple[EpochRecord, ...]) -> Diagnosis:
    """The verdict on a run; that on one that has ended is kept while others go on."""
    if not run.status.final:
        return results.diagnosis(run, epochs)
    kept_here: dict[object, Diagnosis] = st.session_state.setdefault(_VERDICTS, {})
    which = (run.id, tuple(run.evaluation.items()))
    if which not in kept_here:
        kept_here[which] = results.diagnosis(run, epochs)
    return kept_here[which]


def _controls(rows: list[Row], metrics: list[str]) -> tuple[str, tuple[str, ...], bool, str | None]:
    """The metric, the splits drawn, whether logarithmic, and the id of the run that stands out."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        metric = st.selectbox(
            "Metric",
            metrics,
            format_func=figures.metric_title,
            key="compare.metric",
            persist_state="session",
            width=240,
        )
        many = len(rows) > MANY
        curves = st.segmented_control(
            "Curves",
            list(_SPLITS),
            default="Validation" if many else "Both",
            required=True,
            key=f"compare.curves.{'many' if many else 'few'}",
            persist_state="session",
        )
        names = {row.run.id: row.name for row in rows}
        highlighted = st.selectbox(
            "Highlight",
            list(names),
            index=None,
            format_func=lambda run_id: names.get(run_id, run_id),
            key="compare.highlight",
            persist_state="session",
            placeholder="No run",
            width=280,
        )
        log = st.toggle(
            "Logarithmic",
            key="compare.log",
            persist_state="session",
            help="Equal distances are equal ratios.",
        )
    return metric or metrics[0], _SPLITS[str(curves)], log, highlighted


def _show_cautions(rows: list[Row], metric: str) -> None:
    """What keeps these curves from being compared, before they are seen."""
    compared = [Compared(row.name, row.run.experiment, row.epochs) for row in rows]
    found = cautions(compared, metric)
    serious = [f"- {wording.inert(one.text)}" for one in found if one.serious]
    if serious:
        st.warning("\n".join(serious), icon=":material/report:")
    for one in found:
        if not one.serious:
            st.caption(wording.inert(one.text))
