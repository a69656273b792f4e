"""Pays for what only the first training in a process costs."""

from __future__ import annotations

import tensorflow as tf

from core.experiment import Experiment
from core.training.train import train


def warm_up() -> None:
    """Train a small network once, and keep TensorFlow from warning that each run is traced anew."""
    tf.get_logger().setLevel("ERROR")
    train(Experiment.model_validate({"data": {"dataset": "digits"}, "training": {"epochs": 1}}))
