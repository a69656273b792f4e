"""The parts of the Confusion matrix page."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core import figures, formats
from core.analysis import ClassReport, Predictions, Regression, class_report, confusion_matrix
from core.jobs import VALIDATION_PREDICTIONS
from core.records import EpochRecord, RunRecord
from core.ui import charts, notices, numbers, results, run_picker, tables, weights

_MOST_ROWS, _HEIGHT = 26, 600  # of more classes, the table scrolls
_COUNTS, _SHARES = "Counts", "Share of the true class"


def draw(run: RunRecord, epochs: tuple[EpochRecord, ...]) -> None:
    """Matrix and scores of the test samples; for numbers, predicted against true."""
    run_picker.show_status(run)
    if not run.status.final:
        notices.still_training()
        return
    if not results.tested(run):
        notices.never_tested()
        return
    with notices.readable_errors():
        found = results.predictions(run, _choose(run, epochs))
        if isinstance(found, Regression):
            show_regression(found)
        else:
            _show_classes(run, found)


def _choose(run: RunRecord, epochs: tuple[EpochRecord, ...]) -> str:
    """Which samples, and of the test samples by which weights."""
    with st.container(horizontal=True, gap="large", vertical_alignment="bottom"):
        if results.choose_samples(run) == results.VALIDATION:
            st.caption("By the weights training ended with.")
            return VALIDATION_PREDICTIONS
        return weights.choose(run, epochs)


def show_regression(found: Regression) -> None:
    """Predicted against true, residuals, and the errors as numbers."""
    errors = {"Mean absolute error": found.mae, "Mean squared error": found.mse, "R²": found.r2}
    numbers.show({label: formats.significant(value) for label, value in errors.items()})
    left, right = st.columns(2)
    with left:
        charts.show(figures.RESIDUALS, figures.residuals_info(found), "residuals")
    with right:
        spread = figures.residual_histogram_info(found)
        charts.show(figures.RESIDUAL_HISTOGRAM, spread, "errors")


def _show_classes(run: RunRecord, found: Predictions) -> None:
    matrix = confusion_matrix(found.true, found.predicted, found.class_count)
    shown = st.segmented_control(
        "Show",
        [_COUNTS, _SHARES],
        default=_COUNTS,
        required=True,
        key="confusion.show",
        persist_state="session",
    )
    info = figures.confusion_info(matrix, results.class_names(run), shown == _SHARES)
    charts.show(figures.CONFUSION, info, "confusion")
    report = class_report(matrix)
    st.header("Scores by class", anchor=False)
    _show_scores(results.class_names(run), report)


def _show_scores(names: tuple[str, ...], report: ClassReport) -> None:
    rows = [*zip(names, report.classes, strict=True), ("Macro average", report.macro)]
    tables.show(
        pd.DataFrame(
            [
                {
                    "Class": name,
                    "Precision": 100 * scores.precision,
                    "Recall": 100 * scores.recall,
                    "F1": 100 * scores.f1,
                    "Support": scores.support,
                }
                for name, scores in rows
            ]
        ),
        width="stretch",
        height="content" if len(rows) <= _MOST_ROWS else _HEIGHT,
        column_config={
            name: st.column_config.NumberColumn(format="%.1f %%", help=text)
            for name, text in _MEANINGS.items()
        },
    )
    st.caption(f"Accuracy: {formats.percent(report.accuracy)} of {report.macro.support:,} samples.")


_MEANINGS = {
    "Precision": "Of the samples predicted as this class, the share that is of it.",
    "Recall": "Of the samples of this class, the share that was found.",
    "F1": "The harmonic mean of precision and recall.",
}
