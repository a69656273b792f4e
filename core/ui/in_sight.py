"""Keeps in sight what a visitor waits for: a run's progress on a phone, and its result."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import streamlit as st

_NAME = "epochscope.in_sight"


def keep(run_id: str, *, ended: bool, followed: bool) -> None:
    """Close the sidebar that covers a phone as a run begins; scroll to the result as it ends.

    Each once, for a visitor who `followed` the run. Draws nothing.
    """
    _component()(key="in-sight", data={"run": run_id, "ended": ended, "followed": followed})


@cache
def _component() -> Callable[..., object]:
    code = Path(__file__).with_name("in_sight.js").read_text("utf-8")
    return st.components.v2.component(_NAME, js=code, isolate_styles=False)
