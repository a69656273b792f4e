"""How a visitor's table is read: what was found out, the first rows, and what can be set."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from core.data import own
from core.ui import tables, wording

_FOUND = None  # what is chosen is what was found out
_NAMES = {True: "In the first line", False: "There are none"}
_DAYS = {True: "The day: 31/1/2000", False: "The month: 1/31/2000"}


def chosen(key: str) -> own.TableReading:
    """What was set for a file so far; `key` tells the files apart."""
    return own.TableReading(
        encoding=st.session_state.get(f"{key}-encoding"),
        part=st.session_state.get(f"{key}-part"),
        names=st.session_state.get(f"{key}-names"),
        day_first=st.session_state.get(f"{key}-day-first"),
    )


def forget(key: str) -> None:
    """Have everything found out again."""
    for name in ("encoding", "part", "names", "day-first"):
        st.session_state.pop(f"{key}-{name}", None)


def show(found: own.TableFound, columns: tuple[str, ...], dates: bool, key: str) -> None:
    """Draw the first rows and the controls; `dates` says that the order in dates is a question."""
    doubtful = bool(found.rivals) or len(found.parts) > 1 or dates or not found.has_names
    with st.expander(f"How the file is read: {described(found)}", expanded=doubtful):
        if found.first:
            _show_rows(found, columns)
        _show_controls(found, dates, key)


def described(found: own.TableFound) -> str:
    """The facts of a file in a few words."""
    facts = [found.format]
    if found.encoding:
        facts.append(own.ENCODINGS[found.encoding])
    if found.separator:
        facts.append(f"separated by {found.separator}")
    if found.part:
        facts.append(wording.inert(wording.beginning(found.part, 40)))
    return ", ".join(facts)


def _show_rows(found: own.TableFound, columns: tuple[str, ...]) -> None:
    names = wording.columns(columns[: len(found.first[0])])
    st.caption("The first rows, as they were read")
    tables.show(pd.DataFrame(found.first, columns=names), width="stretch")


def _show_controls(found: own.TableFound, dates: bool, key: str) -> None:
    drawn: list[Callable[[Any], None]] = []
    if len(found.parts) > 1:
        drawn.append(lambda place: _part(place, found, key))
    if found.encoding:
        drawn.append(lambda place: _encoding(place, found, key))
    if found.format not in ("Parquet", "Feather", "JSON"):
        drawn.append(lambda place: _names(place, found, key))
    if dates:
        drawn.append(lambda place: _day_first(place, key))
    if not drawn:
        return
    for place, draw in zip(st.columns(len(drawn)), drawn, strict=True):
        draw(place)


def _part(place: Any, found: own.TableFound, key: str) -> None:
    place.selectbox(
        "Sheet" if found.format == "Workbook" else "File in the archive",
        found.parts,
        index=found.parts.index(found.part) if found.part in found.parts else 0,
        key=f"{key}-part",
        help="One of them is read.",
    )


def _encoding(place: Any, found: own.TableFound, key: str) -> None:
    place.selectbox(
        "Encoding",
        [_FOUND, *found.rivals, *(name for name in own.ENCODINGS if name not in found.rivals)],
        format_func=lambda name: own.ENCODINGS[name] if name else "As found out",
        key=f"{key}-encoding",
        help="How letters are stored. Choose another if the first rows hold signs you did not "
        "write.",
    )


def _names(place: Any, found: own.TableFound, key: str) -> None:
    place.selectbox(
        "Column names",
        [_FOUND, *_NAMES],
        format_func=lambda names: _NAMES.get(names, f"As found out: {_NAMES[found.has_names]}"),
        key=f"{key}-names",
        help="Without names, columns are numbered and the first line is a sample.",
    )


def _day_first(place: Any, key: str) -> None:
    place.selectbox(
        "First in dates",
        [_FOUND, *_DAYS],
        format_func=lambda first: _DAYS.get(first, "As found out"),
        key=f"{key}-day-first",
        help="Nothing in the file tells whether 1/2/2000 is in January or in February.",
    )
