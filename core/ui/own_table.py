"""What to make of a visitor's table: the column to predict, and those it is predicted from."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core import formats
from core.data.own import Column, TableChoices, TableLook
from core.ui import own_reading, own_task, tables

_KINDS = {
    "number": "numbers",
    "category": "categories",
    "date": "dates",
    "time": "times of day",
    "text": "text",
    "constant": "always the same",
}
_FORMS = {True: "Images", False: "Rows of numbers"}
_MOST_ROWS = 300
_SOME_NUMBERS = 0.05


def show(look: TableLook, key: str) -> TableChoices | None:
    """Draw the form; the choices made, None while nothing can be made of them."""
    names = tuple(column.name for column in look.columns)
    reading = own_reading.chosen(key)
    own_reading.show(look.found, names, bool(look.ambiguous_dates), key)
    st.caption(f"{look.rows:,} rows, {len(look.columns):,} columns.")
    _show_columns(look.columns)
    by_name = {column.name: column for column in look.columns}
    # Another reading of the file has other columns, and what was chosen of those means nothing.
    key = f"{key}-{hash(names):x}"
    options = [one.name for one in look.columns if one.kind != "constant"]
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    target = left.selectbox(
        "What to predict",
        options,
        index=options.index(look.target) if look.target in options else 0,
        key=f"{key}-target",
        help="The column the network learns to tell from the others.",
    )
    task_key = f"{key}-{target}"
    with right:
        task = own_task.choose(by_name[target].task, task_key)
    works = own_task.advise(by_name[target], task, task_key)
    shape = _image_shape(look, target, task_key)
    if shape:
        pixels = tuple(one.name for one in look.columns if one.name != target and not one.left_out)
        return TableChoices(target, pixels, task, reading, image_shape=shape) if works else None
    others = [one for one in look.columns if one.name != target and one.kind != "constant"]
    features, categories, numbers = _features(others, task_key)
    _show_counts(look, target, len(features))
    if not works or not features:
        return None
    return TableChoices(target, features, task, reading, categories, numbers)


def _image_shape(look: TableLook, target: str, key: str) -> tuple[int, ...] | None:
    """The shape of the images that rows are taken for, if they may be any and are."""
    if look.image_shape is None or target != look.target:
        return None
    channels = min(look.image_shape[0], look.image_shape[-1])
    height = width = max(look.image_shape)
    color = "grey" if channels == 1 else "colour"
    form = st.segmented_control(
        "Each row is taken for",
        list(_FORMS),
        format_func=_FORMS.__getitem__,
        default=look.are_images,
        required=True,
        key=f"{key}-form",
        help=f"Its {height * width * channels:,} values may be the pixels of an image, which "
        "convolutions need. As numbers, each is a feature of its own.",
    )
    if form:
        st.caption(
            f"Learns from {color} images of {height} × {width} pixels, scaled to 0 to 1 before "
            "training unless the sidebar says otherwise."
        )
    return look.image_shape if form else None


def _show_columns(columns: tuple[Column, ...]) -> None:
    tables.show(
        pd.DataFrame(
            [
                {
                    "Column": column.name,
                    "Holds": _KINDS[column.kind],
                    "Different values": f"{column.distinct:,}" + " or more" * column.many,
                    "Missing": formats.percent(column.missing),
                }
                for column in columns[:_MOST_ROWS]
            ]
        ),
        width="stretch",
    )


def _features(
    others: list[Column], key: str
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The columns to learn from, and which of these are kept as categories or as numbers."""
    usable = [one.name for one in others if one.is_usable]
    left_out = st.multiselect(
        "Columns to leave out",
        usable,
        default=[one.name for one in others if one.is_usable and one.left_out],
        key=f"{key}-left-out",
        placeholder="None: learn from all others",
        help="For example what is known only after what is to be predicted.",
    )
    numbers = _kept(
        "Keep as numbers",
        [
            one.name
            for one in others
            if one.kind in ("text", "category") and one.numbers >= _SOME_NUMBERS
        ],
        f"{key}-numbers",
        "What is no number in such a column counts as missing.",
    )
    categories = _kept(
        "Keep as categories",
        [one.name for one in others if one.kind in ("text", "number") and one.name not in numbers],
        f"{key}-categories",
        "Each of the most frequent values has a column of its own: for texts, and for numbers "
        "that are codes.",
    )
    kept = {name for name in usable if name not in left_out} | {*numbers, *categories}
    features = tuple(one.name for one in others if one.name in kept and one.name not in left_out)
    return features, categories, numbers


def _kept(label: str, options: list[str], key: str, explained: str) -> tuple[str, ...]:
    if not options:
        return ()
    return tuple(st.multiselect(label, options, key=key, placeholder="None", help=explained))


def _show_counts(look: TableLook, target: str, features: int) -> None:
    unusable = sum(not one.is_usable and one.name != target for one in look.columns)
    more = f" {unusable:,} others hold text, or one value." * bool(unusable)
    st.caption(f"Learns from {features:,} {'column' if features == 1 else 'columns'}.{more}")
    if not features:
        st.warning(
            "There is no column left to learn from. Keep one of those left out, or one of text as "
            "categories.",
            icon=":material/report:",
        )
