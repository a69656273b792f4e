"""Every dataset has usual settings that can be trained; own data have some by their facts."""

from __future__ import annotations

import pytest

from core.experiment import DATASETS, Experiment, OwnData, advise
from core.experiment.usual import PATHS, usual_experiment, usual_settings
from tests.experiment.test_own_data import IMAGES, NUMBERS, TABLE


@pytest.mark.parametrize("name", DATASETS)
def test_usual_settings_can_be_trained_without_a_warning(name):
    experiment = usual_experiment(DATASETS[name])
    assert advise(experiment) == ()
    settings = usual_settings(DATASETS[name])
    assert experiment.training.epochs == settings["training.epochs"]
    assert experiment.training.batch_size == settings["training.batch_size"]


@pytest.mark.parametrize("name", DATASETS)
def test_experiment_that_says_little_means_what_it_always_meant(name):
    """Stored and hand-written experiments do not follow what is usual today."""
    experiment = Experiment.model_validate({"data": {"dataset": name}})
    assert (experiment.training.epochs, experiment.training.batch_size) == (10, 32)


@pytest.mark.parametrize("facts", [TABLE, IMAGES, NUMBERS], ids=["table", "images", "numbers"])
@pytest.mark.parametrize("samples", [10, 80, 800, 8_000, 80_000, 800_000])
def test_own_data_are_learned_in_about_as_many_updates_whatever_their_size(facts, samples):
    card = OwnData.model_validate({**facts, "train_size": samples}).card
    settings = usual_settings(card)
    trained = int(0.8 * samples)
    updates = settings["training.epochs"] * max(1, trained // settings["training.batch_size"])
    assert updates <= 62_500
    assert updates >= 1_000 or settings["training.epochs"] == 60
    assert settings["training.batch_size"] <= trained
    assert set(settings) <= PATHS


def test_small_own_data_get_a_small_network_and_many_epochs():
    small = usual_settings(OwnData.model_validate({**TABLE, "train_size": 100}).card)
    large = usual_settings(OwnData.model_validate({**TABLE, "train_size": 50_000}).card)
    assert small["mlp.units"] < large["mlp.units"]
    assert small["training.epochs"] > large["training.epochs"]
    assert small["training.batch_size"] < large["training.batch_size"]
