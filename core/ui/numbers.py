"""A row of large numbers that wraps on a narrow screen."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

WIDTH, LETTER, DIGIT = 150, 8, 20  # pixels


def show(numbers: Mapping[str, str]) -> None:
    """Draw each value under its label, side by side while there is room; nothing is cut."""
    labels, values = (max(map(len, side), default=0) for side in (numbers, numbers.values()))
    width = max(WIDTH, LETTER * labels, DIGIT * values)
    with st.container(horizontal=True, gap="medium"):
        for label, value in numbers.items():
            st.metric(label, value, width=width)
