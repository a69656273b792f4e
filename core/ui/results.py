"""What a finished run left behind, read once and kept for the pages that show it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core import data
from core.analysis import Diagnosis, Facts, Predictions, Regression, diagnose
from core.jobs import (
    BEST_BOUNDARY,
    BEST_PREDICTIONS,
    BOUNDARY,
    DIVERGENCE,
    PREDICTIONS,
    VALIDATION_PREDICTIONS,
)
from core.records import EpochRecord, Progress, RunRecord, Status
from core.runs.artifacts import Arrays
from core.ui import larger_runs, platform, run_facts, state

TEST, VALIDATION = "Test", "Validation"


def choose_samples(run: RunRecord) -> str:
    """Draw the choice between test and validation samples, where both are there."""
    if not platform.artifacts().has(run.id, VALIDATION_PREDICTIONS):
        return TEST
    chosen = st.segmented_control(
        "Samples",
        [TEST, VALIDATION],
        default=TEST,
        required=True,
        key="results.samples",
        persist_state="session",
    )
    return str(chosen)


def predictions(run: RunRecord, name: str = PREDICTIONS) -> Predictions | Regression:
    """What the model said of the test samples, by the weights `weights.choose` names.

    Raises:
        RunNotFound: the run ended before it was tested.
    """
    arrays = run_facts.load(run.id, name)
    if run.experiment.data.card.task == "regression":
        return Regression(arrays["true"], arrays["outputs"])
    return Predictions(arrays["true"], arrays["outputs"])


def kept_epoch(run: RunRecord, epochs: tuple[EpochRecord, ...]) -> int | None:
    """The epoch (from 1) whose weights early stopping put back; None where the last ones stayed."""
    position = run_facts.kept_position(run, epochs)
    return None if position is None else epochs[position].epoch + 1


def show_kept(run: RunRecord, epochs: tuple[EpochRecord, ...]) -> None:
    """Say which epoch's weights the run ended with, where these are not those of its last."""
    kept = kept_epoch(run, epochs)
    if kept:
        st.caption(
            f"Weights of epoch {kept} kept: early stopping put back those of the best epoch, and "
            "test results are theirs."
        )


def tested(run: RunRecord) -> bool:
    """Whether the run was tested: one that diverged or failed before has no predictions."""
    return platform.artifacts().has(run.id, PREDICTIONS)


def diagnosis(
    run: RunRecord, epochs: tuple[EpochRecord, ...], facts: Facts | None = None
) -> Diagnosis:
    """What the run's curves, settings and results say of it, by its `facts` if these are known.

    Where too little was learned, a larger network that did no better tells whether more may help.
    """
    facts = facts or run_facts.facts(run, epochs)
    found = diagnose(epochs, facts)
    if run.status.final and found.verdict in ("cannot_tell", "underfitting"):
        larger = larger_runs.name(run, facts)
        return diagnose(epochs, replace(facts, larger=larger)) if larger else found
    return found


def boundary(run: RunRecord, name: str = PREDICTIONS) -> Arrays | None:
    """The model's outputs over the plane: see `core.training.boundary.decision_grid`.

    By the weights of the predictions `name`; an earlier version kept none of the best ones.
    """
    if name != BEST_PREDICTIONS:
        return run_facts.load(run.id, BOUNDARY)
    kept = platform.artifacts().has(run.id, BEST_BOUNDARY)
    return run_facts.load(run.id, BEST_BOUNDARY) if kept else None


def test_samples(run: RunRecord) -> NDArray[np.generic]:
    """The stored test samples, in the order of the predictions."""
    platform.bring(run.experiment.data)
    return data.raw_data(run.experiment.data, run.experiment.seed).x_test


def class_names(run: RunRecord) -> tuple[str, ...]:
    """The names of the classes, by label."""
    return run.experiment.data.card.classes


def within_epoch(run: RunRecord, epochs: tuple[EpochRecord, ...]) -> tuple[Progress, ...]:
    """The means within the epoch that is being trained, or that the run diverged in."""
    if run.status is Status.RUNNING:  # a paused one begins its epoch anew
        return state.batches(run.id, len(epochs))
    if run.status is not Status.FAILED or not platform.artifacts().has(run.id, DIVERGENCE):
        return ()
    course, epoch = run_facts.load(run.id, DIVERGENCE), len(epochs) - 1
    count = math.ceil(run.experiment.data.train_count / run.experiment.training.batch_size)
    return tuple(
        Progress("Training", epoch, int(batch), count, means={"loss": float(loss)})
        for batch, loss in zip(course["batches"], course["loss"], strict=True)
    )
