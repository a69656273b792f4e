"""Entries of a session looked up one by one are those of Streamlit's copy of them all."""

from __future__ import annotations

import pytest
from streamlit.runtime.state.safe_session_state import SafeSessionState
from streamlit.testing.v1 import AppTest

from core.ui import session_entries

SCRIPT = """
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

st.session_state.setdefault("plain", 5)
st.session_state.setdefault("emptied", None)
st.number_input("Number", value=3, key="number")
st.number_input("Empty", value=7, key="emptied")
st.slider("Slider", 0, 10, 4)  # without a key: no entry of its own
st.selectbox("List", ["a", "b"], index=1, key="list")
session = get_script_run_ctx().session_state
copied, singly = session._state.filtered_state, session.filtered_state
ids = [key for key in session._state._keys() if key.startswith("$$")]
st.json({
    "same": {key: singly[key] for key in copied} == copied,
    "all": (sorted(singly), len(singly)) == (sorted(copied), len(copied)),
    "missing": "nobody" in singly or singly.get("nobody") is not None,
    "ids": len(ids) > 0 and any(key in singly for key in ids),
})
"""


@pytest.fixture(autouse=True)
def _looked_up_singly(monkeypatch):
    monkeypatch.setattr(SafeSessionState, "filtered_state", SafeSessionState.filtered_state)
    session_entries.look_up_singly()


def test_every_entry_and_no_other_is_found():
    app = AppTest.from_string(SCRIPT).run()
    assert not app.exception
    assert app.json[0].value == ('{"same": true, "all": true, "missing": false, "ids": false}')


def test_control_whose_entry_is_empty_stays_empty():
    app = AppTest.from_string(SCRIPT).run()
    assert app.number_input(key="emptied").value is None
    assert app.number_input(key="number").value == 3
