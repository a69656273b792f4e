"""Small experiments with callbacks, in each of the three loops."""

from __future__ import annotations

from typing import Any

from core.experiment import Experiment

LOOPS = ("compiled", "fit", "tape")


def calling(experiment: Experiment, **callbacks: Any) -> Experiment:
    """`experiment` with these callbacks, checked."""
    plain = experiment.model_dump(mode="json")
    return Experiment.model_validate({**plain, "callbacks": callbacks})
