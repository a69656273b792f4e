"""What the sidebar says now, before anything is trained: samples, layers, Keras code."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core import data, figures
from core.errors import DatasetUnavailable
from core.experiment import Data, Experiment
from core.experiment.card import DatasetCard
from core.experiment.shapes import LayerShape, describe
from core.export import keras_script
from core.ui import charts, code_view, downloads, kept, platform, tables, wording
from core.ui.images import Tile, grid

TABS_KEY = "preview.tab"
SAMPLES_A_CLASS = 2
MOST_CLASSES = 20
ROWS = 10
TEXT_COLUMN = {
    "Text": st.column_config.TextColumn(
        width=290,  # pixels, and more where there is room
        help="How it begins. [?] stands for a word that is too rare for the vocabulary.",
    ),
    "Tokens": st.column_config.NumberColumn(
        help="As many words, and a mark at the beginning of the text."
    ),
}
# A cell shows so many lines that no more characters than these are needed; the rest would be cut.
TEXT_HEIGHT = 104  # pixels: five lines
TEXT_LENGTH = 190


def show(experiment: Experiment) -> None:
    """Samples, layers and code of an experiment, in tabs.

    Only the open tab is drawn: a browser needs half of all it loads for a table and for code.
    """
    samples, layers, code = kept.tabs(["Data", "Layers", "Keras code"], TABS_KEY)
    if samples.open:
        with samples:
            show_samples(experiment)
    if layers.open:
        with layers:
            show_layers(experiment)
    if code.open:
        with code:
            code_view.show(keras_script(experiment), "train.py", experiment)


def show_samples(experiment: Experiment, a_class: int = SAMPLES_A_CLASS) -> None:
    """A line of facts, then images of every class, or the points."""
    card = experiment.data.card
    st.caption(
        f"{card.title}: {experiment.data.train_count:,} samples to train, "
        f"{experiment.data.validation_count:,} to validate, {card.test_size:,} to test."
    )
    refused = downloads.refusal(card)
    if refused:
        st.error(refused, icon=":material/cloud_off:")
        return
    if not data.is_local(card.name):
        st.info(
            f"{card.title} is not on this computer yet. The first run downloads it "
            f"({wording.size(data.download_bytes(card.name))}). Without a network, choose "
            "**Fashion-MNIST 10k (bundled)**, **Handwritten digits** or a table from **Iris** to "
            "**Diabetes**.",
            icon=":material/download:",
        )
        return
    try:
        platform.bring(experiment.data)
        if card.is_image:
            _show_images(experiment, a_class)
        elif card.is_plane:
            _show_points(experiment)
        elif card.is_text:
            show_texts(experiment, a_class)
        else:
            show_rows(experiment, a_class)
    except DatasetUnavailable as error:
        st.error(str(error), icon=":material/error:")


def show_layers(experiment: Experiment) -> None:
    """The summary table: layer, output shape, parameters."""
    tables.show(
        pd.DataFrame([_row(row) for row in experiment.summary]),
        width="stretch",
        column_config={"Parameters": st.column_config.NumberColumn(format="localized")},
    )


def _row(row: LayerShape) -> dict[str, object]:
    return {
        "Layer": row.kind,
        "Settings": settings_of(row),
        "Output shape": describe(row.output),
        "Parameters": row.parameters,
    }


def settings_of(row: LayerShape) -> str:
    """A layer's own settings in a few words, for example `64 units, relu`."""
    layer = row.layer
    along = row.kind.endswith("1D")
    words = {
        "output_dim": "{} numbers a token",
        "units": "{} units",
        "filters": "{} filters",
        "kernel_size": "kernel of {}" if along else "{0} × {0} kernel",
        "pool_size": "pool of {}" if along else "{0} × {0} pool",
        "strides": "strides {}",
        "padding": "{} padding",
        "rate": "rate {:g}",
        "activation": "{}",
    }
    shown = ["to the targets' deviation and mean"] if row.kind == "Rescaling" else []
    for name, words_for in words.items():
        value = getattr(layer, name, None)
        if value is None or (name, value) in (("strides", 1), ("activation", "linear")):
            continue
        shown.append(words_for.format(value))
    if getattr(layer, "return_sequences", False):
        shown.append("every step")
    for where in ("kernel_regularizer", "bias_regularizer"):
        penalty = getattr(layer, where, None)
        for kind in ("l1", "l2"):
            amount = getattr(penalty, kind, 0.0)
            if amount:
                bias = " on the bias" if where.startswith("bias") else ""
                shown.append(f"{kind.upper()} {amount:g}{bias}")
    return ", ".join(shown)


def _show_images(experiment: Experiment, a_class: int) -> None:
    card = experiment.data.card
    step = _step(card)
    if step > 1:
        shown = len(range(0, card.class_count, step))
        st.caption(f"Of {shown} of the {card.class_count} classes; the Data page shows more.")
    st.html(_grid(experiment.data.arrays, experiment.seed, a_class))


def _step(card: DatasetCard) -> int:
    """Of many classes, every how many is shown."""
    return -(-card.class_count // MOST_CLASSES) or 1


@lru_cache(maxsize=8)
def _grid(settings: Data, seed: int, a_class: int) -> str:
    """Images of the classes as markup; kept, since each script of a page shows them again."""
    card, raw, step = settings.card, data.raw_data(settings, seed), _step(settings.card)
    top = card.value_range[1] if card.value_range else 1.0
    if not card.classes:
        chosen = data.examples(raw, None, 2 * MOST_CLASSES)
        return grid(
            Tile(raw.x_train[one], (wording.truth(card, raw.y_train[one]),), top) for one in chosen
        )
    return grid(
        Tile(raw.x_train[index], (card.classes[label],), top)
        for label in range(0, card.class_count, step)
        for index in data.examples(raw, label, a_class if step == 1 else 1)
    )


def show_texts(experiment: Experiment, a_class: int, label: int | None = None) -> None:
    """Some training texts: of every class, or of the one given."""
    card = experiment.data.card
    raw = data.raw_data(experiment.data, experiment.seed)
    labels = range(card.class_count) if label is None else [label]
    rows = np.concatenate([data.examples(raw, one, a_class) for one in labels])
    table = pd.DataFrame(
        {
            "Class": [card.classes[one] for one in raw.y_train[rows]],
            "Text": data.texts(card, raw.x_train[rows]),
            "Tokens": data.token_counts(raw.x_train[rows]),
        }
    )
    show_table(table)


def show_table(table: pd.DataFrame) -> None:
    """Rows of a table; those with texts are high enough to read how each begins."""
    tables.show(**_as_shown(table))


def choose_row(table: pd.DataFrame, key: str, choose: Callable[[int], None]) -> None:
    """A table like that of `show_table`; `choose` is called with the place of a row ticked."""

    def ticked() -> None:
        rows = st.session_state[key].selection.rows
        if rows and 0 <= rows[0] < len(table):
            choose(rows[0])

    tables.show(**_as_shown(table), key=key, on_select=ticked, selection_mode="single-row")


def _as_shown(table: pd.DataFrame) -> dict[str, Any]:
    shared: dict[str, Any] = {"width": "stretch", "column_config": TEXT_COLUMN}
    if "Text" not in table:
        return {"table": table, **shared}
    texts = [wording.beginning(text, TEXT_LENGTH) for text in table["Text"]]
    return {"table": table.assign(Text=texts), **shared, "row_height": TEXT_HEIGHT}


def show_rows(experiment: Experiment, a_class: int, label: int | None = None) -> None:
    """Some training samples of a table, as measured: of every class, or of the one given."""
    card = experiment.data.card
    raw = data.raw_data(experiment.data, experiment.seed)
    labels: list[int | None] = [label] if label is not None else [*range(card.class_count)]
    count = a_class if card.classes else ROWS
    rows = np.concatenate([data.examples(raw, one, count) for one in labels or [None]])
    first = "Class" if card.classes else "Target"
    names = wording.columns(card.features, (first,))
    table = pd.DataFrame(raw.x_train[rows], columns=names)
    truth = raw.y_train[rows]
    values = [card.classes[one] for one in truth] if card.classes else truth[:, 0]
    table.insert(0, first, values)
    tables.show(table, width="stretch")


def _show_points(experiment: Experiment) -> None:
    card = experiment.data.card
    raw = data.raw_data(experiment.data, experiment.seed)
    parts = data.split(raw, experiment.data, experiment.seed)
    samples = {
        "train": (raw.x_train[parts.train], raw.y_train[parts.train]),
        "validation": (raw.x_train[parts.validation], raw.y_train[parts.validation]),
    }
    shown = {name: group for name, group in samples.items() if len(group[0])}
    info = figures.points_info(shown, card.classes)
    charts.show(figures.POINTS, info, "points")
