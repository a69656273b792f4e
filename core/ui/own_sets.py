"""The visitor's own datasets as the session knows them: names, facts, and which is to be chosen."""

from __future__ import annotations

import streamlit as st

from core.errors import Problem
from core.experiment import DATASETS, Experiment, OwnData
from core.ui import platform

_THEIRS = "epochscope.own_data"
_OF_RUNS = "epochscope.own_data_of_runs"
_CHOOSE = "epochscope.own_data_to_choose"
Sets = dict[str, OwnData]


def refresh() -> None:
    """Look at the start of a script run which sets the visitor has now."""
    sets = platform.own_library().all()
    st.session_state[_THEIRS] = {one.facts.name: one.facts for one in sets}


def facts(name: str) -> OwnData | None:
    """The facts of an own dataset by its card's name; None for any other dataset."""
    return _theirs().get(name) or _of_runs().get(name)


def titles() -> dict[str, str]:
    """The titles by name: those the visitor has, and those that runs they looked at trained on.

    No two are the same: Streamlit tells options apart by what they read.
    """
    found: dict[str, str] = {}
    taken = {card.title for card in DATASETS.values()}
    for name, own in {**_of_runs(), **_theirs()}.items():
        plain = own.title if name in _theirs() else f"{own.title} (removed)"
        title, number = plain, 1
        while title in taken:
            number += 1
            title = f"{plain} ({number})"
        taken.add(title)
        found[name] = title
    return found


def problems(experiment: Experiment) -> tuple[Problem, ...]:
    """Why an experiment cannot be trained by this visitor: its data are not theirs any more."""
    own = experiment.data.own
    if own is None or own.name in _theirs():
        return ()
    message = (
        f"Dataset: {own.title} was removed. Add the file again on the Data page, or choose "
        "another dataset."
    )
    return (Problem(("data", "dataset"), message),)


def remember(own: OwnData) -> None:
    """Have a name for the data of a run, though they may have been removed since."""
    st.session_state[_OF_RUNS] = {**_of_runs(), own.name: own}


def forget(name: str) -> None:
    """Leave a set that was removed out of the choice."""
    st.session_state[_OF_RUNS] = {key: own for key, own in _of_runs().items() if key != name}


def choose(own: OwnData) -> None:
    """Have the sidebar choose this set at the next script run, before its controls are drawn."""
    st.session_state[_CHOOSE] = own.name


def to_choose() -> str | None:
    """The set to choose now; asks only once."""
    name: str | None = st.session_state.pop(_CHOOSE, None)
    return name


def _theirs() -> Sets:
    found: Sets = st.session_state.get(_THEIRS, {})
    return found


def _of_runs() -> Sets:
    found: Sets = st.session_state.get(_OF_RUNS, {})
    return found
