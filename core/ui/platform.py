"""The store, the artifacts and the workers: one of each for the whole web process."""

from __future__ import annotations

import logging

import streamlit as st

from core.errors import EpochscopeError
from core.experiment import Data
from core.jobs import Estimator, Jobs, Mailroom, own_data
from core.runs import Artifacts, Library, Line, OwnArrays, OwnLibrary, RunStore, remove_unused
from core.settings import settings
from core.ui import uploads, visitors
from core.ui.once import once

_HOUR_S = 3600
_log = logging.getLogger(__name__)


@once()
def store() -> RunStore:
    """The run database, whole: pages read and change runs through `library`."""
    return RunStore(settings().database_url)


def library() -> Library:
    """The runs as the visitor of this script run may see and change them."""
    return Library(store(), visitors.visitor())


def own_library() -> OwnLibrary:
    """The data that the visitor of this script run has brought."""
    _remove_old()
    return OwnLibrary(store(), OwnArrays(artifacts()), visitors.visitor())


def bring(wanted: Data) -> None:
    """Have the arrays on this computer, if they are somebody's own.

    Raises:
        DatasetUnavailable: they were removed.
    """
    own_data.bring(wanted, artifacts(), store())


def sweep() -> None:
    """Remove from this computer the own data that nobody has any more."""
    own_data.sweep(store())


@st.cache_data(ttl=_HOUR_S, show_spinner=False)
def _remove_old() -> int:
    """Once an hour, remove the own data nobody has trained on for long; how many there were."""
    try:
        removed = remove_unused(store(), OwnArrays(artifacts()), settings().own.days)
    except EpochscopeError as error:
        _log.warning("old data are not removed: %s", error)
        return 0
    sweep()
    uploads.sweep()
    return removed


def line() -> Line:
    """Who waits and who trains, of all visitors: ids and seconds, nothing of what they train."""
    return store().line()


@once()
def estimator() -> Estimator:
    """What runs will take, judged by what those before took."""
    return Estimator(store())


@once()
def artifacts() -> Artifacts:
    """The runs' files."""
    return Artifacts(settings().artifacts_url)


@once()
def mailroom() -> Mailroom:
    """Where news of runs arrives."""
    return Mailroom()


@once(close=lambda jobs: jobs.close())
def jobs() -> Jobs:
    """The training processes; they start in the background at the first call."""
    return Jobs(store(), settings(), mailroom())


def end() -> None:
    """End the training processes, and forget the rest."""
    for one in (jobs, mailroom, estimator, artifacts, store):
        one.end()
