"""Puts every epoch into a mapping, for a notebook, a test, or `st.session_state`."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from core.records import EpochRecord, push_epoch
from core.training.callbacks.epochs import EpochRecorder


class SessionStateCallback(EpochRecorder):
    """Pushes each epoch's results to `state["epochscope_runs"][run_id][epoch]`.

    In the app a run trains in another process; the inbox of core.ui does the same there with
    what arrives, through the same `push_epoch`.
    """

    def __init__(self, state: MutableMapping[Any, Any], run_id: str) -> None:
        super().__init__(on_epoch=lambda record: self._push(state, run_id, record))

    @staticmethod
    def _push(state: MutableMapping[Any, Any], run_id: str, record: EpochRecord) -> None:
        push_epoch(state, run_id, record)
