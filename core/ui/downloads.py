"""Datasets that are not on this computer: marked in the list, and refused without a network."""

from __future__ import annotations

import streamlit as st

from core import data
from core.experiment import DATASETS, DatasetCard
from core.ui import wording

_KEPT_S = 2.0  # a run that has just ended may have brought one


def look() -> None:
    """Ask the servers of what is missing, so that it is known when somebody chooses it."""
    for name in DATASETS:
        if not data.is_local(name):
            data.reachable(name)


def titles() -> dict[str, str]:
    """The datasets by name; an arrow before those that need a download."""
    missing = _missing()
    return {
        name: f"↓ {card.title}" if name in missing else card.title
        for name, card in DATASETS.items()
    }


def refusal(card: DatasetCard) -> str | None:
    """Why nothing can be trained on a dataset now, and what to do; None where it can."""
    if data.is_local(card.name) or data.reachable(card.name) is not False:
        return None
    return data.out_of_reach(card.name)


def show_note(card: DatasetCard) -> None:
    """Under the list: that the dataset chosen is to be downloaded, or cannot be had."""
    if data.is_local(card.name):
        return
    if refusal(card):
        st.error(
            f"Not on this computer, and there is no network. Please {data.instead_of(card.name)}. "
            "The Data page says more.",
            icon=":material/cloud_off:",
        )
    else:
        size = wording.size(data.download_bytes(card.name))
        st.caption(f"↓ The first run downloads {size}.")


@st.cache_data(ttl=_KEPT_S, show_spinner=False)
def _missing() -> frozenset[str]:
    """Names of the datasets that are not on this computer."""
    return frozenset(name for name in DATASETS if not data.is_local(name))
