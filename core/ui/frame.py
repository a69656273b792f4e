"""What surrounds every page: the URL, the sidebar, messages, and errors made readable."""

from __future__ import annotations

import logging

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from core.errors import EpochscopeError
from core.ui import form, notices, platform, sidebar, state

_RESTORED = "epochscope.restored"
_DRAFT = "epochscope.draft"
_log = logging.getLogger(__name__)


def show(page: StreamlitPage, train_page: StreamlitPage) -> None:
    """Draw the sidebar and run `page` inside the frame."""
    state.sync_url()
    with notices.readable_errors():
        platform.jobs()
        _restore_sidebar()
        st.session_state[_DRAFT] = sidebar.show()
        if state.asked_for_train_page() and page != train_page:
            st.switch_page(train_page)
        if message := state.take_message():
            st.error(message, icon=":material/error:")
        page.run()


def draft() -> form.Draft:
    """What the sidebar says now, for the pages."""
    found: form.Draft = st.session_state[_DRAFT]
    return found


def _restore_sidebar() -> None:
    """In a new session that was opened by a run's URL, start from that run's settings."""
    if st.session_state.get(_RESTORED):
        return
    st.session_state[_RESTORED] = True
    run_id = state.selected_run()
    if run_id is None:
        return
    try:
        form.fill(platform.store().get(run_id).experiment)
    except EpochscopeError as error:
        _log.info("sidebar starts from defaults: %s", error)
