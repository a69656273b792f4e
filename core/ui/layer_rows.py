"""The custom model's layers as a table in the session: one for texts, one for all else."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.experiment import DatasetCard, TextNetwork, layer_table
from core.experiment.presets import PRESETS

_ROWS = "epochscope.layer_rows"
_VERSION = "epochscope.layer_rows_version"
Rows = list[dict[str, Any]]


def held(card: DatasetCard) -> Rows:
    """The table; at first that of a small network for the data."""
    small = TextNetwork() if card.is_text else PRESETS["mlp-basic"].model
    found: Rows = st.session_state.setdefault(_key(card), layer_table.to_rows(small.hidden()))
    return found


def replace(card: DatasetCard, rows: Rows) -> None:
    """Replace the table from outside its editor."""
    st.session_state[_key(card)] = rows
    st.session_state[_VERSION] = st.session_state.get(_VERSION, 0) + 1


def edit(card: DatasetCard, rows: Rows) -> None:
    """Take over what the table's editor holds."""
    st.session_state[_key(card)] = rows


def version(card: DatasetCard) -> str:
    """Another one whenever the table is replaced from outside its editor."""
    return f"{_key(card)}.{st.session_state.get(_VERSION, 0)}"


def _key(card: DatasetCard) -> str:
    return f"{_ROWS}.text" if card.is_text else _ROWS
