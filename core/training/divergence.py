"""Why a run may have diverged, from its settings and numbers, and what to change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data import Dataset
from core.experiment import Experiment
from core.experiment.training import OPTIMIZER_TITLES, USUAL_RATE

_LARGE = 10.0  # numbers of a well-scaled network are near 1
_FAR = 10.0  # times the usual rate: a tenth may still be too much
# Their squares, and sums of these, are no longer told apart from 0 or infinity in 32 bits.
_MOST_SQUARED, _LEAST_SQUARED = 1e18, 1e-18


def remedy(experiment: Experiment, samples: Dataset, rate: float) -> str:
    """The causes to be seen, each with what to do; `rate` is the learning rate it diverged at."""
    causes = list(_of_numbers(experiment, samples))
    if not causes or rate > USUAL_RATE[experiment.training.optimizer]:
        causes.append(_of_rate(experiment, rate))
    return " ".join(causes)


def _of_numbers(experiment: Experiment, samples: Dataset) -> Iterator[str]:
    """What a smaller learning rate does not mend."""
    card = experiment.data.card
    if card.task == "regression":
        spread = _largest(samples.y_train - samples.y_train.mean(dtype="float64"))
        if experiment.loss == "mse" and not _LEAST_SQUARED < spread < _MOST_SQUARED and spread:
            yield (
                f"The numbers to predict differ by {spread:.3g}, which cannot be squared in 32 "
                "bits. Use another unit for them, or the mean absolute error as loss."
            )
        elif experiment.data.target_scaling == "none" and _largest(samples.y_train) > _LARGE:
            yield (
                f"The numbers to predict go up to {_largest(samples.y_train):,.6g} and are not "
                "scaled. Set Scale targets to Standard."
            )
    is_table = not card.is_image and not card.is_text
    if is_table and experiment.data.scaler == "none" and _largest(samples.x_train) > _LARGE:
        yield (
            f"The features go up to {_largest(samples.x_train):,.6g} and are not scaled. Set "
            "Scaling to Standard."
        )


def _of_rate(experiment: Experiment, rate: float) -> str:
    optimizer = experiment.training.optimizer
    usual = USUAL_RATE[optimizer]
    what = (
        f"{usual:g}, the usual one of {OPTIMIZER_TITLES[optimizer]}"
        if rate > _FAR * usual
        else "a tenth of it"
    )
    return f"The usual cause is a learning rate that is too large; it was {rate:g}. Try {what}."


def _largest(values: NDArray[Any]) -> float:
    return float(np.abs(values).max(initial=0.0))
