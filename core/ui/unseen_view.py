"""Said before training: classes of somebody's own data that only the test samples show."""

from __future__ import annotations

import streamlit as st

from core.analysis import Facts
from core.errors import EpochscopeError
from core.experiment import Experiment
from core.ui import run_facts, wording

_MOST_NAMES = 5


def show(experiment: Experiment | None) -> None:
    """Warn of classes that no training sample shows; nothing where there are none.

    Only own data can bring such parts: all others have every class in each.
    """
    if experiment is None or experiment.data.own is None or not experiment.data.card.classes:
        return
    try:
        counts = run_facts.class_counts(experiment.data, experiment.seed)
    except EpochscopeError:
        return  # the data are away: that is said where they are chosen
    found = Facts(
        experiment,
        train_classes=counts.train,
        validation_classes=counts.validation,
        test_classes=counts.test,
    )
    if found.unseen:
        names = [wording.inert(experiment.data.card.classes[label]) for label in found.unseen]
        st.warning(_told(names, found), icon=":material/report:")


def _told(names: list[str], found: Facts) -> str:
    shown = ", ".join(f"“{name}”" for name in names[:_MOST_NAMES])
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    tested = sum(found.test_classes[label] for label in found.unseen)
    what = "it" if len(names) == 1 else "them"
    return (
        f"No training sample shows {shown}{more}, but {tested:,} of {sum(found.test_classes):,} "
        f"test samples do: no network can learn {what}. Bring training samples of every class, or "
        "all samples in one part, to have them divided here."
    )
