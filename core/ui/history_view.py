"""The parts of the History page."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from core import figures
from core.analysis import best_epoch
from core.records import EpochRecord, RunRecord
from core.ui import charts, kept, model_files, results, run_picker, tables, wording

# Of the height of the screen, so that a projector and a phone show the whole of it.
_HEIGHT = "clamp(320px, 55vh, 640px)"


def draw(run: RunRecord, epochs: tuple[EpochRecord, ...]) -> None:
    """Status, one metric's curves with their controls, the other curves, table and CSV."""
    run_picker.show_status(run)
    if not epochs:
        st.info("No epoch has ended yet.", icon=":material/hourglass_empty:")
        return
    metric, smoothing, log = _controls(epochs)
    info = figures.history_info(
        epochs, metric, smoothing, log, run.stopped_early, results.kept_epoch(run, epochs)
    )
    charts.show(figures.HISTORY, info, f"history-{run.id}", table=False, height=_HEIGHT)
    _show_best(epochs, metric)
    results.show_kept(run, epochs)
    with kept.expander("Learning rate and time", "history.rate"):
        rates = figures.learning_rate_info(epochs)
        charts.show(figures.LEARNING_RATE, rates, f"rate-{run.id}", table=False, height="240px")
    _show_table(run, epochs)
    if run.status.final:
        with kept.expander("Model and files", "history.files", ":material/folder:"):
            model_files.show_files(run, epochs)


def metric_names(epochs: tuple[EpochRecord, ...]) -> list[str]:
    """The metrics of a run without the validation twins, the loss first."""
    names = {name.removeprefix("val_") for record in epochs for name in record.metrics}
    return sorted(names, key=lambda name: (name != "loss", name != "accuracy", name))


def _controls(epochs: tuple[EpochRecord, ...]) -> tuple[str, float, bool]:
    left, middle, right = st.columns([2, 2, 1], vertical_alignment="bottom")
    metric = left.selectbox(
        "Metric",
        metric_names(epochs),
        format_func=figures.metric_title,
        key="history.metric",
        persist_state="session",
    )
    smoothing = middle.slider(
        "Smoothing",
        0.0,
        0.95,
        0.0,
        0.05,
        key="history.smoothing",
        persist_state="session",
        help="Weight of the past; the raw curve stays visible.",
    )
    log = right.toggle(
        "Logarithmic",
        key="history.logarithmic",
        persist_state="session",
        help="Equal distances are equal ratios.",
    )
    return metric, smoothing, log


def _show_best(epochs: tuple[EpochRecord, ...], metric: str) -> None:
    name = f"val_{metric}" if f"val_{metric}" in epochs[-1].metrics else metric
    values = [record.metrics.get(name, float("nan")) for record in epochs]
    best = best_epoch(values, metric)
    if best is not None:
        st.caption(
            f"Best {wording.full_title(name).lower()}: {wording.number(name, values[best])} "
            f"in epoch {epochs[best].epoch + 1}."
        )


def table(epochs: tuple[EpochRecord, ...]) -> pd.DataFrame:
    """One row an epoch, counted from 1: every metric, the learning rate and the seconds taken."""
    rows = [
        {
            "epoch": record.epoch + 1,
            **record.metrics,
            "learning_rate": record.learning_rate,
            "duration_s": record.duration_s,
        }
        for record in epochs
    ]
    return pd.DataFrame(rows)


def _titles(found: pd.DataFrame) -> dict[str, ColumnConfig]:
    """Plain words over the columns; the CSV keeps Keras's names."""
    titles = {"epoch": "Epoch", "duration_s": "Seconds"}
    return {
        name: st.column_config.NumberColumn(
            titles.get(name) or wording.full_title(name),
            format="%d" if name == "epoch" else "%.6g" if name == "learning_rate" else "%.4f",
        )
        for name in map(str, found.columns)
    }


def _show_table(run: RunRecord, epochs: tuple[EpochRecord, ...]) -> None:
    found = table(epochs)
    tables.show(found, width="stretch", column_config=_titles(found))
    st.download_button(
        "Download CSV",
        tables.csv(found),
        file_name=f"history-{run.id}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )
