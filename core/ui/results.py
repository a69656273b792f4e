"""What a finished run left behind, read once and kept for the pages that show it."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core import data
from core.analysis import Predictions, Regression
from core.jobs import BOUNDARY, PREDICTIONS
from core.records import RunRecord
from core.runs.artifacts import Arrays
from core.ui import platform

_KEPT = 8


def predictions(run: RunRecord) -> Predictions | Regression:
    """What the model said of the test samples.

    Raises:
        RunNotFound: the run ended before it was tested.
    """
    arrays = _load(run.id, PREDICTIONS)
    if run.experiment.data.card.task == "regression":
        return Regression(arrays["true"], arrays["outputs"])
    return Predictions(arrays["true"], arrays["outputs"])


def boundary(run: RunRecord) -> Arrays:
    """The model's outputs over the plane: see `core.training.boundary.decision_grid`."""
    return _load(run.id, BOUNDARY)


def test_samples(run: RunRecord) -> NDArray[np.generic]:
    """The stored test samples, in the order of the predictions."""
    return data.raw_data(run.experiment.data, run.experiment.seed).x_test


def class_names(run: RunRecord) -> tuple[str, ...]:
    """The names of the classes, by label."""
    return run.experiment.data.card.classes


@st.cache_resource(show_spinner=False, max_entries=_KEPT)
def _load(run_id: str, name: str) -> Arrays:
    arrays = platform.artifacts().load(run_id, name)
    for array in arrays.values():
        array.setflags(write=False)
    return arrays
