"""An experiment on somebody's own data carries their facts, and is checked without their files."""

from __future__ import annotations

import pytest

from core.errors import InvalidExperiment
from core.experiment import DATASETS, Experiment, OwnData, clean_title, read

TABLE = {
    "key": "0a" * 32,
    "title": "Flowers",
    "kind": "table",
    "task": "classification",
    "shape": (2,),
    "classes": ("no", "<b>yes</b>"),
    "features": ("height", "width"),
    "train_size": 80,
    "test_size": 20,
}
IMAGES = {**TABLE, "kind": "images", "shape": (32, 32, 3), "features": (), "value_range": (0, 255)}
NUMBERS = {**TABLE, "task": "regression", "classes": ()}


def own(facts: dict, **changes: object) -> Experiment:
    return read({"data": {"dataset": "own", "own": {**facts, **changes}}})


def refusal(facts: dict, **changes: object) -> str:
    with pytest.raises(InvalidExperiment) as refused:
        own(facts, **changes)
    return str(refused.value)


@pytest.mark.parametrize("facts", [TABLE, IMAGES, NUMBERS], ids=["table", "images", "numbers"])
def test_card_says_what_the_facts_say(facts):
    card = own(facts).data.card
    named = ("title", "task", "classes", "features", "train_size", "test_size", "shape")
    assert {name: getattr(card, name) for name in named} == {name: facts[name] for name in named}
    assert card.name == f"own-{facts['key']}"


def test_experiment_on_own_data_travels_through_json_unharmed():
    one = own(IMAGES)
    assert read(one.model_dump_json()) == one


def test_table_of_two_features_is_no_plane():
    card = own(TABLE).data.card
    assert card.is_table
    assert not card.is_plane


def test_points_of_the_plane_are_one_as_ever():
    assert DATASETS["moons"].is_plane


def test_table_is_scaled_as_usual_and_images_are_not():
    assert own(TABLE).data.scaler == "standard"
    assert own(IMAGES).data.scaler == "none"


def test_numbers_to_predict_have_the_usual_loss():
    assert own(NUMBERS).loss == "mse"


def test_own_without_facts_is_refused():
    with pytest.raises(InvalidExperiment, match="comes with the facts"):
        read({"data": {"dataset": "own"}})


def test_facts_with_another_dataset_are_refused():
    with pytest.raises(InvalidExperiment, match="digits was given"):
        read({"data": {"dataset": "digits", "own": TABLE}})


def test_more_samples_than_there_are_is_refused():
    with pytest.raises(InvalidExperiment, match="Flowers has 80"):
        read({"data": {"dataset": "own", "own": TABLE, "training_samples": 81}})


@pytest.mark.parametrize("key", ["", "0a", "0A" * 32, "../" * 21 + "x", "0a" * 32 + "\n"])
def test_key_that_is_no_sha256_is_refused(key):
    assert "Key" in refusal(TABLE, key=key)


@pytest.mark.parametrize(
    ("facts", "changes", "told"),
    [
        (TABLE, {"shape": (2, 2)}, "cannot have the shape"),
        (TABLE, {"shape": ()}, "cannot have the shape"),
        (TABLE, {"shape": (0,), "features": ()}, "cannot have the shape"),
        (IMAGES, {"shape": (600, 32, 3)}, "cannot have the shape"),
        (IMAGES, {"shape": (32, 32, 2)}, "one channel or three"),
        (IMAGES, {"value_range": None}, "range of pixel values"),
        (IMAGES, {"value_range": (0, 1)}, "from 0 to 255"),
        (TABLE, {"value_range": (0, 255)}, "range of pixel values"),
        (TABLE, {"features": ("height",)}, "has a name"),
        (IMAGES, {"features": ("a",)}, "has a name"),
        (TABLE, {"classes": ("only",)}, "two classes or more"),
        (TABLE, {"classes": ()}, "two classes or more"),
        (NUMBERS, {"classes": ("a", "b")}, "two classes or more"),
        (TABLE, {"classes": ("same", "same")}, "the same name"),
    ],
)
def test_facts_that_contradict_each_other_are_refused(facts, changes, told):
    assert told in refusal(facts, **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"classes": ("a", "b" * 61)},
        {"classes": ("a", "")},
        {"features": ("a", "b" * 61)},
        {"classes": tuple(map(str, range(1_001)))},
        {"train_size": 0},
        {"test_size": 10**12},
        {"extra": 1},
    ],
)
def test_facts_beyond_their_bounds_are_refused(changes):
    assert refusal(TABLE, **changes)


@pytest.mark.parametrize("title", ["**bold**", "<b>x</b>", "[a](http://b)", ":red[x]", "=1+1", ""])
def test_title_that_means_something_elsewhere_is_refused(title):
    assert "Title" in refusal(TABLE, title=title)


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ("iris", "iris"),
        ("my_data.set", "my data set"),
        ("**bold** <b>", "bold b"),
        ("=cmd()", "cmd()"),
        ("-1", "1"),
        ("Größen, Zürich (2024)", "Größen, Zürich (2024)"),
        ("www.example.org", "www example org"),
        ("../../etc/passwd", "etc passwd"),
        ("\u202egnp.exe", "gnp exe"),
        ("", "Own data"),
        ("***", "Own data"),
        ("a" * 100, "a" * 60),
    ],
)
def test_any_name_becomes_a_harmless_title(given, title):
    assert clean_title(given) == title
    assert OwnData.model_validate({**TABLE, "title": title}).title == title


def test_same_data_under_another_title_are_the_same():
    one = OwnData.model_validate(TABLE)
    assert one.same_data(OwnData.model_validate({**TABLE, "title": "Others"}))
    assert not one.same_data(OwnData.model_validate({**TABLE, "classes": ("no", "maybe")}))
