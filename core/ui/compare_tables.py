"""The tables of the Compare page: the settings that differ, where runs ended, and verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from core import figures
from core.analysis import Diagnosis, best_epoch, gap, lower_is_better
from core.experiment.differences import Difference, differences
from core.records import EpochRecord, RunRecord, Status
from core.ui import budget, results, run_picker, tables, wording

_ROW_HEIGHT, _MOST_ROWS = 35, 20
_STATES = {
    Status.QUEUED: "waiting",
    Status.RUNNING: "still training",
    Status.PAUSED: "paused",
    Status.STOPPED: "stopped",
    Status.FAILED: "failed",
    Status.FINISHED: "",
}


@dataclass(frozen=True)
class Row:
    """One of the runs compared: its name, its epochs so far, and what they say."""

    run: RunRecord
    name: str
    epochs: tuple[EpochRecord, ...]
    diagnosis: Diagnosis

    @property
    def diverged(self) -> bool:
        """Whether training diverged, be it before the first epoch had ended."""
        return run_picker.diverged(self.run) or self.diagnosis.verdict == "diverged"

    @property
    def ended(self) -> str:
        """What became of the run, in a word; empty if it has ended as planned."""
        return "diverged" if self.diverged else _STATES[self.run.status]


def show_differences(rows: Sequence[Row]) -> None:
    """A table of the settings that differ, and of what follows from settings."""
    st.header("What differs", anchor=False)
    found = differences([row.run.experiment for row in rows]).rows
    if not found:
        st.caption("All settings are the same.")
    labels = wording.columns([one.label for one in found], ("Run", "Parameters", "Epochs", "Time"))
    shown: dict[str, list[object]] = {"Run": _names(rows)}
    shown |= {label: _values(one) for label, one in zip(labels, found, strict=True)}
    shown["Parameters"] = [row.run.experiment.parameter_count for row in rows]
    shown["Epochs"] = [
        f"{row.run.epochs_done} of {row.run.experiment.training.epochs}" for row in rows
    ]
    shown["Time"] = [
        wording.clock(took) if (took := budget.took_s(row.run)) else None for row in rows
    ]
    tables.show(
        pd.DataFrame(shown),
        height=_height(rows),
        placeholder="–",
        column_config={
            "Parameters": st.column_config.NumberColumn(format="localized"),
            "Time": st.column_config.TextColumn(help="On a training process."),
        },
        key="compare.differences",
        alt="Settings that differ among the runs",
    )


def show_results(rows: Sequence[Row], metric: str) -> None:
    """A table of where runs ended and of their best epochs."""
    found = [_result(row, metric) for row in rows]
    tables.show(
        pd.DataFrame(found),
        height=_height(rows),
        placeholder="–",
        column_config=_formats(metric, found),
        key="compare.results",
        alt=f"{figures.metric_title(metric)} of the runs",
    )


def show_verdicts(rows: Sequence[Row]) -> None:
    """What is to be said of the runs: each verdict once, with the runs it holds for."""
    st.header("What each run shows", anchor=False)
    said: dict[str, list[str]] = {}
    for row in rows:
        said.setdefault(_headline(row), []).append(row.name)
    lines = (f"- **{wording.inert('; '.join(names))}**: {words}" for words, names in said.items())
    st.markdown("\n".join(lines))


def _headline(row: Row) -> str:
    """The verdict, or why the run failed; as Markdown, in which names mean nothing."""
    if row.run.status is not Status.FAILED:
        return row.diagnosis.headline
    reason = wording.inert(row.run.reason)
    return reason if row.diverged else f"Failed. {reason}"


def _names(rows: Sequence[Row]) -> list[object]:
    return [run_picker.locked(row.run, row.name) for row in rows]


def _values(difference: Difference) -> list[object]:
    """The values as numbers, which sort as such, if all are numbers."""
    given = [setting for setting in difference.settings if setting]
    if all(setting.number is not None for setting in given):
        return [setting and setting.number for setting in difference.settings]
    return [setting and setting.value for setting in difference.settings]


def _result(row: Row, metric: str) -> Mapping[str, object]:
    titles = _result_titles(metric)
    last = row.epochs[-1].metrics if row.epochs else {}
    train, held_out = last.get(metric), last.get(f"val_{metric}")
    name = metric if held_out is None else f"val_{metric}"
    values = [record.metrics.get(name, float("nan")) for record in row.epochs]
    best = best_epoch(values, metric)
    behind = None
    if train is not None and held_out is not None:
        behind = float(gap([train], [held_out], metric)[0])
    times = 100 if figures.is_share(metric) else 1
    numbers = (
        train,
        held_out,
        behind,
        None if best is None else values[best],
    )
    kept = results.kept_epoch(row.run, row.epochs)
    tested = row.run.evaluation.get(metric)
    return {
        "Run": run_picker.locked(row.run, row.name),
        "Status": "Diverged" if row.diverged else run_picker.outcome(row.run),
        **{
            title: None if value is None else times * value
            for title, value in zip(titles, numbers, strict=True)
        },
        "In epoch": None if best is None else row.epochs[best].epoch + 1,
        "Weights of epoch": kept or (row.epochs[-1].epoch + 1 if row.epochs else None),
        f"Test {_lower(metric)}": None if tested is None else times * tested,
    }


def _result_titles(metric: str) -> tuple[str, str, str, str]:
    """The columns of the last epoch, and of the best: of validation where there is any."""
    title = _lower(metric)
    best = "Lowest" if lower_is_better(metric) else "Highest"
    return f"Training {title}", f"Validation {title}", "Gap", f"{best} {title}"


def _formats(metric: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    share = figures.is_share(metric)
    titles = train, held_out, behind, best = _result_titles(metric)
    tested = f"Test {_lower(metric)}"
    size = wording.column_format(row[title] for row in rows for title in (*titles, tested))
    number = "%.1f %%" if share else size
    way = "Validation minus training" if lower_is_better(metric) else "Training minus validation"
    column = st.column_config.NumberColumn
    return {
        train: column(format=number, help="In the last epoch."),
        held_out: column(format=number, help="In the last epoch."),
        behind: column(
            format="%.1f points" if share else size,
            help=f"{way}: above 0, the network does better on the samples it is trained on.",
        ),
        best: column(
            format=number, help="On the validation samples; without any, on the training samples."
        ),
        "In epoch": column(format="%d", help="The epoch of the value to the left."),
        "Weights of epoch": column(
            format="%d",
            help="The last epoch, or the best one if early stopping put its weights back. The "
            "test result is of these weights.",
        ),
        tested: column(format=number, help="On samples never trained on."),
    }


def _lower(metric: str) -> str:
    title = figures.metric_title(metric)
    return title if title.startswith("F1") else title[0].lower() + title[1:]


def _height(rows: Sequence[Row]) -> int:
    """Pixels for all rows of a table, as far as these fit a screen."""
    return _ROW_HEIGHT * (min(len(rows), _MOST_ROWS) + 1) + 3
