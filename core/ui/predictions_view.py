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
from core.ui import (
    charts,
    confusion_view,
    kept,
    notices,
    preview,
    results,
    run_picker,
    weights,
    wording,
)
from core.ui.images import Tile, choose_from_grid, show_grid

_SHOWN = 48
_ROWS = 1_000
_MISTAKES = 12
_SHOW: dict[str, Show] = {"All": "all", "Right": "right", "Wrong": "wrong"}
_ORDER: dict[str, Order] = {"Most confident first": "most", "Least confident first": "least"}
_ALL, _ONE = "All classes", "One sample"
_TAB, _PAGE, _SAMPLE = "predictions.tab", "predictions.page", "predictions.sample"
_TICKED = "predictions.row"
Array = NDArray[Any]


def draw(run: RunRecord, epochs: tuple[EpochRecord, ...]) -> None:
    """Samples with true and predicted class; for points, the decision boundary."""
    run_picker.show_status(run)
    if not run.status.final:
        notices.still_training()
        return
    if not results.tested(run):
        notices.never_tested()
        return
    with notices.readable_errors():
        name = weights.choose(run, epochs)
        found = results.predictions(run, name)
        card = run.experiment.data.card
        if isinstance(found, Regression):
            if card.is_plane:
                _show_boundary(run, name, found.true)
            confusion_view.show_regression(found)
        elif card.is_image:
            _show_images(run, found)
        elif card.is_plane:
            _show_points(run, name, found)
        else:
            _show_rows(run, found)


def _show_images(run: RunRecord, found: Predictions) -> None:
    names = results.class_names(run)
    samples, mistakes, one = kept.tabs(["Samples", "Most confident mistakes", _ONE], _TAB)
    with samples:
        if samples.open:
            _choose_image(run, found, _page(_choose(found, names), _SHOWN), "samples")
    with mistakes:
        if mistakes.open:
            _show_mistakes(run, found)
    with one:
        if one.open:
            _show_one(run, found)


def _show_mistakes(run: RunRecord, found: Predictions) -> None:
    wrong = found.most_confident_mistakes(_MISTAKES)
    if len(wrong):
        st.caption("Wrong, and sure of it: look for unclear images and mislabelled ones.")
        _choose_image(run, found, wrong, "mistakes")
    else:
        st.success("No test sample was predicted wrong.")


def _choose(found: Predictions, names: tuple[str, ...]) -> NDArray[np.int64]:
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    show = left.segmented_control(
        "Show",
        list(_SHOW),
        default="All",
        required=True,
        key="predictions.show",
        on_change=_to_first_page,
        persist_state="session",
    )
    label = middle.selectbox(
        "True class",
        [_ALL, *names],
        key="predictions.class",
        on_change=_to_first_page,
        persist_state="session",
    )
    order = right.selectbox(
        "Order",
        list(_ORDER),
        key="predictions.order",
        on_change=_to_first_page,
        persist_state="session",
    )
    chosen = found.select(_SHOW[show], None if label == _ALL else names.index(label))
    return found.by_confidence(chosen, _ORDER[order])


def _page(chosen: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """One page of the chosen samples, with what turns the pages where there are several."""
    pages = max(1, -(-len(chosen) // size))
    page = min(pages, max(1, int(st.session_state.get(_PAGE, 1))))
    if pages > 1:
        if st.session_state.get(_PAGE, 1) != page:
            st.session_state[_PAGE] = page
        page = st.pagination(pages, key=_PAGE, persist_state="session")
    first = (page - 1) * size
    shown = chosen[first : first + size]
    if len(shown):
        st.caption(f"{first + 1:,} to {first + len(shown):,} of {len(chosen):,} test samples")
    else:
        st.info("No test sample is like that. Choose others above.", icon=":material/filter_alt:")
    return shown


def _to_first_page() -> None:
    st.session_state[_PAGE] = 1


def _open(index: int) -> None:
    """Show a sample that was clicked."""
    st.session_state[_SAMPLE] = index
    st.session_state[_TAB] = _ONE


def _choose_image(
    run: RunRecord, found: Predictions, indices: NDArray[np.int64], where: str
) -> None:
    if len(indices):
        st.caption("Click a picture for all its probabilities.")
        tiles = {int(index): _tile(run, found, int(index)) for index in indices}
        choose_from_grid(tiles, f"predictions.{where}", _open)


def _tile(run: RunRecord, found: Predictions, index: int) -> Tile:
    top = (run.experiment.data.card.value_range or (0, 1))[1]
    return Tile(
        results.test_samples(run)[index],
        _caption(found, results.class_names(run), index),
        top,
        "right" if found.correct[index] else "wrong",
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
        show_grid([_tile(run, found, number)])
    with right:
        _show_probabilities(run, found, number)


def _number(found: Predictions, text: str | None = None) -> int:
    number = st.number_input(
        "Sample",
        0,
        len(found) - 1,
        0,
        key=_SAMPLE,
        persist_state="session",
        help=text,
    )
    return int(number)


def _show_points(run: RunRecord, name: str, found: Predictions) -> None:
    samples = results.test_samples(run)
    if _show_boundary(run, name, found.true, samples[found.select("wrong")]):
        st.caption("Background: what the network says of every place. Crossed: wrong test points.")
    _show_one_point(run, found)


def _show_one_point(run: RunRecord, found: Predictions) -> None:
    number = _number(found)
    x, y = results.test_samples(run)[number]
    st.caption(f"Test point {number} at x {formats.significant(x)}, y {formats.significant(y)}")
    _show_probabilities(run, found, number)


def _show_probabilities(run: RunRecord, found: Predictions, number: int) -> None:
    info = figures.probabilities_info(
        found.probabilities[number], results.class_names(run), int(found.true[number])
    )
    charts.show(figures.PROBABILITIES, info, "probabilities")


def _show_rows(run: RunRecord, found: Predictions) -> None:
    names = results.class_names(run)
    samples, one = kept.tabs(["Samples", _ONE], _TAB)
    with samples:
        if samples.open:
            shown = _page(_choose(found, names), _ROWS)
            st.caption("Tick a row for all its probabilities.")
            table = _rows(run, found, shown)
            preview.choose_row(table, _TICKED, lambda row: _open(int(shown[row])))
    with one:
        if one.open:
            number = _number(found, "Its number stands in the table of samples.")
            preview.show_table(_rows(run, found, np.array([number])))
            _show_probabilities(run, found, number)


def _rows(run: RunRecord, found: Predictions, chosen: NDArray[np.int64]) -> pd.DataFrame:
    """The chosen test samples, what the network says of them, and their features."""
    names = results.class_names(run)
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


def _show_boundary(run: RunRecord, name: str, true: Array, wrong: Array | tuple[()] = ()) -> bool:
    """The model's outputs over the plane, under the test points; whether they were kept."""
    grid = results.boundary(run, name)
    if grid is None:
        st.caption("This run kept no decision boundary of its best epoch. Train it again for one.")
        return False
    points = figures.points_info(
        {"test": (results.test_samples(run), true)}, results.class_names(run)
    )
    info = figures.boundary_info(grid["x"], grid["y"], grid["outputs"], points, wrong)
    charts.show(figures.BOUNDARY, info, "boundary")
    return True
