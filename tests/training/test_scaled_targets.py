"""Large numbers to predict are learned at the usual settings, and told in their own unit."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from core.experiment import Experiment
from core.records import MODEL
from core.training import Programs, save_model, train
from core.training.programs import structure
from tests.training.small import arrays

RELATIVE = 1e-5


def scaled(dataset: str = "diabetes", seed: int = 0, **training) -> Experiment:
    return Experiment.model_validate(
        {
            "data": {"dataset": dataset, "target_scaling": "standard"},
            "model": {"kind": "mlp", "dropout": 0.2},
            "training": training,
            "seed": seed,
        }
    )


@pytest.mark.parametrize("seed", range(2))
def test_diabetes_is_learned_in_the_usual_number_of_epochs(seed):
    experiment = scaled(seed=seed)
    samples = arrays(experiment)
    by_the_mean = np.abs(samples.y_test - samples.y_train.mean()).mean()
    assert by_the_mean == pytest.approx(62, abs=1)
    assert train(experiment).evaluation["mae"] < 0.75 * by_the_mean


@pytest.mark.parametrize("loop", ["fit", "tape"])
@pytest.mark.parametrize("optimizer", ["adam", "rmsprop", "adamw", "nadam", "adagrad"])
def test_loops_agree(optimizer, loop):
    settings = {"epochs": 2, "optimizer": optimizer}
    expected = train(scaled(**settings)).history
    for name, values in train(scaled(**settings, loop=loop)).history.items():
        np.testing.assert_allclose(values, expected[name], rtol=RELATIVE, err_msg=name)


def test_errors_are_those_of_predictions_in_the_unit_of_the_targets():
    run = train(scaled(epochs=3))
    errors = np.abs(run.test_outputs - run.test_true)
    assert run.evaluation["mae"] == pytest.approx(errors.mean(), rel=RELATIVE)
    assert run.evaluation["loss"] == pytest.approx((errors**2).mean(), rel=RELATIVE)
    assert 100 < run.test_outputs.mean() < 200


def test_a_saved_model_predicts_in_a_plain_keras(tmp_path):
    experiment = scaled(epochs=1)
    run = train(experiment)
    list(save_model(run, tmp_path))
    found = keras.saving.load_model(tmp_path / MODEL).predict(arrays(experiment).x_test, verbose=0)
    np.testing.assert_allclose(found, run.test_outputs, rtol=RELATIVE)


def test_a_kept_program_does_not_lend_its_mean_to_other_samples():
    programs, other = Programs(keep=2), scaled(seed=1, epochs=1)
    first = scaled(epochs=1)
    programs.give_back(first, train(first, programs=programs).program)
    assert train(other, programs=programs).history == train(other).history


def test_a_program_is_kept_for_the_same_samples():
    assert structure(scaled(learning_rate=0.01)) == structure(scaled())
