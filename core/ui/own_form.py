"""What to make of an uploaded file: how it looks, and what its owner chooses of it."""

from __future__ import annotations

from pathlib import PurePath

import pandas as pd
import streamlit as st

from core import formats
from core.data.own import (
    ArraysLook,
    Choices,
    ImagesLook,
    Look,
    TableChoices,
    TableLook,
)
from core.experiment import clean_title
from core.experiment.card import Task
from core.experiment.own import NAME_LENGTH
from core.ui import notices, own_arrays_form, own_images_form, wording

_TASKS: dict[str, str] = {"classification": "Classes", "regression": "Numbers"}
_KINDS = {
    "number": "numbers",
    "category": "categories",
    "date": "dates",
    "text": "text",
    "constant": "always the same",
}
_MOST_ROWS = 300


def show(look: Look, name: str, key: str) -> tuple[str, Choices]:
    """Draw the form for a file that was looked at; the title and the choices made.

    `key` tells the files apart.
    """
    notices.show_findings(look.warnings)
    match look:
        case TableLook():
            choices: Choices = _table(look, key)
        case ImagesLook():
            choices = own_images_form.show(look, key)
        case ArraysLook():
            choices = own_arrays_form.show(look, key)
    title = st.text_input(
        "Title",
        clean_title(PurePath(name).stem),
        max_chars=NAME_LENGTH,
        key=f"{key}-title",
        help="Letters, digits, spaces and , - + ( ) '; other signs become spaces.",
    )
    return clean_title(title), choices


def _table(look: TableLook, key: str) -> TableChoices:
    st.caption(f"{look.rows:,} rows, {len(look.columns):,} columns.")
    st.dataframe(
        pd.DataFrame(
            [
                {
                    "Column": wording.cell(column.name),
                    "Holds": _KINDS[column.kind],
                    "Different values": f"{column.distinct:,}" + " or more" * column.many,
                    "Missing": formats.percent(column.missing),
                }
                for column in look.columns[:_MOST_ROWS]
            ]
        ),
        hide_index=True,
        width="stretch",
    )
    names = [column.name for column in look.columns]
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    target = left.selectbox(
        "What to predict",
        names,
        index=names.index(look.target) if look.target in names else 0,
        key=f"{key}-target",
        help="The column the network learns to tell from the others.",
    )
    with right:
        task = _task(look.task, f"{key}-{target}" if target != look.target else key)
    usable = [one.name for one in look.columns if one.is_usable and one.name != target]
    left_out = st.multiselect(
        "Columns to leave out",
        usable,
        key=f"{key}-left-out-{target}",
        placeholder="None: learn from all others",
        help="For example what is known only after what is to be predicted.",
    )
    unusable = sum(not one.is_usable and one.name != target for one in look.columns)
    more = f" {unusable:,} others hold nothing to learn from: text, or one value." * bool(unusable)
    st.caption(f"Learns from {len(usable) - len(left_out):,} columns.{more}")
    return TableChoices(target, tuple(name for name in usable if name not in left_out), task)


def _task(suggested: Task, key: str) -> Task:
    task = st.segmented_control(
        "Kind of target",
        list(_TASKS),
        format_func=_TASKS.__getitem__,
        default=suggested,
        required=True,
        key=f"{key}-task",
        help="Classes: one of a few kinds. Numbers: how much.",
    )
    return "regression" if task == "regression" else "classification"
