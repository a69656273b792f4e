"""A row of large numbers that wraps on a narrow screen."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

WIDTH, LETTER = 150, 8  # pixels


def show(numbers: Mapping[str, str]) -> None:
    """Draw each value under its label, side by side while there is room; no label is cut."""
    width = max(WIDTH, LETTER * max(map(len, numbers), default=0))
    with st.container(horizontal=True, gap="medium"):
        for label, value in numbers.items():
            st.metric(label, value, width=width)
