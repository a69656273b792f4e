"""The table of runs: what was trained and what came of it in columns, to sort, tick and open."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.experiment.listing import MODEL_TITLES, settings_of
from core.records import RunRecord
from core.runs import Library
from core.ui import budget, clocks, run_names, run_picker, state, tables, wording

_CLICK = "epochscope.run_clicked"
_TICKED = "epochscope.runs_ticked"
_TABLE = "epochscope.runs_table"
# Values of different kinds are not in one column; a column is there if a run has such a metric.
_SCORES = {"accuracy": "Test accuracy", "mae": "Test MAE"}


# These have columns of their own: in a title that is too long for its column, they come last.
_IN_COLUMNS = (
    "data.dataset",
    "model",
    "training.optimizer",
    "training.learning_rate",
    "training.batch_size",
    "training.epochs",
    "training.loss",
)
_FITS = 34  # characters of a title


def show(runs: Sequence[RunRecord], library: Library) -> None:
    """Draw the table, and the button that compares the runs that are ticked."""
    ids = tuple(run.id for run in runs)
    ticked = [run_id for run_id in st.session_state.get(_TICKED, []) if run_id in set(ids)]
    _show_compare(ticked)
    names = run_names.names(runs)
    rows = [_row(run, names[run.id], library) for run in runs]
    # The browser knows ticked rows by their places: with other rows it is another table.
    key = f"{_TABLE}.{hashlib.sha256(repr(ids).encode()).hexdigest()[:12]}"
    tables.show(
        pd.DataFrame(rows).drop(columns=_unused(runs)),
        column_config=_columns(ids, wording.column_format(row["Test MAE"] for row in rows)),
        placeholder="–",
        key=key,
        on_select=lambda: _remember(key, ids),
        selection_mode="multi-row",
        selection_default={"selection": {"rows": [ids.index(run_id) for run_id in ticked]}},
        alt="All runs, newest first",
    )


def open_run(run_id: str) -> None:
    """Look at the run on the Train page."""
    state.select_run(run_id)
    state.ask_for_page("Train")


def _show_compare(ticked: Sequence[str]) -> None:
    count = len(ticked)
    st.button(
        f"Compare {count} runs" if count > 1 else "Compare runs",
        icon=":material/compare_arrows:",
        key="compare-ticked",
        disabled=not 2 <= count <= state.MOST_COMPARED,
        help=f"Tick from two to {state.MOST_COMPARED} runs at the left of the table: their curves "
        "are then drawn on one axis.",
        on_click=_compare,
        args=(tuple(ticked),),
    )


def _compare(run_ids: tuple[str, ...]) -> None:
    state.compare(run_ids)
    state.ask_for_page("Compare")


def _remember(key: str, ids: tuple[str, ...]) -> None:
    """Keep the ids of the rows that are ticked, in the order of the table."""
    rows = sorted(st.session_state[key]["selection"]["rows"])
    st.session_state[_TICKED] = [ids[row] for row in rows if 0 <= row < len(ids)]


def _open_row(run_ids: tuple[str, ...]) -> None:
    """Open the run whose button was clicked, in a table of these runs."""
    row = st.session_state[_CLICK]["row"]
    if isinstance(row, int) and 0 <= row < len(run_ids):  # a browser may send anything
        open_run(run_ids[row])


def _unused(runs: Sequence[RunRecord]) -> list[str]:
    used = {wording.main_metric(run) for run in runs}
    return [title for metric, title in _SCORES.items() if metric not in used]


def _fitting(run: RunRecord, name: str) -> str:
    """A run's name; if it is too long, first what stands in no other column."""
    if run.name or len(name) <= _FITS:
        return name
    settings = settings_of(run.experiment)
    elsewhere = {settings[key].words for key in _IN_COLUMNS if key in settings}
    return " · ".join(sorted(name.split(" · "), key=elsewhere.__contains__))


def _row(run: RunRecord, name: str, library: Library) -> dict[str, Any]:
    experiment = run.experiment
    settings, training = settings_of(experiment), experiment.training
    metric = wording.main_metric(run)
    accuracy, error = (run.evaluation.get(name) if name == metric else None for name in _SCORES)
    return {
        "Open": "Open",
        "Run": run_picker.locked(run, _fitting(run, name)),
        "Status": run_picker.outcome(run),
        "Test accuracy": None if accuracy is None else 100 * accuracy,
        "Test MAE": error,
        "Dataset": experiment.data.card.title,
        "Model": experiment.model.name or MODEL_TITLES[experiment.model.kind],
        "Optimizer": settings["training.optimizer"].value,
        "Learning rate": training.learning_rate,
        "Batch size": training.batch_size,
        "Epochs": run.epochs_done,
        "Planned": training.epochs,
        "Loss": settings["training.loss"].value,
        "Made": run.created_at,
        "Took": budget.took_s(run) or None,
        "By": "you" if library.is_own(run) else ("someone else" if run.owner else "everyone"),
    }


def _columns(run_ids: tuple[str, ...], errors: str) -> dict[str, Any]:
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    return {
        "Open": st.column_config.ButtonColumn(
            "", width=70, on_click=_open_row, args=(run_ids,), key=_CLICK
        ),
        "Run": text(width=230, help="The name somebody gave it, or the settings that differ."),
        "Status": text(width=85),
        "Test accuracy": number(format="%.1f %%", width=115),
        "Test MAE": number(
            format=errors,
            width=95,
            help="Mean absolute error, in the unit of the numbers to predict.",
        ),
        "Dataset": text(width=190),
        "Model": text(width=170),
        "Optimizer": text(width=90),
        "Learning rate": number(format="%g", width=110),
        "Batch size": number(format="%d", width=90),
        "Epochs": number(format="%d", width=75, help="Epochs done."),
        "Planned": number(format="%d", width=80, help="Epochs planned."),
        "Loss": text(width=150),
        "Made": st.column_config.DatetimeColumn(
            format="D MMM, HH:mm:ss", timezone=clocks.zone_name(), width=120
        ),
        "Took": number(format="%.1f s", width=80, help="Seconds on a training process."),
        "By": text(width=100),
    }
