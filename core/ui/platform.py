"""The store, the artifacts and the workers: one of each for the whole web process."""

from __future__ import annotations

import streamlit as st

from core.jobs import Jobs, Mailroom
from core.runs import Artifacts, RunStore
from core.settings import settings


@st.cache_resource(show_spinner=False)
def store() -> RunStore:
    """The run database."""
    return RunStore(settings().database_url)


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
