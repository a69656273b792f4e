"""What to make of a visitor's arrays: which of them is predicted, and whether rows are images."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.data.own import ArraysChoices, ArraysLook
from core.experiment.card import Task
from core.experiment.shapes import describe
from core.ui import tables

_TASKS: dict[str, str] = {"classification": "Classes", "regression": "Numbers"}
_FORMS = {True: "Images", False: "Rows of numbers"}


def show(look: ArraysLook, key: str) -> ArraysChoices:
    """Draw the form; `key` tells the files apart."""
    rows = [
        {"Array": name, "Shape": describe(shape), "Type": dtype}
        for name, shape, dtype in look.arrays
    ]
    tables.show(pd.DataFrame(rows), width="stretch")
    if look.is_divided:
        st.caption("The file brings its own test part.")
    target = _target(look, key)
    return ArraysChoices(_task(look.task, f"{key}-{target}"), target, _as_images(look, key))


def _target(look: ArraysLook, key: str) -> str:
    if not look.targets:
        return ""
    index = st.selectbox(
        "What to predict",
        range(len(look.targets)),
        format_func=look.targets.__getitem__,
        key=f"{key}-array",
        help="The array that holds what the network learns to tell.",
    )
    return look.targets[index or 0]


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


def _as_images(look: ArraysLook, key: str) -> bool:
    if look.image_shape is None:
        return True
    height, width, channels = look.image_shape
    color = "grey" if channels == 1 else "colour"
    form = st.segmented_control(
        "Each row of x is taken for",
        list(_FORMS),
        format_func=_FORMS.__getitem__,
        default=True,
        required=True,
        key=f"{key}-form",
        help=f"Its {height * width * channels:,} values may be the pixels of a {color} image of "
        f"{height} × {width}, which convolutions need. As numbers, each is a feature of its own.",
    )
    return bool(form)
