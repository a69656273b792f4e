"""How a run ended, in two boxes: what the test says, and the verdict with what to try next."""

from __future__ import annotations

import streamlit as st

from core import figures
from core.analysis import Diagnosis, Facts, Score
from core.records import RunRecord
from core.ui import wording

# What a test says that is worth no more than one answer for all, or that nobody should trust.
_DOUBTFUL = ("diverged", "unseen_classes", "not_learning", "test_differs")


def show_test(run: RunRecord, facts: Facts, found: Diagnosis) -> None:
    """The test result, in green only where the verdict is good and the score worth something."""
    text = _result(run, facts.test)
    if facts.test_is_useless or found.verdict in _DOUBTFUL:
        st.warning(f"{text}{_useless(facts)}", icon=":material/report:")
    elif found.verdict == "good_fit":
        st.success(text, icon=":material/verified:")
    else:
        st.info(text, icon=":material/science:")


def show_verdict(found: Diagnosis) -> None:
    """The headline, the numbers behind it, and what to try; names in them are inert already."""
    with st.container(border=True):
        st.markdown(f"**{found.headline}** {' '.join(found.evidence)}")
        st.caption(f"Try next: {' '.join(found.advice)}")


def _result(run: RunRecord, score: Score | None) -> str:
    metric = wording.main_metric(run)
    values = {name: run.evaluation[name] for name in (metric, "loss") if name in run.evaluation}
    said = {
        name: f"{figures.metric_title(name).lower()} **{wording.number(name, value)}**"
        for name, value in values.items()
    }
    if not score:
        count = run.experiment.data.card.test_size
        return f"On {count:,} test samples it has never seen: {', '.join(said.values())}."
    low, high = (wording.number(metric, bound) for bound in score.interval)
    said[metric] = f"**{score.right:,} right**, {said[metric]}"
    return (
        f"On {score.total:,} test samples it has never seen: {', '.join(said.values())}. Accuracy "
        f"on other such samples may lie from {low} to {high} (95 % interval)."
    )


def _useless(facts: Facts) -> str:
    if not facts.test_is_useless:
        return ""
    if not facts.class_count:
        return " Always answering the mean does as well."
    constant = wording.number("accuracy", facts.constant_test)
    return (
        f" Always answering the most frequent class gives {constant}: a better score than that is "
        "not shown."
    )
