"""A row of large numbers that wraps on a narrow screen."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

WIDTH = 150


def show(numbers: Mapping[str, str]) -> None:
    """Draw each value under its label, side by side while there is room."""
    with st.container(horizontal=True, gap="medium"):
        for label, value in numbers.items():
            st.metric(label, value, width=WIDTH)
