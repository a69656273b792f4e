"""What one visitor's session remembers, with every session-state key in one place."""

from __future__ import annotations

import logging
from collections.abc import Iterable

import streamlit as st

from core.jobs import BATCHES_KEY, PROGRESS_KEY, Inbox, Mailroom
from core.records import Progress

_RUN = "epochscope.run"
_FOLLOWED = "epochscope.followed"
_INBOX = "epochscope.inbox"
PRIVATE = "epochscope.private"
_GO_TO = "epochscope.go_to"
_MESSAGE = "epochscope.message"
_COMPARED = "epochscope.compared"
_NOT_COMPARED = "epochscope.not_compared"
URL_RUN = "run"
URL_RUNS = "runs"
MOST_COMPARED = 50
_LONGEST_LIST = 33 * MOST_COMPARED  # characters: the ids of so many runs, and commas
_LONGEST = 40  # characters of a run's id that is logged: it may come from an address
_log = logging.getLogger(__name__)


def selected_run() -> str | None:
    """Id of the run the visitor looks at."""
    found: str | None = st.session_state.get(_RUN)
    return found


def select_run(run_id: str | None) -> None:
    """Look at this run from now on; the URL follows at the next script run."""
    st.session_state[_RUN] = run_id


def follow(run_id: str) -> None:
    """Remember that the visitor started this run, or has seen it going."""
    st.session_state.setdefault(_FOLLOWED, set()).add(run_id)


def follows(run_id: str) -> bool:
    """Whether the visitor waits, or has waited, for the end of this run."""
    return run_id in st.session_state.get(_FOLLOWED, ())


def compared() -> tuple[str, ...]:
    """Ids of the runs the visitor compares, in the order they were chosen; perhaps of none left."""
    found: tuple[str, ...] = st.session_state.get(_COMPARED, ())
    return found


def compare(run_ids: Iterable[str]) -> None:
    """Compare these runs from now on, at most `MOST_COMPARED` of them."""
    st.session_state[_COMPARED] = tuple(dict.fromkeys(run_ids))[:MOST_COMPARED]
    st.session_state.pop(_NOT_COMPARED, None)


def leave_out(count: int) -> None:
    """Remember that so many runs were to be compared and cannot be, until others are chosen."""
    st.session_state[_NOT_COMPARED] = count


def left_out() -> int:
    """How many runs were to be compared and cannot be."""
    return int(st.session_state.get(_NOT_COMPARED, 0))


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


def batches(run_id: str, epoch: int) -> tuple[Progress, ...]:
    """What has arrived of `epoch` (from 0) of a run while its batches are trained."""
    found: list[Progress] = st.session_state.get(f"{BATCHES_KEY}.{run_id}", [])
    return tuple(one for one in found if one.epoch == epoch)


def ask_for_page(title: str) -> None:
    """Go to the page of this title at the next script run; callbacks cannot go there themselves."""
    st.session_state[_GO_TO] = title


def wants_page() -> bool:
    """Whether the next script run goes to another page, for a fragment that then asks for one."""
    return _GO_TO in st.session_state


def asked_for_page() -> str | None:
    """The title of the page to go to now; asks only once."""
    found: str | None = st.session_state.pop(_GO_TO, None)
    return found


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


def take_runs_from_url() -> None:
    """In a new session, look at the run its address names, and compare those it names."""
    if selected_run() is None and URL_RUN in st.query_params:
        select_run(st.query_params[URL_RUN])
    if _COMPARED not in st.session_state and URL_RUNS in st.query_params:
        _take_compared(st.query_params[URL_RUNS])


def _take_compared(text: str) -> None:
    """The ids of a URL, separated by commas: anything may stand there, and any amount of it."""
    ids = dict.fromkeys(part for part in text[:_LONGEST_LIST].split(",") if part)
    compare(ids)
    too_many = len(ids) - MOST_COMPARED if len(text) <= _LONGEST_LIST else text.count(",")
    if too_many > 0:
        leave_out(too_many)


def show_compared(run_ids: Iterable[str]) -> None:
    """Put the runs that are compared into the page's URL."""
    text = ",".join(run_ids)
    if text and st.query_params.get(URL_RUNS) != text:
        st.query_params[URL_RUNS] = text
    elif not text and URL_RUNS in st.query_params:
        del st.query_params[URL_RUNS]
