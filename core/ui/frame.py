"""What surrounds every page: the URL, the sidebar, messages, and errors made readable."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.ui import (
    accessibility,
    address,
    form,
    navigation,
    notices,
    own_sets,
    platform,
    sidebar,
    state,
    turns,
    visitors,
)

_DRAFT = "epochscope.draft"
_LOGO = Path(__file__).with_name("logo.svg").read_text(encoding="utf-8")


@turns.in_turn
def show() -> None:
    """Draw navigation and sidebar, and the page the visitor asked for inside them."""
    pages = navigation.pages()
    page = pages.current()
    st.logo(_LOGO, size="large")
    accessibility.show()
    state.take_runs_from_url()
    with notices.readable_errors():
        visitors.meet()
        platform.jobs()
        own_sets.refresh()
        address.restore()
        st.session_state[_DRAFT] = sidebar.show()
        wanted = pages.titled(state.asked_for_page())
        if wanted and wanted != page:
            st.switch_page(wanted)
        if message := state.take_message():
            st.error(message, icon=":material/error:")
        address.follow()
        navigation.run_in_frame(page)


def draft() -> form.Draft:
    """What the sidebar says now, for the pages."""
    found: form.Draft = st.session_state[_DRAFT]
    return found
