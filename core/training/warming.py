"""Pays for what only the first training in a process costs."""

from __future__ import annotations

import tensorflow as tf

from core.experiment import Experiment
from core.training.programs import Programs
from core.training.train import train


def warm_up(programs: Programs) -> None:
    """Train a small network once, and keep TensorFlow from warning that each run is traced anew."""
    tf.get_logger().setLevel("ERROR")
    first = Experiment.model_validate({"data": {"dataset": "digits"}, "training": {"epochs": 1}})
    programs.give_back(first, train(first, programs=programs).program)
