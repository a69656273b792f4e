"""What a page needs for the keyboard, for weak eyes and for screen readers beyond Streamlit's own.

Streamlit's theme cannot say how captions, code and the focus look, and its pages have nowhere to
tell a screen reader of progress: a style and a script of ours do. Of the buttons with help, which
stand before their controls, the Tab key stops only at that of the control in use. See
tests/browser/test_keyboard.py.
"""

from __future__ import annotations

import html
from pathlib import Path

import streamlit as st

_STYLE, SCRIPT = (
    Path(__file__).with_suffix(suffix).read_text(encoding="utf-8") for suffix in (".css", ".js")
)
_KEY = "epochscope-accessibility"


def show() -> None:
    """Bring style and script to a page."""
    with st.container(key=_KEY):
        # Together: a style alone is drawn in a place that Streamlit empties now and then.
        st.html(f"<style>{_STYLE}</style><script>{SCRIPT}</script>", unsafe_allow_javascript=True)


def announce(words: str, run_id: str, *, ended: bool = False, followed: bool = False) -> None:
    """Have a screen reader say how far a run is: every few seconds, and its end at once.

    The end is said once, and only to those who `followed` the run.
    """
    facts = {"says": words, "run": run_id}
    facts |= {"ended": "yes"} if ended else {}
    facts |= {"followed": "yes"} if followed else {}
    named = (f'data-epochscope-{name}="{html.escape(value)}"' for name, value in facts.items())
    with st.container(key=f"{_KEY}-news"):
        st.html(f"<span {' '.join(named)}></span>")
