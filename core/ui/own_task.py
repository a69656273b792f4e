"""Whether a target is one of classes or of numbers: chosen, and what speaks against a choice."""

from __future__ import annotations

import streamlit as st

from core import formats
from core.data.own import Column
from core.experiment.card import Task
from core.ui import wording

_TASKS: dict[str, str] = {"classification": "Classes", "regression": "Numbers"}
_FEW = 20
_MOST_CLASSES = 200
_ENOUGH = 0.9


def choose(suggested: Task, key: str) -> Task:
    """Draw the control; the task chosen."""
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


def advise(column: Column, task: Task, key: str) -> bool:
    """Say what the choice means for this target, with a button for the other; whether it works."""
    name = wording.inert(column.name)
    has_numbers = column.numbers >= 0.5 or column.kind in ("date", "time")
    count = f"{column.distinct:,}{' or more' * column.many}"
    if task == "regression":
        return _advise_numbers(column, name, has_numbers, key)
    if column.classes < 2 or column.many or column.classes > _MOST_CLASSES:
        st.warning(
            f"{name} has {count} different values, of which {column.classes:,} have 10 rows or "
            f"more. Classes need two to {_MOST_CLASSES} such values.",
            icon=":material/report:",
        )
        _offer("regression", key, has_numbers)
        return False
    if column.in_classes < _ENOUGH:
        st.warning(
            f"{name}: {formats.percent(1 - column.in_classes)} of the rows have a value with "
            "fewer than 10 rows, and are left out.",
            icon=":material/report:",
        )
    if has_numbers and column.distinct > 2:
        st.caption(f"{name} has {count} different numbers, each a class of its own.")
        _offer("regression", key, True)
    return True


def _advise_numbers(column: Column, name: str, has_numbers: bool, key: str) -> bool:
    can_classify = column.classes >= 2 and not column.many
    if not has_numbers and not column.numbers:
        st.warning(
            f"{name} holds texts, which cannot be predicted as numbers.",
            icon=":material/report:",
        )
        _offer("classification", key, can_classify)
        return False
    if can_classify and column.distinct <= _FEW:
        st.caption(f"{name} has only {column.distinct:,} different values.")
        _offer("classification", key, True)
    return True


def _offer(task: Task, key: str, possible: bool) -> None:
    """A button that makes the other choice."""
    label = "Predict it as a number" if task == "regression" else "Predict its classes"
    if possible:
        st.button(label, key=f"{key}-instead", on_click=_choose, args=(f"{key}-task", task))
    else:
        st.caption("Choose another column to predict.")


def _choose(key: str, task: Task) -> None:
    st.session_state[key] = task
