"""Has a part of a page redrawn only once the page itself has reached the browser.

Streamlit asks the thread of a script whether it can draw one part more. If that thread has just
ended, another takes its place, and whatever of the first has not been sent yet is thrown away
(`AppSession._handle_scriptrunner_event_on_event_loop`): the page stays half drawn, and pale. With
thirty visitors, when sending lags behind drawing, it befell one interaction in a few thousand.
"""

from __future__ import annotations

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

_request_rerun = AppSession.request_rerun


def send_pages_whole() -> None:
    """In the whole process, start no part of a page that would cut the page off.

    A part that redraws itself is left out: its timer comes again. If a visitor has used a control
    in a part, the whole page is drawn instead, with what they set.
    """
    AppSession.request_rerun = _request_unless_unsent  # type: ignore[assignment, method-assign]


def _request_unless_unsent(session: AppSession, client_state: ClientState | None) -> None:
    if client_state and client_state.fragment_id and _unsent(session):
        if client_state.is_auto_rerun:
            return
        whole = ClientState()
        whole.CopyFrom(client_state)
        whole.fragment_id = ""
        client_state = whole
    _request_rerun(session, client_state)


def _unsent(session: AppSession) -> bool:
    """Whether a script has ended of which not everything has been sent."""
    runner = session._scriptrunner  # None as soon as its last message is on its way
    return runner is not None and runner._requests._state is ScriptRequestType.STOP
