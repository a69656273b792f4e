"""What surrounds every page: the URL, the sidebar, messages, and errors made readable."""

from __future__ import annotations

import logging
from pathlib import Path

import streamlit as st

from core.errors import EpochscopeError
from core.ui import form, navigation, notices, platform, sidebar, state, turns, visitors

_RESTORED = "epochscope.restored"
_DRAFT = "epochscope.draft"
_LOGO = Path(__file__).with_name("logo.svg").read_text(encoding="utf-8")
_STYLE = """
<style>
.stMainBlockContainer {padding-top: 4.5rem; padding-bottom: 3rem;}
.stMainBlockContainer h1 {font-size: 2rem; padding: 0 0 0.5rem;}
.stMainBlockContainer h3 {font-size: 1.25rem; padding: 0.75rem 0 0.25rem;}
@media (max-width: 640px) {.stMainBlockContainer {padding-left: 1rem; padding-right: 1rem;}}
</style>
"""
_log = logging.getLogger(__name__)


@turns.in_turn
def show() -> None:
    """Draw navigation and sidebar, and the page the visitor asked for inside them."""
    pages = navigation.pages()
    page = pages.current()
    st.logo(_LOGO, size="large")
    st.html(_STYLE)
    state.sync_url()
    with notices.readable_errors():
        visitors.meet()
        platform.jobs()
        _restore_sidebar()
        st.session_state[_DRAFT] = sidebar.show()
        if state.asked_for_train_page() and page != pages.train:
            st.switch_page(pages.train)
        if message := state.take_message():
            st.error(message, icon=":material/error:")
        navigation.run_in_frame(page)


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
        run = platform.library().get(run_id)
        form.fill(run.experiment)
        state.keep_private(run.private)
    except EpochscopeError as error:
        _log.info("sidebar starts from defaults: %s", error, extra={"run": run_id[:40]})
