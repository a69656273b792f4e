"""The cards in which every layer of the custom model is set by hand."""

from __future__ import annotations

import math
from typing import Any

import streamlit as st

from core.experiment import layer_table
from core.experiment.fields import FieldFacts, Part, field_facts
from core.experiment.layers import IMAGE_LAYERS, LAYER_TYPES, SEQUENCE_LAYERS, Regularizer
from core.experiment.models import MOST_LAYERS
from core.experiment.shapes import describe
from core.ui import form, layer_rows, model_choices, wording
from core.ui.controls import place_of

_NEW = "Dense"
_WIDTH = 150  # pixels of a field
_KIND_WIDTH = 240
_LARGEST = 2**53 - 1  # what a browser counts to
_STEPS = {"rate": 0.05, "momentum": 0.01, "epsilon": 0.001}
Row = dict[str, Any]


def show(draft: form.Draft) -> None:
    """The cards, while the sidebar's model is the custom one, each with what is wrong in it."""
    if form.value("model") != model_choices.CUSTOM:
        return
    st.header("Layers", anchor=False)
    st.caption(
        "Data pass through the layers from top to bottom. The output layer, which follows from "
        "the data, is added at the end, unless the last layer is one already."
    )
    rows = layer_rows.identified(form.dataset())
    st.button(
        "Add a layer at the top",
        icon=":material/add:",
        type="tertiary",
        key="layer-first",
        disabled=len(rows) >= MOST_LAYERS,
        on_click=_add,
        args=(None,),
    )
    for position, (row_id, row) in enumerate(rows.items()):
        with st.container(border=True, key=f"layer-{row_id}"):
            _show_card(position, row_id, row, len(rows))
            _explain(draft, position)


def _show_card(position: int, row_id: int, row: Row, count: int) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        kinds = _kinds(str(row.get(layer_table.KIND, "")))
        key = _key(row_id, layer_table.KIND, row.get(layer_table.KIND), kinds[0])
        st.selectbox(
            f"Layer {position + 1}",
            kinds,
            index=place_of(key, kinds),
            key=key,
            width=_KIND_WIDTH,
            on_change=_changed,
            args=(row_id, layer_table.KIND),
        )
        _show_buttons(position, row_id, count)
    fields = _fields(str(row.get(layer_table.KIND, "")))
    if fields:
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            for path, facts in fields.items():
                _show_field(row_id, row, path, facts)


def _show_buttons(position: int, row_id: int, count: int) -> None:
    full = count >= MOST_LAYERS
    card = form.dataset()
    _button("Up", position, row_id, layer_rows.move, (card, row_id, -1), position == 0)
    _button("Down", position, row_id, layer_rows.move, (card, row_id, 1), position == count - 1)
    _button("Add below", position, row_id, _add, (row_id,), full)
    _button("Copy", position, row_id, layer_rows.copy, (card, row_id), full)
    _button("Delete", position, row_id, layer_rows.delete, (card, row_id))


_ICONS = {
    "Up": ":material/arrow_upward:",
    "Down": ":material/arrow_downward:",
    "Add below": ":material/add:",
    "Copy": ":material/content_copy:",
    "Delete": ":material/delete:",
}


def _button(
    label: str,
    position: int,
    row_id: int,
    action: Any,
    args: tuple[Any, ...],
    disabled: bool = False,
) -> None:
    st.button(
        label,
        key=f"layer-{row_id}-{label}",
        icon=_ICONS[label],
        type="tertiary",
        disabled=disabled,
        on_click=action,
        args=args,
    )


def _show_field(row_id: int, row: Row, path: str, facts: FieldFacts) -> None:
    title = layer_table.COLUMNS[path]
    key = _key(row_id, title, row.get(title), facts.default, facts)
    shared: dict[str, Any] = {
        "help": facts.help,
        "on_change": _changed,
        "args": (row_id, title),
        "key": key,
    }
    if facts.choices:
        st.selectbox(
            title, facts.choices, index=place_of(key, facts.choices), width=_WIDTH, **shared
        )
    elif facts.values is bool:
        st.toggle(title, value=bool(st.session_state[key]), **shared)
    else:
        whole = facts.values is int
        step = 1 if whole else _STEPS.get(path, 0.0001)
        style = "%d" if whole else "%g"
        bounds: dict[str, Any] = {"value": None, "required": facts.default is not None}
        st.number_input(title, step=step, format=style, width=_WIDTH, **bounds, **shared)


def _key(
    row_id: int, title: str, value: object, usual: object, facts: FieldFacts | None = None
) -> str:
    """The control's key, under which it finds the row's value, or the usual one."""
    key = f"epochscope.layer.{row_id}.{title}"
    if key not in st.session_state or st.session_state[key] is None:
        st.session_state[key] = usual if value is None else _shown(value, usual, facts)
    return key


def _shown(value: object, usual: object, facts: FieldFacts | None) -> object:
    """A row's value as its control can hold it."""
    if facts is None or facts.choices:
        return value if facts is None or value in facts.choices else usual
    if facts.values is bool:
        return bool(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        return usual
    bounded = max(-_LARGEST, min(_LARGEST, value))
    return int(bounded) if facts.values is int else float(bounded)


def _explain(draft: form.Draft, position: int) -> None:
    """What comes out of the layer, or what is wrong with it."""
    if draft.experiment:
        built = draft.experiment.summary[position]
        is_output = draft.experiment.has_own_output and position == len(draft.experiment.hidden)
        role = "The output layer: none is added · " if is_output else ""
        st.caption(f"{role}Output {describe(built.output)} · {built.parameters:,} parameters")
        return
    for problem in draft.problems:
        if problem.where[:3] == ("model", "layers", str(position)):
            st.error(wording.inert(problem.message), icon=":material/error:")


def _changed(row_id: int, title: str) -> None:
    value = st.session_state[f"epochscope.layer.{row_id}.{title}"]
    layer_rows.change(form.dataset(), row_id, {title: value})


def _add(after: int | None) -> None:
    [row] = layer_table.to_rows([LAYER_TYPES[_NEW].model_validate({"activation": "relu"})])
    layer_rows.insert(form.dataset(), row, after)


def _kinds(current: str) -> list[str]:
    """The layers that can take the data chosen, and the one that stands there."""
    foreign = {"text": IMAGE_LAYERS, "image": SEQUENCE_LAYERS}
    without = foreign.get(model_choices.kind(form.dataset()), IMAGE_LAYERS | SEQUENCE_LAYERS)
    return [name for name in LAYER_TYPES if name == current or name not in without]


def _fields(kind: str) -> dict[str, FieldFacts]:
    """The settings of a kind of layer by their names in the table, in its order."""
    found = {}
    part: type[Part] | None = LAYER_TYPES.get(kind)
    for path in layer_table.COLUMNS if part else ():
        name, _, inner = path.partition(".")
        if part and name in part.model_fields:
            found[path] = field_facts(Regularizer, inner) if inner else field_facts(part, name)
    return found
