"""The one way to a table: on a page, where its toolbar saves it as CSV, and as a file.

Spreadsheets run formulas in the files they open, and names of runs, columns and classes are
written by strangers. No text in a table begins as a formula does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.ui import wording


def show(table: pd.DataFrame | Sequence[Mapping[str, object]], **options: Any) -> Any:
    """Draw a table; `options` and what is returned are those of `st.dataframe`."""
    return st.dataframe(inert(pd.DataFrame(table)), hide_index=True, **options)


def csv(table: pd.DataFrame) -> str:
    """A table as the text of a file, without its index."""
    return str(inert(table).to_csv(index=False))


def inert(table: pd.DataFrame) -> pd.DataFrame:
    """The table with every text, names of columns too, as `wording.cell` writes it."""
    texts = table.select_dtypes(include=["object", "string", "category"])
    shown = table.assign(**{str(name): [_cell(value) for value in texts[name]] for name in texts})
    return shown.set_axis(wording.columns(map(str, table.columns)), axis="columns")


def _cell(value: object) -> object:
    return wording.cell(value) if isinstance(value, str) else value
