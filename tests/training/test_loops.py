"""The three loops give the same numbers, and the same experiment gives the same ones again."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core.experiment import Experiment
from core.training import Programs, train
from core.training.building import labels_for
from tests.experiment.random_experiments import random_experiments
from tests.training.small import arrays, small

ROOT = Path(__file__).parents[2]
RELATIVE = 1e-5
EVALUATED = 1e-6


def normalizes_few(experiment) -> bool:
    """Deviations of few samples are near 0: divided by them, roundings grow without bounds."""
    kinds = {layer.kind for layer in experiment.layers}
    return "BatchNormalization" in kinds and experiment.training.batch_size < 16


EXPERIMENTS = [one for one in random_experiments(20, seed=3, epochs=2) if not normalizes_few(one)][
    :10
]
DROPOUT = {"kind": "mlp", "units": 16, "hidden_layers": 2, "dropout": 0.4}
CNN = {
    "kind": "cnn",
    "blocks": 1,
    "filters": 4,
    "dense_units": 8,
    "dropout": 0.3,
    "batch_normalization": True,
}
PRINT_HISTORY = """
import json, sys
from core.experiment import Experiment
from core.training import train
experiment = Experiment.model_validate_json(sys.argv[1])
print(json.dumps(train(experiment).history))
"""


def by_loop(experiment: Experiment, loop: str) -> Experiment:
    training = experiment.training.model_copy(update={"loop": loop})
    return experiment.model_copy(update={"training": training})


def assert_same_numbers(one: dict, other: dict, relative: float = RELATIVE) -> None:
    assert one.keys() == other.keys()
    for name, values in one.items():
        np.testing.assert_allclose(values, other[name], rtol=relative, atol=1e-7, err_msg=name)


@pytest.mark.parametrize("loop", ["fit", "tape"])
@pytest.mark.parametrize("number", range(len(EXPERIMENTS)))
def test_a_random_experiment_gives_the_numbers_of_the_compiled_loop(number, loop):
    experiment = EXPERIMENTS[number]
    found = train(by_loop(experiment, loop)).history
    # Batch normalization makes roundings larger (see below).
    normalized = any(layer.kind == "BatchNormalization" for layer in experiment.layers)
    relative = 1e-4 if normalized else RELATIVE
    assert_same_numbers(train(by_loop(experiment, "compiled")).history, found, relative)


@pytest.mark.parametrize("reader", ["average", "convolution", "lstm", "gru"])
@pytest.mark.parametrize("loop", ["fit", "tape"])
def test_texts_give_the_numbers_of_the_compiled_loop(reader, loop):
    text = {"vocabulary_size": 300, "sequence_length": 12, "training_samples": 100}
    experiment = Experiment.model_validate(
        {
            "data": {"dataset": "novels", **text},
            "model": {"kind": "text", "reader": reader, "reader_units": 5, "embedding_size": 4},
            "training": {"epochs": 2, "batch_size": 16},
        }
    )
    found = train(by_loop(experiment, loop)).history
    assert_same_numbers(train(experiment).history, found)


@pytest.mark.parametrize("model", [DROPOUT, CNN], ids=["mlp", "cnn"])
@pytest.mark.parametrize("loop", ["fit", "tape"])
def test_dropout_masks_are_the_same_in_every_loop(model, loop):
    # Batch normalization over 18 samples makes roundings larger. Other masks would give 1e-2.
    found = train(small(model=model, loop=loop, metrics=None)).history
    assert_same_numbers(train(small(model=model, metrics=None)).history, found, relative=1e-4)


@pytest.mark.parametrize("loop", ["compiled", "fit", "tape"])
def test_validation_equals_what_keras_evaluates(loop):
    experiment = small(model=CNN, loop=loop, metrics=["accuracy"])
    run, samples = train(experiment), arrays(experiment)
    labels = labels_for(experiment, samples.y_validation)
    expected = run.model.evaluate(samples.x_validation, labels, verbose=0, return_dict=True)
    for name, value in expected.items():
        assert run.history[f"val_{name}"][-1] == pytest.approx(value, rel=EVALUATED)


def test_validation_outputs_are_those_of_the_trained_model():
    experiment = small(model=CNN)
    run, samples = train(experiment), arrays(experiment)
    expected = run.model.predict(samples.x_validation, verbose=0)
    np.testing.assert_allclose(run.validation_outputs, expected, rtol=RELATIVE)


@pytest.mark.parametrize("loop", ["compiled", "fit", "tape"])
def test_same_experiment_gives_the_same_bits_twice(loop):
    experiment = small(model=CNN, loop=loop, metrics=None)
    assert train(experiment).history == train(experiment).history


def test_same_experiment_gives_the_same_bits_in_another_process():
    experiment = small(model=CNN, metrics=None)
    command = [sys.executable, "-c", PRINT_HISTORY, experiment.model_dump_json()]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert train(experiment).history == json.loads(done.stdout.splitlines()[-1])


def test_same_experiment_gives_the_same_bits_after_other_runs_of_its_program():
    programs, experiment = Programs(keep=2), small(model=DROPOUT, metrics=None)
    other = small(model={**DROPOUT, "dropout": 0.1}, learning_rate=0.1, seed=9, metrics=None)
    fresh = train(experiment).history
    for one in (other, small(model=CNN), experiment):
        run = train(one, programs=programs)
        programs.give_back(one, run.program)
    assert run.history == fresh


def test_another_seed_gives_other_numbers():
    assert train(small(seed=1)).history != train(small(seed=2)).history


def test_kept_programs_are_not_traced_for_another_learning_rate_or_dropout():
    programs = Programs(keep=1)
    first = small(model=DROPOUT)
    program = train(first, programs=programs).program
    programs.give_back(first, program)
    traced = program.train.experimental_get_tracing_count()
    other = small(model={**DROPOUT, "dropout": 0.2}, learning_rate=0.01)
    assert train(other, programs=programs).program is program
    assert program.train.experimental_get_tracing_count() == traced == 1


def test_another_structure_gets_a_program_of_its_own():
    programs = Programs(keep=1)
    first, other = small(model=DROPOUT), small(model={**DROPOUT, "units": 17})
    program = train(first, programs=programs).program
    programs.give_back(first, program)
    assert train(other, programs=programs).program is not program
