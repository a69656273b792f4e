"""What one visitor's session remembers, with every session-state key in one place."""

from __future__ import annotations

import logging

import streamlit as st

from core.jobs import PROGRESS_KEY, Inbox, Mailroom
from core.records import Progress

_RUN = "epochscope.run"
_INBOX = "epochscope.inbox"
PRIVATE = "epochscope.private"
_GO_TO_TRAIN = "epochscope.go_to_train"
_MESSAGE = "epochscope.message"
URL_RUN = "run"
_LONGEST = 40  # characters of a run's id that is logged: it may come from an address
_log = logging.getLogger(__name__)


def selected_run() -> str | None:
    """Id of the run the visitor looks at."""
    found: str | None = st.session_state.get(_RUN)
    return found


def select_run(run_id: str | None) -> None:
    """Look at this run from now on; the URL follows at the next script run."""
    st.session_state[_RUN] = run_id


def wants_private() -> bool:
    """Whether runs started now are for the visitor's eyes only."""
    return bool(st.session_state.get(PRIVATE, False))


def keep_private(private: bool) -> None:
    """Start the next runs as private as one the visitor comes back to."""
    st.session_state[PRIVATE] = private


def inbox(mailroom: Mailroom) -> Inbox:
    """The session's inbox, opened at first use and closed with the session."""
    found: Inbox = st.session_state.get(_INBOX) or mailroom.open()
    st.session_state[_INBOX] = found
    return found


def progress(run_id: str) -> Progress | None:
    """The latest batch progress of a run, if any has arrived."""
    found: Progress | None = st.session_state.get(f"{PROGRESS_KEY}.{run_id}")
    return found


def ask_for_train_page() -> None:
    """Go to the Train page at the next script run; callbacks cannot go there themselves."""
    st.session_state[_GO_TO_TRAIN] = True


def wants_train_page() -> bool:
    """Whether the next script run goes to the Train page, for a fragment that then asks for one."""
    return bool(st.session_state.get(_GO_TO_TRAIN, False))


def asked_for_train_page() -> bool:
    """Whether to go to the Train page now; asks only once."""
    return bool(st.session_state.pop(_GO_TO_TRAIN, False))


def leave_message(text: str, run_id: str | None = None) -> None:
    """Say at the next script run why something was refused, `run_id` if it was to be changed.

    Callbacks draw before the page exists.
    """
    _log.info("refused: %s", text, extra={"run": run_id[:_LONGEST]} if run_id else None)
    st.session_state[_MESSAGE] = text


def take_message() -> str | None:
    """The message left, once."""
    found: str | None = st.session_state.pop(_MESSAGE, None)
    return found


def take_run_from_url() -> None:
    """In a session that looks at no run yet, look at the one its address names."""
    if selected_run() is None and URL_RUN in st.query_params:
        select_run(st.query_params[URL_RUN])
