"""On a phone the sidebar covers the page: it makes room for a run that has just been started."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import streamlit as st

_NAME = "epochscope.phone"


def make_room(run_id: str) -> None:
    """Close the sidebar on a narrow screen, once for each run; draws nothing."""
    _component()(key="make-room", data={"run": run_id})


@cache
def _component() -> Callable[..., object]:
    code = Path(__file__).with_name("phone.js").read_text("utf-8")
    return st.components.v2.component(_NAME, js=code, isolate_styles=False)
