"""The parts of the Predictions page."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core import data, figures, formats
from core.analysis import Predictions, Regression
from core.analysis.predictions import Order, Show
from core.records import EpochRecord, RunRecord
from core.ui import charts, confusion_view, kept, notices, preview, results, run_picker, wording
from core.ui.images import Tile, show_grid

_SHOWN = 48
_ROWS = 1_000
_MISTAKES = 12
_SHOW: dict[str, Show] = {"All": "all", "Right": "right", "Wrong": "wrong"}
_ORDER: dict[str, Order] = {"Most confident first": "most", "Least confident first": "least"}
_ALL = "All classes"
Array = NDArray[Any]


def draw(run: RunRecord, epochs: tuple[EpochRecord, ...]) -> None:
    """Samples with true and predicted class; for points, the decision boundary."""
    run_picker.show_status(run)
    if not run.status.final:
        notices.still_training()
        return
    with notices.readable_errors():
        found = results.predictions(run, results.choose_weights(run, epochs))
        card = run.experiment.data.card
        if isinstance(found, Regression):
            if card.is_plane:
                _show_boundary(run, found.true)
            confusion_view.show_regression(found)
        elif card.is_image:
            _show_images(run, found)
        elif card.is_plane:
            _show_points(run, found)
        else:
            _show_rows(run, found)


def _show_images(run: RunRecord, found: Predictions) -> None:
    names = results.class_names(run)
    samples, mistakes, one = kept.tabs(
        ["Samples", "Most confident mistakes", "One sample"], "predictions.tab"
    )
    with samples:
        chosen = _choose(found, names)
        st.caption(f"{min(_SHOWN, len(chosen)):,} of {len(chosen):,} samples")
        _grid(run, found, chosen[:_SHOWN])
    with mistakes:
        wrong = found.most_confident_mistakes(_MISTAKES)
        if len(wrong):
            st.caption("Wrong, and sure of it: look for unclear images and mislabelled ones.")
            _grid(run, found, wrong)
        else:
            st.success("No test sample was predicted wrong.")
    with one:
        _show_one(run, found)


def _choose(found: Predictions, names: tuple[str, ...]) -> NDArray[np.int64]:
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    show = left.segmented_control(
        "Show",
        list(_SHOW),
        default="All",
        required=True,
        key="predictions.show",
        persist_state="session",
    )
    label = middle.selectbox(
        "True class", [_ALL, *names], key="predictions.class", persist_state="session"
    )
    order = right.selectbox("Order", list(_ORDER), key="predictions.order", persist_state="session")
    chosen = found.select(_SHOW[show], None if label == _ALL else names.index(label))
    return found.by_confidence(chosen, _ORDER[order])


def _grid(run: RunRecord, found: Predictions, indices: NDArray[np.int64]) -> None:
    names, samples = results.class_names(run), results.test_samples(run)
    top = (run.experiment.data.card.value_range or (0, 1))[1]
    show_grid(
        Tile(
            samples[index],
            _caption(found, names, index),
            top,
            "right" if found.correct[index] else "wrong",
        )
        for index in indices
    )


def _caption(found: Predictions, names: tuple[str, ...], index: int) -> tuple[str, ...]:
    """What was predicted, how sure, what it truly is, and the sample's number."""
    mark = "✓" if found.correct[index] else "✗"
    said = f"{mark} {names[found.predicted[index]]} {formats.percent(found.confidence[index])}"
    truth = () if found.correct[index] else (f"is {names[found.true[index]]}",)
    return (said, *truth, f"no. {index}")


def _show_one(run: RunRecord, found: Predictions) -> None:
    number = _number(found, "Its number stands under each image.")
    left, right = st.columns([1, 3])
    with left:
        _grid(run, found, np.array([number]))
    with right:
        _show_probabilities(run, found, number)


def _number(found: Predictions, text: str | None = None) -> int:
    number = st.number_input(
        "Sample",
        0,
        len(found) - 1,
        0,
        key="predictions.sample",
        persist_state="session",
        help=text,
    )
    return int(number)


def _show_points(run: RunRecord, found: Predictions) -> None:
    samples = results.test_samples(run)
    _show_boundary(run, found.true, samples[found.select("wrong")])
    st.caption("Background: what the network says of every place. Ringed: wrong test points.")
    _show_one_point(run, found)


def _show_one_point(run: RunRecord, found: Predictions) -> None:
    number = _number(found)
    x, y = results.test_samples(run)[number]
    st.caption(f"Test point {number} at x {x:.2f}, y {y:.2f}")
    _show_probabilities(run, found, number)


def _show_probabilities(run: RunRecord, found: Predictions, number: int) -> None:
    info = figures.probabilities_info(
        found.probabilities[number], results.class_names(run), int(found.true[number])
    )
    charts.show(figures.PROBABILITIES, info, "probabilities")


def _show_rows(run: RunRecord, found: Predictions) -> None:
    names = results.class_names(run)
    samples, one = kept.tabs(["Samples", "One sample"], "predictions.tab")
    with samples:
        chosen = _choose(found, names)
        shown = chosen[:_ROWS]
        st.caption(f"{len(shown):,} of {len(found):,} test samples")
        preview.show_table(_rows(run, found, shown))
    with one:
        number = _number(found, "Its number stands in the table of samples.")
        preview.show_table(_rows(run, found, np.array([number])))
        _show_probabilities(run, found, number)


def _rows(run: RunRecord, found: Predictions, chosen: NDArray[np.int64]) -> pd.DataFrame:
    """The chosen test samples, what the network says of them, and their features."""
    names = [wording.cell(name) for name in results.class_names(run)]
    card, samples = run.experiment.data.card, results.test_samples(run)[chosen]
    said = pd.DataFrame(
        {
            "Number": chosen,
            "": ["✓" if found.correct[index] else "✗" for index in chosen],
            "Predicted": [names[label] for label in found.predicted[chosen]],
            "Confidence": [formats.percent(share) for share in found.confidence[chosen]],
            "True": [names[label] for label in found.true[chosen]],
        }
    )
    if card.is_text:
        return said.assign(Text=data.texts(card, samples))
    features = wording.columns(card.features, said.columns)
    return pd.concat([said, pd.DataFrame(samples, columns=features)], axis=1)


def _show_boundary(run: RunRecord, true: Array, wrong: Array | tuple[()] = ()) -> None:
    """The model's outputs over the plane, under the test points."""
    grid = results.boundary(run)
    points = figures.points_info(
        {"test": (results.test_samples(run), true)}, results.class_names(run)
    )
    info = figures.boundary_info(grid["x"], grid["y"], grid["outputs"], points, wrong)
    charts.show(figures.BOUNDARY, info, "boundary")
