"""The store, the artifacts and the workers: one of each for the whole web process."""

from __future__ import annotations

import streamlit as st

from core.jobs import Estimator, Jobs, Mailroom
from core.runs import Artifacts, Library, Line, RunStore
from core.settings import settings
from core.ui import visitors


@st.cache_resource(show_spinner=False)
def store() -> RunStore:
    """The run database, whole: pages read and change runs through `library`."""
    return RunStore(settings().database_url)


def library() -> Library:
    """The runs as the visitor of this script run may see and change them."""
    return Library(store(), visitors.visitor())


def line() -> Line:
    """Who waits and who trains, of all visitors: ids and seconds, nothing of what they train."""
    return store().line()


@st.cache_resource(show_spinner=False)
def estimator() -> Estimator:
    """What runs will take, judged by what those before took."""
    return Estimator(store())


@st.cache_resource(show_spinner=False)
def artifacts() -> Artifacts:
    """The runs' files."""
    return Artifacts(settings().artifacts_url)


@st.cache_resource(show_spinner=False)
def mailroom() -> Mailroom:
    """Where news of runs arrives."""
    return Mailroom()


@st.cache_resource(show_spinner=False, on_release=lambda jobs: jobs.close())
def jobs() -> Jobs:
    """The training processes; they start in the background at the first call."""
    return Jobs(store(), settings(), mailroom())
