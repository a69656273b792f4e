"""What the sidebar says now, before anything is trained: samples, layers, Keras code."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core import data, figures
from core.errors import DatasetUnavailable
from core.experiment import Experiment
from core.experiment.shapes import LayerShape, describe
from core.export import keras_script
from core.ui import platform, wording
from core.ui.images import Tile, show_grid

TABS_KEY = "preview.tab"
SAMPLES_A_CLASS = 2
MOST_IMAGES = 60
ROWS = 10


def show(experiment: Experiment) -> None:
    """Samples, layers and code of an experiment, in tabs.

    Only the open tab is drawn: a browser needs half of all it loads for a table and for code.
    """
    samples, layers, code = st.tabs(
        ["Data", "Layers", "Keras code"], key=TABS_KEY, on_change="rerun"
    )
    if samples.open:
        with samples:
            show_samples(experiment)
    if layers.open:
        with layers:
            show_layers(experiment)
    if code.open:
        with code:
            st.code(keras_script(experiment), language="python")


def show_samples(experiment: Experiment, a_class: int = SAMPLES_A_CLASS) -> None:
    """A line of facts, then images of every class, or the points."""
    card = experiment.data.card
    st.caption(
        f"{card.title}: {experiment.data.train_count:,} samples to train, "
        f"{experiment.data.validation_count:,} to validate, {card.test_size:,} to test."
    )
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
        else:
            show_rows(experiment, a_class)
    except DatasetUnavailable as error:
        st.error(str(error), icon=":material/error:")


def show_layers(experiment: Experiment) -> None:
    """The summary table: layer, output shape, parameters."""
    st.dataframe(
        pd.DataFrame([_row(row) for row in experiment.summary]),
        hide_index=True,
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
    words = {
        "units": "{} units",
        "filters": "{} filters",
        "kernel_size": "{0} × {0} kernel",
        "pool_size": "{0} × {0} pool",
        "strides": "strides {}",
        "padding": "{} padding",
        "rate": "rate {:g}",
        "activation": "{}",
    }
    shown = []
    for name, words_for in words.items():
        value = getattr(layer, name, None)
        if value is None or (name, value) in (("strides", 1), ("activation", "linear")):
            continue
        shown.append(words_for.format(value))
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
    raw = data.raw_data(experiment.data, experiment.seed)
    top = card.value_range[1] if card.value_range else 1.0
    if not card.classes:
        chosen = data.examples(raw, None, MOST_IMAGES // 2)
        show_grid(Tile(raw.x_train[one], (f"{raw.y_train[one, 0]:g}",), top) for one in chosen)
        return
    a_class = min(a_class, max(1, MOST_IMAGES // card.class_count))
    show_grid(
        Tile(raw.x_train[index], (name,), top)
        for label, name in enumerate(card.classes[:MOST_IMAGES])
        for index in data.examples(raw, label, a_class)
    )


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
    values = [wording.cell(card.classes[one]) for one in truth] if card.classes else truth[:, 0]
    table.insert(0, first, values)
    st.dataframe(table, hide_index=True, width="stretch")


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
    st.plotly_chart(figures.points_figure(info), key="points")
