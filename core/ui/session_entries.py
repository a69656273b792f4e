"""Has Streamlit's controls look up the session's entry they need, not copy all of them.

A number, a slider or a list asks whether its own entry is empty: of a copy of the whole session,
which is made for each control (`SessionState.filtered_state`). With the sidebar's settings in it
that was a sixth of the time of a page's script.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from streamlit.runtime.state.common import is_element_id
from streamlit.runtime.state.safe_session_state import SafeSessionState
from streamlit.runtime.state.session_state import _is_internal_key


def look_up_singly() -> None:
    """In the whole process, from now on."""
    SafeSessionState.filtered_state = property(_Entries)  # type: ignore[assignment]


class _Entries(Mapping[str, Any]):
    """What `SafeSessionState.filtered_state` is a copy of, each entry when it is asked for."""

    def __init__(self, session: SafeSessionState) -> None:
        self._session = session

    def __getitem__(self, key: str) -> Any:
        if is_element_id(key) or _is_internal_key(key):
            raise KeyError(key)
        with self._session._lock:
            return self._session._state[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._copy())

    def __len__(self) -> int:
        return len(self._copy())

    def _copy(self) -> dict[str, Any]:
        with self._session._lock:
            return self._session._state.filtered_state
