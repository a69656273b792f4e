"""The datasets a visitor has brought along: what room they take, and how they are taken away."""

from __future__ import annotations

import streamlit as st

from core.errors import EpochscopeError
from core.experiment import OwnData
from core.runs import OwnSet
from core.settings import settings
from core.ui import own_sets, platform, state, wording


def show() -> None:
    """A line for each set, and how much room is left."""
    sets = platform.own_library().all()
    if not sets:
        return
    allowed = settings().own
    st.markdown("**Your datasets**")
    for one in sets:
        _show_set(one)
    used = sum(one.size_bytes for one in sets)
    st.caption(
        f"{wording.size(used)} of {allowed.quota_mb:,} MB used. What nobody has trained on for "
        f"{allowed.days:,} days is removed."
    )


def _show_set(one: OwnSet) -> None:
    left, right = st.columns([4, 1], vertical_alignment="center")
    samples = f"{one.facts.train_size + one.facts.test_size:,} samples"
    left.text(f"{one.facts.title} · {samples} · {wording.size(one.size_bytes)}")
    with right, st.popover("Remove", icon=":material/delete:", width="stretch"):
        st.caption("Its runs stay, but can show no samples any more, nor be trained on.")
        st.button(
            "Remove for good",
            key=f"remove-{one.facts.key}",
            on_click=_remove,
            args=(one.facts,),
        )


def _remove(facts: OwnData) -> None:
    try:
        platform.own_library().remove(facts.key)
        own_sets.forget(facts.name)
        platform.sweep()
    except EpochscopeError as error:
        state.leave_message(str(error))
