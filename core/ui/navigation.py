"""The pages, in the order of the navigation."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from pathlib import Path
from typing import NamedTuple

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from core.experiment.card import Task

_ICON = Path(__file__).with_name("icon.svg")
# What the page of all predictions is called, by the task of the run it shows.
RESULT_TITLES: dict[Task, str] = {
    "classification": "Confusion matrix",
    "regression": "Predicted vs true",
}
_RESULT = "epochscope.result_title"
_in_frame = ContextVar("in_frame", default=False)


class Pages(NamedTuple):
    """All pages, made anew in every script run as Streamlit wants it."""

    train: StreamlitPage
    others: tuple[StreamlitPage, ...]

    def current(self) -> StreamlitPage:
        """Set up the browser's tab and draw the navigation; the page the visitor asked for.

        The tab's icon comes before the navigation: else the browser fetches that of the page from
        a host of Google's.
        """
        st.set_page_config(page_icon=_ICON, layout="wide", initial_sidebar_state=350)
        page = st.navigation([self.train, *self.others], position="top")
        st.set_page_config(page_title=f"{page.title} · Epochscope")
        return page

    def titled(self, title: str | None) -> StreamlitPage | None:
        """The page of this title."""
        return next((page for page in (self.train, *self.others) if page.title == title), None)


def pages() -> Pages:
    """Every page with its title and icon."""
    return Pages(
        st.Page("pages/train.py", title="Train", icon=":material/play_circle:", default=True),
        (
            st.Page("pages/data.py", title="Data", icon=":material/database:"),
            st.Page("pages/model.py", title="Model", icon=":material/account_tree:"),
            st.Page("pages/history.py", title="History", icon=":material/show_chart:"),
            st.Page(
                "pages/confusion_matrix.py",
                title=st.session_state.get(_RESULT, RESULT_TITLES["classification"]),
                icon=":material/grid_on:",
            ),
            st.Page("pages/predictions.py", title="Predictions", icon=":material/image_search:"),
            st.Page("pages/compare.py", title="Compare", icon=":material/compare_arrows:"),
            st.Page("pages/runs.py", title="Runs", icon=":material/list:"),
        ),
    )


def run_in_frame(page: StreamlitPage) -> None:
    """Run a page that has the frame around it."""
    outside = _in_frame.set(True)
    try:
        page.run()
    finally:
        _in_frame.reset(outside)


def name_result(task: Task) -> None:
    """Call the page of all predictions by what it shows of the run looked at."""
    title = RESULT_TITLES[task]
    if st.session_state.get(_RESULT, RESULT_TITLES["classification"]) != title:
        st.session_state[_RESULT] = title
        st.rerun()


def open_page(title: str | Callable[[], str]) -> None:
    """The first line of every page: its title, and the frame if it is missing.

    A title that depends on the run is a function: it is called inside the frame.

    Until an app has called `st.navigation` once, Streamlit takes a folder named `pages` for its
    older kind of multipage app and runs the file a URL names without the entry script: the first
    visitor after a restart who comes by a link. That visitor is sent through the frame.
    """
    if not _in_frame.get():
        pages().current()
        st.rerun()
    st.title(title if isinstance(title, str) else title(), anchor=False)
