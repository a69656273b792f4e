"""What a verdict needs to know of a run beside its curves, from what is stored of it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import streamlit as st

from core import data
from core.analysis import Facts, Predictions
from core.data import ClassCounts, ConstantLosses
from core.errors import EpochscopeError
from core.experiment import Data
from core.jobs import PREDICTIONS, VALIDATION_PREDICTIONS
from core.records import EpochRecord, RunRecord, Status
from core.runs.artifacts import Arrays
from core.ui import platform, weights, wording

_KEPT = 8
Counts = tuple[int, ...]


def facts(run: RunRecord, epochs: tuple[EpochRecord, ...]) -> Facts:
    """All that can be known; what is not on this computer, or not yet, is left out."""
    experiment = run.experiment
    found = Facts(
        experiment,
        best_possible=_best_possible(experiment.data.arrays, experiment.loss),
        evaluation=run.evaluation,
        kept=kept_position(run, epochs),
    )
    if not found.class_count:
        found = replace(found, test_baseline_loss=_test_baseline(run))
        constant = _losses(run)
        if constant:
            return replace(found, baseline_loss=constant.mean, zero_loss=constant.zero)
        return found
    return _with_classes(found, run)


def kept_position(run: RunRecord, epochs: tuple[EpochRecord, ...]) -> int | None:
    """Where in `epochs` the one is whose weights early stopping put back; None for the last."""
    if run.status not in (Status.FINISHED, Status.STOPPED):
        return None
    found = weights.kept(run, epochs)
    return found.end - 1 if found.end is not None and found.end < len(epochs) else None


def load(run_id: str, name: str) -> Arrays:
    """Arrays that a run left behind.

    Raises:
        RunNotFound: there are none of this name.
    """
    return _load(run_id, name)


def class_counts(settings: Data, seed: int) -> ClassCounts:
    """Samples of each class in each part, counted once.

    Raises:
        DatasetUnavailable: the data are not on this computer.
    """
    platform.bring(settings)
    return _counts(settings.arrays, seed)


def _with_classes(found: Facts, run: RunRecord) -> Facts:
    """The classes of the samples held back, what was predicted of them, and those trained on."""
    validation, predicted = _answers(run, VALIDATION_PREDICTIONS)
    test, predicted_of_test = _answers(run, PREDICTIONS)
    found = replace(
        found,
        validation_classes=validation,
        test_classes=test,
        predicted_classes=predicted or predicted_of_test,
        class_names=tuple(map(wording.inert, run.experiment.data.card.classes)),
    )
    if not run.experiment.data.own:  # all others have every class in every part
        return found
    try:
        counts = class_counts(run.experiment.data, run.experiment.seed)
    except EpochscopeError:
        return found
    return replace(found, train_classes=counts.train)


def _answers(run: RunRecord, name: str) -> tuple[Counts, Counts]:
    """Samples by their true class and by that predicted; empty where nothing was kept."""
    if not run.status.final or not platform.artifacts().has(run.id, name):
        return (), ()
    return _counted(run.id, name, run.experiment.data.card.class_count)


@lru_cache(maxsize=256)
def _counted(run_id: str, name: str, kinds: int) -> tuple[Counts, Counts]:
    arrays = _load(run_id, name)
    found = Predictions(arrays["true"], arrays["outputs"])
    true, predicted = (
        np.bincount(labels, minlength=kinds) for labels in (found.true, found.predicted)
    )
    return tuple(true.tolist()), tuple(predicted.tolist())


def _test_baseline(run: RunRecord) -> float | None:
    """The loss of always answering the mean of the test samples."""
    if not run.status.final or not platform.artifacts().has(run.id, PREDICTIONS):
        return None
    true = _load(run.id, PREDICTIONS)["true"].astype(np.float64)
    errors = true - true.mean()
    return float((errors**2).mean() if run.experiment.loss == "mse" else np.abs(errors).mean())


def _losses(run: RunRecord) -> ConstantLosses | None:
    """The losses of answers that never change; None where the data are gone."""
    experiment = run.experiment
    try:
        platform.bring(experiment.data)
        return _constant_losses(experiment.data.arrays, experiment.seed, experiment.loss)
    except EpochscopeError:
        return None


@lru_cache(maxsize=64)
def _constant_losses(settings: Data, seed: int, loss: str) -> ConstantLosses:
    return data.constant_losses(settings, seed, loss)


@lru_cache(maxsize=64)
def _counts(settings: Data, seed: int) -> ClassCounts:
    return data.class_counts(settings, seed)


@lru_cache(maxsize=64)
def _best_possible(settings: Data, loss: str) -> float | None:
    return data.best_possible(settings, loss)


@st.cache_resource(show_spinner=False, max_entries=_KEPT)
def _load(run_id: str, name: str) -> Arrays:
    arrays = platform.artifacts().load(run_id, name)
    for array in arrays.values():
        array.setflags(write=False)
    return arrays
