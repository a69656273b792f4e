"""The table in which every layer can be set by hand."""

from __future__ import annotations

from typing import Any, get_args

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from core.experiment import layer_table
from core.experiment.layers import (
    IMAGE_LAYERS,
    LAYER_TYPES,
    SEQUENCE_LAYERS,
    ActivationName,
    Padding,
)
from core.ui import form, layer_rows, model_choices

_BASE = "epochscope.layer_editor_base"


def show() -> None:
    """The editor, while the sidebar's model is the custom one."""
    if form.value("model") != model_choices.CUSTOM:
        return
    st.subheader("Layers")
    st.caption(
        "One row a layer, in order; the output layer is added for you. Cells a layer has no use "
        "for are ignored. Select rows to delete them, or type in the empty last row to add one."
    )
    st.data_editor(
        _base(),
        key=_key(),
        num_rows="dynamic",
        hide_index=True,
        width="stretch",
        column_config=_columns(),
        on_change=_edited,
    )


def _key() -> str:
    """A new editor for every table that comes from outside, for example from a preset."""
    return f"epochscope.layer_editor.{layer_rows.version(form.dataset())}"


def _base() -> pd.DataFrame:
    """The table the edits apply to: it must stay the same while someone edits it."""
    if _key() not in st.session_state or _BASE not in st.session_state:
        st.session_state[_BASE] = pd.DataFrame(
            layer_rows.held(form.dataset()), columns=_titles()
        ).astype(object)
    base: pd.DataFrame = st.session_state[_BASE]
    return base


def _edited() -> None:
    """Apply the edits and hand the result to the form, which judges it."""
    changes = st.session_state[_key()]
    rows: list[dict[str, Any]] = st.session_state[_BASE].to_dict("records")
    for position, cells in changes["edited_rows"].items():
        rows[int(position)].update(cells)
    kept = [row for place, row in enumerate(rows) if place not in changes["deleted_rows"]]
    layer_rows.edit(form.dataset(), [*kept, *changes["added_rows"]])


def _kinds() -> list[str]:
    """The layers that can take the data chosen."""
    foreign = {"text": IMAGE_LAYERS, "image": SEQUENCE_LAYERS}
    without = foreign.get(model_choices.kind(form.dataset()), IMAGE_LAYERS | SEQUENCE_LAYERS)
    return [name for name in LAYER_TYPES if name not in without]


def _titles() -> list[str]:
    return [layer_table.KIND, *layer_table.COLUMNS.values()]


def _columns() -> dict[str, ColumnConfig]:
    choices = {
        layer_table.KIND: _kinds(),
        "Padding": list(get_args(Padding)),
        "Activation": list(get_args(ActivationName)),
    }
    columns = {
        title: st.column_config.NumberColumn(title, width="small")
        for title in layer_table.COLUMNS.values()
    }
    columns["Return sequences"] = st.column_config.CheckboxColumn("Return sequences")
    for title, options in choices.items():
        columns[title] = st.column_config.SelectboxColumn(title, options=options)
    return columns
