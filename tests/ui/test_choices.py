"""What was set in the sidebar, and what is usual for everything else; without Streamlit."""

from __future__ import annotations

import pytest

from core.experiment import DATASETS, Experiment
from core.experiment.presets import PRESETS
from core.experiment.training import USUAL_RATE
from core.experiment.usual import usual_settings
from core.ui.choices import ALL, VARYING, Choices, home
from tests.experiment.random_experiments import random_experiments


def chosen(**values) -> Choices:
    choices = Choices()
    for name, value in values.items():
        choices.put(name.replace("__", "."), value)
    return choices


def rate(choices: Choices) -> float:
    return choices.value("training.learning_rate")


def choose(choices: Choices, optimizer: str) -> Choices:
    choices.put("training.optimizer", optimizer)
    return choices


@pytest.mark.parametrize(("optimizer", "usual"), USUAL_RATE.items())
def test_optimizer_brings_its_usual_rate(optimizer, usual):
    assert rate(choose(Choices(), optimizer)) == usual


def test_rate_of_the_visitor_is_kept_through_all_optimizers():
    choices = chosen(training__learning_rate=0.03)
    for optimizer in (*USUAL_RATE, *USUAL_RATE):
        assert rate(choose(choices, optimizer)) == 0.03


def test_rate_that_is_usual_for_the_next_optimizer_is_still_the_visitors():
    choices = choose(Choices(), "sgd")
    choices.put("training.learning_rate", 0.001)
    assert rate(choose(choices, "adam")) == 0.001
    assert rate(choose(choices, "sgd")) == 0.001


def test_rate_set_back_to_the_usual_follows_the_optimizer_again():
    choices = chosen(training__learning_rate=0.03)
    choices.put("training.learning_rate", 0.001)
    assert rate(choose(choices, "sgd")) == 0.01


def test_optimizer_that_is_not_the_datasets_has_its_own_rate():
    choices = chosen(data__dataset="spirals")
    assert rate(choices) == usual_settings(DATASETS["spirals"])["training.learning_rate"]
    assert rate(choose(choices, "rmsprop")) == 0.001
    assert rate(choose(choices, "adam")) == rate(chosen(data__dataset="spirals"))


def test_each_dataset_brings_its_epochs_until_the_visitor_sets_some():
    choices = Choices()
    for name, card in DATASETS.items():
        choices.put("data.dataset", name)
        assert choices.value("training.epochs") == usual_settings(card)["training.epochs"]
    choices.put("training.epochs", 7)
    for name in DATASETS:
        choices.put("data.dataset", name)
        assert choices.value("training.epochs") == 7


@pytest.mark.parametrize("name", ["underfit", "good-fit", "overfit"])
def test_preset_brings_its_training_and_takes_it_away_again(name):
    choices = chosen(training__epochs=3)
    choices.put("model", name)
    choices.take_preset()
    training = PRESETS[name].training
    assert choices.value("training.epochs") == training.epochs
    assert choices.value("training.optimizer") == training.optimizer
    assert rate(choices) == training.learning_rate
    assert choices.value("data.training_samples") == 2_000
    choices.put("model", "mlp")
    assert choices.value("training.epochs") == 10
    assert choices.value("data.training_samples") == 10_000


def test_presets_settings_stay_when_its_layers_are_edited():
    choices = chosen(model="underfit")
    choices.put("model", "custom")
    choices.keep_brought("underfit")
    assert (choices.value("training.optimizer"), rate(choices)) == ("sgd", 0.01)
    assert choices.value("training.epochs") == 20


@pytest.mark.parametrize("seed", range(2))
def test_random_experiments_are_filled_in_whole(seed):
    for experiment in random_experiments(100, seed):
        choices = Choices()
        choices.fill(experiment)
        training = experiment.training
        assert choices.card == experiment.data.card
        assert choices.value("training.loss") == experiment.loss
        for name in ("optimizer", "learning_rate", "momentum", "epochs", "batch_size", "metrics"):
            assert choices.value(f"training.{name}") == getattr(training, name)
        kind = experiment.model.kind
        assert choices.value("model") == kind
        if kind != "custom":
            for name in set(type(experiment.model).model_fields) - {"kind"}:
                assert choices.value(f"{kind}.{name}") == getattr(experiment.model, name)


def test_nothing_is_held_of_an_experiment_that_is_as_usual():
    choices = Choices()
    choices.fill(Experiment.model_validate({"model": {"kind": "mlp", "dropout": 0.2}}))
    assert choices.held == {}


def test_every_field_has_a_usual_value_for_every_dataset():
    for name in DATASETS:
        choices = chosen(data__dataset=name)
        for path in ALL:
            choices.usual(path)


def test_what_varies_with_the_data_is_known():
    first = {path: chosen(data__dataset="digits").usual(path) for path in ALL}
    for name in ("spirals", "iris", "fashion_mnist_10k"):
        other = chosen(data__dataset=name)
        for path in ALL:
            if other.usual(path) != first[path] and other.slot(path) == chosen(
                data__dataset="digits"
            ).slot(path):
                assert home(path) in VARYING, path
