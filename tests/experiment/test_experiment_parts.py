"""An experiment is frozen, travels through JSON unharmed, and knows what follows from it."""

from __future__ import annotations

import json
from types import MappingProxyType

import pytest
from pydantic import ValidationError

import core.experiment
from core.errors import InvalidExperiment
from core.experiment import DATASETS, Experiment, Training, read
from core.experiment.fields import field_facts
from core.experiment.layers import MaxPooling2D
from tests.experiment.random_experiments import random_experiments


def experiment(**parts) -> Experiment:
    return Experiment.model_validate(parts)


def test_public_names_are_those_written_down():
    assert core.experiment.__all__ == [
        "CNN",
        "DATASETS",
        "DEFAULT_DATASET",
        "MAX_PARAMETERS",
        "MLP",
        "SCALING_TITLES",
        "TARGET_SCALING_TITLES",
        "Augmentation",
        "Custom",
        "Data",
        "DatasetCard",
        "Experiment",
        "OwnData",
        "TextNetwork",
        "Training",
        "advise",
        "clean_title",
        "read",
    ]


@pytest.mark.parametrize(
    ("part", "name"),
    [(lambda e: e, "seed"), (lambda e: e.data, "noise"), (lambda e: e.model.layers[0], "units")],
)
def test_no_part_can_be_changed(part, name):
    whole = experiment(model={"kind": "custom", "layers": [{"kind": "Dense"}, {"kind": "Flatten"}]})
    with pytest.raises(ValidationError, match="frozen"):
        setattr(part(whole), name, 1)


def test_equal_settings_make_equal_experiments_with_equal_hashes():
    one, two = (experiment(seed=3, training={"epochs": 2}) for _ in range(2))
    assert one == two
    assert hash(one) == hash(two)
    assert one != experiment(seed=4, training={"epochs": 2})


@pytest.mark.parametrize("seed", range(4))
def test_random_experiments_survive_json(seed):
    for one in random_experiments(25, seed):
        assert read(one.model_dump_json()) == one


@pytest.mark.parametrize("seed", range(4))
def test_random_experiments_survive_a_plain_mapping(seed):
    for one in random_experiments(25, seed):
        plain = one.model_dump(mode="json")
        assert read(plain) == one
        assert read(json.loads(json.dumps(plain))) == one


def test_bytes_are_read_like_text():
    one = experiment(seed=5)
    assert read(one.model_dump_json().encode()) == one


def test_any_mapping_will_do():
    assert read(MappingProxyType({"seed": 7})).seed == 7


@pytest.mark.parametrize(
    ("settings", "where"),
    [
        ({"sead": 1}, ("sead",)),
        ({"data": {"datset": "digits"}}, ("data", "datset")),
        ({"data": {"mlp": 1}}, ("data", "mlp")),
        ({"model": {"kind": "mlp", "filters": 3}}, ("model", "filters")),
        ({"training": {"lr": 0.1}}, ("training", "lr")),
        (
            {"model": {"kind": "custom", "layers": [{"kind": "Dense", "padding": "same"}]}},
            ("model", "layers", "0", "padding"),
        ),
    ],
)
def test_unknown_field_is_refused_by_its_own_name(settings, where):
    with pytest.raises(InvalidExperiment) as caught:
        read(settings)
    [problem] = caught.value.problems
    assert problem.where == where
    assert repr(where[-1]) in problem.message
    assert "there is no such setting" in problem.message


@pytest.mark.parametrize("name", ["Adam", "ADAM", "adam"])
def test_optimizer_names_are_read_in_any_case(name):
    assert experiment(training={"optimizer": name}).training.optimizer == "adam"


def test_usual_metrics_are_those_of_the_task():
    macro = ("accuracy", "macro_precision", "macro_recall", "macro_f1")
    assert experiment(data={"dataset": "moons"}).metrics == macro
    assert experiment(data={"dataset": "plane"}).metrics == ("mae", "mse")


def test_chosen_metrics_keep_their_order():
    chosen = ("macro_f1", "accuracy")
    assert experiment(training={"metrics": chosen}).metrics == chosen


def test_no_metrics_is_a_choice():
    assert experiment(training={"metrics": ()}).metrics == ()


@pytest.mark.parametrize(
    ("dataset", "loss", "one_hot"),
    [
        ("digits", None, False),
        ("digits", "sparse_categorical_crossentropy", False),
        ("digits", "categorical_crossentropy", True),
        ("digits", "mse", True),
        ("digits", "mae", True),
        ("moons", "binary_crossentropy", False),
        ("plane", "mse", False),
    ],
)
def test_labels_are_one_hot_where_the_loss_compares_rows(dataset, loss, one_hot):
    assert experiment(data={"dataset": dataset}, training={"loss": loss}).one_hot is one_hot


@pytest.mark.parametrize(
    ("samples", "split", "train", "validation"),
    [
        (100, 0.2, 80, 20),
        (101, 0.2, 80, 21),
        (100, 0, 100, 0),
        (300, 1 / 3, 200, 100),
        (200, 0.07, 186, 14),
    ],
)
def test_validation_count_is_rounded_up(samples, split, train, validation):
    data = experiment(
        data={"dataset": "moons", "training_samples": samples, "validation_split": split}
    ).data
    assert (data.train_count, data.validation_count) == (train, validation)


@pytest.mark.parametrize(("batch_size", "batches"), [(80, 1), (40, 2), (32, 3), (1, 80)])
def test_batches_per_epoch_count_the_last_smaller_one(batch_size, batches):
    one = experiment(
        data={"dataset": "moons", "training_samples": 100}, training={"batch_size": batch_size}
    )
    assert one.batches_per_epoch == batches


def test_title_tells_model_and_data():
    title = experiment(data={"dataset": "digits"}).title
    assert title.startswith("MLP 128")
    assert title.endswith("Handwritten digits")


@pytest.mark.parametrize("name", DATASETS)
def test_card_is_complete(name):
    card = DATASETS[name]
    assert card.name == name
    assert card.source
    assert card.licence
    assert (card.task == "regression") == (card.class_count == 0)
    assert len(set(card.classes)) == card.class_count


@pytest.mark.parametrize(
    ("part", "name", "allowed"),
    [
        (Training, "learning_rate", "above 0 and at most 100"),
        (Training, "momentum", "at least 0 and below 1"),
        (Training, "batch_size", "at least 1 and at most 65,536"),
        (Training, "optimizer", ""),
        (MaxPooling2D, "pool_size", "at least 1 and at most 32"),
        (MaxPooling2D, "strides", "at least 1 and at most 32"),
    ],
)
def test_field_facts_put_bounds_in_words(part, name, allowed):
    assert field_facts(part, name).allowed == allowed


@pytest.mark.parametrize("part", ["data", "training", "model"])
def test_every_field_a_form_shows_has_a_label_and_help(part):
    for name in type(getattr(Experiment(), part)).model_fields:
        facts = field_facts(type(getattr(Experiment(), part)), name)
        assert facts.label
        assert facts.help or name == "kind"
