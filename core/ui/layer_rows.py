"""The custom model's layers as rows in the session: one list for texts, one for all else."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.experiment import DatasetCard, TextNetwork, layer_table
from core.experiment.presets import PRESETS

_ROWS = "epochscope.layer_rows"
_LAST_ID = "epochscope.layer_rows_last_id"
_ID = "id"  # no setting of a layer: tells rows apart while they are moved
Rows = list[dict[str, Any]]


def held(card: DatasetCard) -> Rows:
    """The rows; at first those of a small network for the data."""
    small = TextNetwork() if card.is_text else PRESETS["mlp-basic"].model
    found: Rows = st.session_state.setdefault(_key(card), layer_table.to_rows(small.hidden()))
    return found


def replace(card: DatasetCard, rows: Rows) -> None:
    """Replace all rows, for example by those of a preset."""
    st.session_state[_key(card)] = rows


def identified(card: DatasetCard) -> dict[int, dict[str, Any]]:
    """The rows in order, each by a number that stays its own while rows come, go and move."""
    rows = [row if _ID in row else {**row, _ID: _next_id()} for row in held(card)]
    replace(card, rows)
    return {row[_ID]: row for row in rows}


def change(card: DatasetCard, row_id: int, values: dict[str, Any]) -> None:
    """Put `values`, by column title, into a row."""
    replace(card, [row | values if row.get(_ID) == row_id else row for row in held(card)])


def insert(card: DatasetCard, values: dict[str, Any], after: int | None) -> None:
    """Add a row below the row `after`, or above all."""
    rows = held(card)
    place = 0 if after is None else _place(rows, after) + 1
    replace(card, [*rows[:place], {**values, _ID: _next_id()}, *rows[place:]])


def copy(card: DatasetCard, row_id: int) -> None:
    """Add a copy of a row below it."""
    rows = held(card)
    insert(card, rows[_place(rows, row_id)], row_id)


def move(card: DatasetCard, row_id: int, by: int) -> None:
    """Move a row down by so many places, or up by a negative number, as far as there are any."""
    rows = list(held(card))
    place = _place(rows, row_id)
    row = rows.pop(place)
    rows.insert(min(len(rows), max(0, place + by)), row)
    replace(card, rows)


def delete(card: DatasetCard, row_id: int) -> None:
    """Take a row away."""
    replace(card, [row for row in held(card) if row.get(_ID) != row_id])


def _place(rows: Rows, row_id: int) -> int:
    """The position of a row; the last one, if it has gone meanwhile."""
    places = [place for place, row in enumerate(rows) if row.get(_ID) == row_id]
    return places[0] if places else len(rows) - 1


def _next_id() -> int:
    number = int(st.session_state.get(_LAST_ID, 0)) + 1
    st.session_state[_LAST_ID] = number
    return number


def _key(card: DatasetCard) -> str:
    return f"{_ROWS}.text" if card.is_text else _ROWS
