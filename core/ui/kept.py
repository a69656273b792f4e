"""Tabs and expanders that are as the visitor left them when they come back to a page.

Other controls take `persist_state="session"` for that; Streamlit has none for these two.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.elements.lib.mutable_expander_container import ExpanderContainer
from streamlit.elements.lib.mutable_tab_container import TabContainer

_KEPT = "kept"


def tabs(titles: Sequence[str], key: str) -> Sequence[TabContainer]:
    """Tabs of which one knows which is open: only that one needs to be drawn."""
    _restore(key, within=titles)
    drawn = st.tabs(titles, key=key, on_change="rerun")
    _keep(key, next((title for title, tab in zip(titles, drawn, strict=True) if tab.open), None))
    return drawn


def expander(
    title: str, key: str, icon: str | None = None, *, opened: bool = False
) -> ExpanderContainer:
    """A part of a page that is closed, or `opened`, until the visitor changes it."""
    if key not in st.session_state:
        st.session_state[key] = st.session_state.get(f"{key}.{_KEPT}", opened)
    drawn = st.expander(title, icon=icon, key=key, on_change="rerun")
    _keep(key, drawn.open)
    return drawn


def _restore(key: str, within: Sequence[str]) -> None:
    before = st.session_state.get(f"{key}.{_KEPT}")
    if key not in st.session_state and before in within:
        st.session_state[key] = before


def _keep(key: str, value: object) -> None:
    if st.session_state.get(f"{key}.{_KEPT}") != value:
        st.session_state[f"{key}.{_KEPT}"] = value
