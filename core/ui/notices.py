"""Errors and empty states: what happened, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core.errors import MOST_TOLD, EpochscopeError, Problem
from core.ui import wording


def show_error(error: EpochscopeError) -> None:
    """An error in the words it was raised with."""
    st.error(str(error), icon=":material/error:")


@contextmanager
def readable_errors() -> Iterator[None]:
    """Show what goes wrong inside as a message on the page instead of a traceback."""
    try:
        yield
    except EpochscopeError as error:
        show_error(error)


def show_refusal(error: EpochscopeError) -> None:
    """An error whose words quote somebody's file: nothing in them is taken for Markdown."""
    st.error(wording.inert(str(error)), icon=":material/error:")


def show_findings(findings: tuple[str, ...]) -> None:
    """What there is to know of somebody's file, in words that may quote it; several as a list."""
    texts = [wording.inert(text) for text in findings]
    if texts:
        shown = texts[0] if len(texts) == 1 else "\n".join(f"- {text}" for text in texts)
        st.warning(shown, icon=":material/report:")


def show_problems(title: str, problems: tuple[Problem, ...]) -> None:
    """What keeps the sidebar's settings from being used, each problem in its own words."""
    lines = [f"- {wording.inert(problem.message)}" for problem in problems[:MOST_TOLD]]
    if len(problems) > MOST_TOLD:
        lines.append(f"- And {len(problems) - MOST_TOLD:,} more.")
    st.warning("\n".join([f"**{title}**", *lines]), icon=":material/report:")


def nothing_yet(what: str) -> None:
    """The empty state of a result page."""
    st.info(
        f"{what} appears here once a run has been trained. Choose data and a model in the "
        "sidebar and press **Train**.",
        icon=":material/arrow_back:",
    )


def never_tested() -> None:
    """What result pages say of a run that ended before its test."""
    st.info(
        "This run ended before it was tested, so there are no predictions of it. Choose another "
        "run, or train one to its end.",
        icon=":material/block:",
    )


def still_training() -> None:
    """What result pages say until a run has been tested."""
    st.info(
        "This run has not ended. Its results on the test samples appear here when it does.",
        icon=":material/hourglass_top:",
    )
