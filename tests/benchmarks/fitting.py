"""Trains, measures and prints JSON: `python -m tests.benchmarks.fitting MEASUREMENT ARGUMENT…`.

Run in a process of its own by `tests.benchmarks.training`, since it imports TensorFlow.
"""

from __future__ import annotations

import json
import math
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import psutil
import tensorflow as tf

from core.experiment import Experiment
from core.experiment.presets import PRESETS
from core.jobs.workplace import tidy
from core.training import Programs, train
from tests.benchmarks import works

MATRIX = 2_048
BACK_AND_FORTH = 3  # a training step costs about three times its way forward


def accuracy(epochs: str) -> dict[str, Any]:
    """`cnn-small` on all of Fashion-MNIST, as somebody gets it who only changes the data."""
    preset = PRESETS["cnn-small"].model_dump()
    preset["data"] |= {"dataset": "fashion_mnist", "training_samples": None}
    preset["training"] |= {"epochs": int(epochs)}
    experiment = Experiment.model_validate(preset)
    began = time.perf_counter()
    run = train(experiment)
    return {
        "accuracy": run.evaluation["accuracy"],
        "duration_s": time.perf_counter() - began,
        "trained_on": experiment.data.train_count,
        "validated_on": experiment.data.validation_count,
    }


def speed(name: str, count: str) -> dict[str, Any]:
    """Pairs of epochs by Epochscope and by plain Keras, and what that took of memory."""
    found = works.pairs(name, int(count))
    peak_bytes = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"pairs": found, "peak_bytes": peak_bytes}


def augmentation(name: str, count: str) -> dict[str, Any]:
    """For each way to vary images, pairs of epochs without and with it."""
    return {"pairs": works.varied_pairs(name, int(count))}


def first_epoch(count: str) -> dict[str, Any]:
    """Seconds from the start of a run to its first epoch: of a new structure, then of that one."""
    programs = Programs(keep=1)
    waits = [_wait(0.001 * (number + 1), programs) for number in range(int(count) + 1)]
    return {"new_s": waits[0], "known_s": waits[1:]}


def _wait(learning_rate: float, programs: Programs) -> float:
    settings = works.MLP_DIGITS.model_dump()
    settings["training"]["learning_rate"] = learning_rate
    experiment = Experiment.model_validate(settings)
    ends: list[float] = []
    began = time.perf_counter()
    run = train(experiment, lambda _: ends.append(time.perf_counter()), programs=programs)
    programs.give_back(experiment, run.program)
    return ends[0] - began


def arithmetic() -> dict[str, Any]:
    """Operations a second: of a large matrix product, and of `cnn-small` in training."""
    experiment = works.WORKS["fashion-cnn"].experiment
    small = experiment.model_copy(
        update={
            "data": experiment.data.model_copy(update={"training_samples": 8_000}),
            "training": experiment.training.model_copy(update={"epochs": 4}),
        }
    )
    shares = []
    for _ in range(2):
        peak = _matrix_product()
        run = train(small)
        duration_s = min(record.duration_s for record in run.records[1:])
        samples = small.data.train_count * BACK_AND_FORTH + small.data.validation_count
        shares.append((samples * _forward_operations(small) / duration_s, peak))
    return {"reached": max(shares)[0], "peak": max(peak for _, peak in shares)}


def growth(runs: str) -> dict[str, Any]:
    """A worker's memory before and after many runs, every second one of another structure."""
    programs, process = Programs(keep=4), psutil.Process()
    sizes = []
    for number in range(20 + int(runs)):
        settings = works.MLP_DIGITS.model_dump()
        settings["training"] |= {"epochs": 2, "learning_rate": 0.001 * (1 + number % 7)}
        settings["model"]["units"] = 16 + (number // 2) % 50
        experiment = Experiment.model_validate(settings)
        programs.give_back(experiment, train(experiment, programs=programs).program)
        tidy()
        sizes.append(process.memory_info().rss)
    return {"before": sizes[19], "after": sizes[-1]}


def _matrix_product() -> float:
    one = tf.random.normal((MATRIX, MATRIX))
    best = math.inf
    for _ in range(8):
        began = time.perf_counter()
        tf.linalg.matmul(one, one).numpy()
        best = min(best, time.perf_counter() - began)
    return 2 * MATRIX**3 / best


def _forward_operations(experiment: Experiment) -> float:
    """Multiplications and additions of one sample's way through the network."""
    total, size = 0, experiment.input_shape
    for row, layer in zip(experiment.summary, experiment.layers, strict=True):
        if type(layer).__name__ in ("Conv2D", "Dense"):
            inputs = math.prod(size) if len(size) == 1 else size[-1] * 9
            total += 2 * inputs * math.prod(row.output)
        size = row.output
    return total


MEASUREMENTS: dict[str, Callable[..., dict[str, Any]]] = {
    "accuracy": accuracy,
    "speed": speed,
    "augmentation": augmentation,
    "first_epoch": first_epoch,
    "arithmetic": arithmetic,
    "growth": growth,
}


if __name__ == "__main__":
    print(json.dumps(MEASUREMENTS[sys.argv[1]](*sys.argv[2:])))
