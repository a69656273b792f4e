"""Settings as a short text: what is written is read again, and nothing hostile does harm."""

from __future__ import annotations

import json
import random
import re
import string
import zlib
from base64 import urlsafe_b64encode

import pytest

from core.errors import InvalidExperiment
from core.experiment import DATASETS, Data, Experiment, OwnData, link
from core.experiment.presets import PRESETS
from tests.experiment.random_experiments import random_experiments
from tests.experiment.test_own_data import TABLE

UNESCAPED = re.compile(r"[A-Za-z0-9_.~-]*")


def packed(content: bytes) -> str:
    return "z." + urlsafe_b64encode(zlib.compress(content)).decode().rstrip("=")


def test_a_few_settings_read_as_they_are():
    text = link.write({"training.epochs": 20, "data.dataset": "moons", "training.shuffle": False})
    assert text == "1~training.epochs-20~data.dataset-moons~training.shuffle-false"
    assert link.parse(text) == (
        {"training.epochs": 20, "data.dataset": "moons", "training.shuffle": False},
        0,
    )


@pytest.mark.parametrize(
    "value",
    [
        *(0, -3, 10**30, 0.1, -1e-7, 1.0, 1e300, True, False, None),
        *("relu", "true", "z.x", "", "a-b", "a~b", "1", "<script>", "ü ☃", "x" * 500),
        *([], {}, [1, "a", None], {"a": {"b": [1.5]}}),
    ],
)
def test_value_is_read_as_it_was_written_and_nothing_has_to_be_escaped(value):
    text = link.write({"a.b": value})
    assert UNESCAPED.fullmatch(text)
    found, lost = link.parse(text)
    assert (found, lost) == ({"a.b": value}, 0)
    assert type(found["a.b"]) is type(value)


@pytest.mark.parametrize("seed", range(3))
def test_random_experiments_come_back_the_same(seed):
    for experiment in random_experiments(200, seed):
        text = link.of_experiment(experiment)
        assert link.to_experiment(text) == experiment
        assert UNESCAPED.fullmatch(text)
        assert len(text) < link.MOST


@pytest.mark.parametrize("name", PRESETS)
def test_presets_come_back_the_same(name):
    assert link.to_experiment(link.of_experiment(PRESETS[name])) == PRESETS[name]


@pytest.mark.parametrize("name", DATASETS)
def test_every_dataset_comes_back_the_same(name):
    experiment = Experiment.model_validate({"data": {"dataset": name}})
    assert link.to_experiment(link.of_experiment(experiment)) == experiment


@pytest.mark.parametrize(
    "callbacks",
    [
        {"early_stopping": {}},
        {"early_stopping": {"patience": 3}, "checkpoint": {}, "csv": True},
        {"schedule": {"kind": "step"}},
        {"plateau": {}},
    ],
)
def test_callbacks_come_back_the_same(callbacks):
    experiment = Experiment.model_validate({"callbacks": callbacks})
    assert link.to_experiment(link.of_experiment(experiment)) == experiment


@pytest.mark.parametrize(("optimizer", "rate"), [("sgd", 0.001), ("sgd", 0.01), ("adam", 0.01)])
def test_rate_comes_back_the_same_though_it_may_be_the_usual_one(optimizer, rate):
    training = {"optimizer": optimizer, "learning_rate": rate}
    experiment = Experiment.model_validate({"training": training})
    assert link.to_experiment(link.of_experiment(experiment)) == experiment


def test_what_is_not_said_is_not_written():
    assert link.of_experiment(Experiment()) == "1"


def test_own_data_are_named_and_found_again():
    own = OwnData.model_validate(TABLE)
    experiment = Experiment(data=Data(dataset="own", own=own))
    text = link.of_experiment(experiment)
    assert own.title not in text
    assert link.to_experiment(text, {own.name: own}) == experiment
    with pytest.raises(InvalidExperiment, match="Dataset"):
        link.to_experiment(text)


@pytest.mark.parametrize(
    "text",
    ["", "2~a-1", "~", "1x", "undefined", "1~" + "a-1~" * 2_000, "💥", "%00", "1\n~a-1", "{}"],
)
def test_text_that_is_none_is_refused_in_words(text):
    with pytest.raises(InvalidExperiment, match="Settings in the address"):
        link.parse(text)


@pytest.mark.parametrize(
    "item",
    [
        *("a", "a-", "a--Infinity", "a-1e999", "a-{", 'a-"', "a-[1"),
        *("A-1", "a..b-1", ".a-1", "-1", "__class__-1", "a b-1", "a-z.", "a-z.!!!", "a-z.AAAA"),
        *("a-" + "[" * 3_000, "a-" + "9" * 3_900 + ".", f"a-{packed(b'{')}"),
        f"a-{packed(json.dumps([0] * 200_000).encode())}",
        f"a-{packed(b'[' * 100_000)}",
    ],
)
def test_item_that_cannot_be_read_is_left_out_and_the_rest_kept(item):
    assert link.parse(f"1~epochs-3~{item}~units-4") == ({"epochs": 3, "units": 4}, 1)


def test_nothing_but_a_refusal_comes_of_random_text():
    dice = random.Random(0)
    signs = string.printable + "~~~---..é💥"
    for _ in range(2_000):
        text = "1~" + "".join(dice.choices(signs, k=dice.randrange(80)))
        try:
            link.to_experiment(text)
        except InvalidExperiment as refused:
            assert all(problem.message for problem in refused.problems)


def test_nothing_but_a_refusal_comes_of_damaged_links():
    dice = random.Random(1)
    for experiment in random_experiments(100, 7):
        text = list(link.of_experiment(experiment))
        for _ in range(3):
            text[dice.randrange(2, len(text))] = dice.choice("~-.0aZz_9")
        try:
            link.to_experiment("".join(text))
        except InvalidExperiment as refused:
            assert refused.problems
