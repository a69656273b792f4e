"""What cannot be trained is refused: the right field, what was given, and what to do."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest

from core.errors import EpochscopeError, InvalidExperiment, Problem
from core.experiment import CNN, MLP, Data, Training, read
from core.experiment.fields import field_facts
from core.experiment.layers import LAYER_TYPES

JARGON = re.compile(
    r"Input should|validation error|pydantic|https?:|type=|discriminator|extract tag|\bctx\b|"
    r"be \.|Traceback"
)
NAN, INF = math.nan, math.inf


def problems(settings: Any) -> tuple[Problem, ...]:
    with pytest.raises(InvalidExperiment) as caught:
        read(settings)
    found = caught.value.problems
    assert found
    for problem in found:
        assert not JARGON.search(problem.message), problem.message
        assert problem.message.endswith((".", "`."))
    return found


def problem(settings: Any) -> Problem:
    [only] = problems(settings)
    return only


def custom(*layers: dict[str, Any], **data: Any) -> dict[str, Any]:
    return {"model": {"kind": "custom", "layers": layers}, "data": data}


FLATTEN = {"kind": "Flatten"}
GROUPS = {
    ("data",): (Data, {}),
    ("training",): (Training, {}),
    ("model",): (MLP, {"kind": "mlp"}),
    ("model", ""): (CNN, {"kind": "cnn"}),
}


def bounded_fields():
    """Every number field of data, training and the builders, with a value past each bound."""
    for path, (part, base) in GROUPS.items():
        for name in part.model_fields:
            facts = field_facts(part, name)
            past = [
                (facts.minimum, -1),
                (facts.above, 0),
                (facts.maximum, 1),
                (facts.below, 0),
            ]
            for bound, step in past:
                if bound is not None:
                    label = f"{part.__name__}.{name}={bound + step:g}"
                    yield pytest.param(path[0], base, name, bound + step, id=label)


def bounded_layer_fields():
    for kind, part in LAYER_TYPES.items():
        for name in part.model_fields:
            facts = field_facts(part, name)
            low = facts.minimum if facts.minimum is not None else facts.above
            if low is not None:
                yield pytest.param(kind, name, id=f"{kind}.{name}")


@pytest.mark.parametrize(("group", "base", "name", "value"), list(bounded_fields()))
def test_number_past_its_bound_is_refused_with_the_bounds(group, base, name, value):
    found = problem({group: base | {name: value}})
    assert found.where == (group, name)
    assert f" {value} was given, but it must be " in found.message
    assert re.search(r"(at least|above) \d|at most \d|below \d", found.message)


def test_every_number_field_has_a_lower_bound():
    groups = [(part, name) for part, _ in GROUPS.values() for name in part.model_fields]
    for part, name in groups:
        if part.model_fields[name].annotation in (int, float):
            facts = field_facts(part, name)
            assert facts.minimum is not None or facts.above is not None, (part, name)


@pytest.mark.parametrize("value", [0, -1, -1000000])
@pytest.mark.parametrize(
    "path", [("training", "learning_rate"), ("training", "epochs"), ("training", "batch_size")]
)
def test_what_must_be_positive_refuses_zero_and_less(path, value):
    found = problem({path[0]: {path[1]: value}})
    assert found.where == path
    assert f" {value} was given" in found.message


@pytest.mark.parametrize(("kind", "name"), list(bounded_layer_fields()))
def test_negative_number_in_a_layer_is_refused_with_the_layers_place(kind, name):
    found = problem(custom({"kind": "Activation"}, {"kind": kind, name: -1}, FLATTEN))
    assert found.where == ("model", "layers", "1", name)
    assert " of layer 2: -1 was given, but it must be " in found.message


@pytest.mark.parametrize("value", [NAN, INF, -INF])
@pytest.mark.parametrize(
    "path",
    [
        ("training", "learning_rate"),
        ("training", "momentum"),
        ("training", "weight_decay"),
        ("data", "validation_split"),
        ("data", "noise"),
    ],
)
def test_nan_and_infinity_are_refused_in_settings(path, value):
    found = problem({path[0]: {path[1]: value}})
    assert found.where == path
    assert f" {value} is not a number one can train with. Try " in found.message


@pytest.mark.parametrize("value", [NAN, INF])
@pytest.mark.parametrize("name", ["l1", "l2", "dropout"])
@pytest.mark.parametrize("kind", ["mlp", "cnn"])
def test_nan_and_infinity_are_refused_in_builders(kind, name, value):
    found = problem({"model": {"kind": kind, name: value}})
    assert found.where == ("model", name)
    assert f"{value} is not a number" in found.message


def test_l2_that_is_nan_is_refused_in_a_layer():
    dense = {"kind": "Dense", "kernel_regularizer": {"l2": NAN}}
    found = problem(custom(FLATTEN, dense))
    assert found.where == ("model", "layers", "1", "kernel_regularizer", "l2")
    assert found.message.startswith("L2 of layer 2: nan is not a number")


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "1e999"])
def test_numbers_json_has_not_are_refused_in_json(literal):
    assert problem(f'{{"training": {{"learning_rate": {literal}}}}}').where == (
        "training",
        "learning_rate",
    )


def test_learning_rate_of_ten_is_allowed():
    assert read({"training": {"learning_rate": 10}}).training.learning_rate == 10


def test_batch_larger_than_the_data_names_how_many_there_are():
    found = problem({"data": {"dataset": "digits"}, "training": {"batch_size": 2000}})
    # 1437 digits, of which a fifth, 288, is held back.
    assert found == Problem(
        ("training", "batch_size"),
        "Batch size: 2,000 is larger than the 1,149 samples there are to train on. "
        "Use 1,149 or less.",
    )


def test_batch_as_large_as_the_data_is_allowed():
    assert (
        read({"data": {"dataset": "digits"}, "training": {"batch_size": 1149}}).batches_per_epoch
        == 1
    )


def test_pooling_that_shrinks_the_image_to_nothing_names_the_layer():
    found = problem({"model": {"kind": "cnn", "blocks": 6}})
    # 28 → 14 → 7 → 3 → 1: the fifth block's pooling, its tenth layer, has one pixel left.
    assert found.where == ("model",)
    assert "Layer 10, MaxPooling2D" in found.message
    assert "1 pixels a side" in found.message
    assert "Use fewer blocks" in found.message


def test_custom_pooling_that_shrinks_the_image_to_nothing_names_the_layer():
    found = problem(custom(*[{"kind": "MaxPooling2D"}] * 4, FLATTEN, dataset="digits"))
    assert found.where == ("model", "layers", "3")
    assert found.message.startswith("Layers: Layer 4, MaxPooling2D: its 2 × 2 window is larger")


def test_cnn_on_points_offers_the_mlp():
    found = problem({"data": {"dataset": "moons"}, "model": {"kind": "cnn"}})
    assert found.where == ("model",)
    assert "a CNN needs images, but a sample of Moons (2-D) is 2 numbers" in found.message
    assert "Use the MLP model." in found.message


def test_convolution_after_flatten_says_to_move_it():
    found = problem(custom(FLATTEN, {"kind": "Conv2D"}))
    assert found.where == ("model", "layers", "1")
    assert "Layer 2, Conv2D: it needs images" in found.message
    assert "move it before Flatten" in found.message


def test_image_at_the_output_layer_asks_for_flatten():
    found = problem(custom({"kind": "Dense"}))
    assert found.where == ("model",)
    assert "28 × 28 × 64" in found.message
    assert "Add Flatten or GlobalAveragePooling2D at the end." in found.message


def test_binary_cross_entropy_on_ten_classes_names_the_loss_that_works():
    found = problem({"data": {"dataset": "digits"}, "training": {"loss": "binary_crossentropy"}})
    assert found.where == ("training", "loss")
    assert "takes two classes, but Handwritten digits has 10" in found.message
    assert "Use sparse_categorical_crossentropy." in found.message


@pytest.mark.parametrize(
    "loss", ["sparse_categorical_crossentropy", "categorical_crossentropy", "binary_crossentropy"]
)
def test_cross_entropy_on_numbers_names_the_losses_that_work(loss):
    found = problem({"data": {"dataset": "plane"}, "training": {"loss": loss}})
    assert found.where == ("training", "loss")
    assert f"{loss} compares classes" in found.message
    assert "Use mse" in found.message


@pytest.mark.parametrize(
    ("dataset", "metric", "usual"), [("digits", "mae", "accuracy"), ("plane", "accuracy", "mae")]
)
def test_metric_of_the_other_task_names_those_that_work(dataset, metric, usual):
    found = problem({"data": {"dataset": dataset}, "training": {"metrics": [metric]}})
    assert found.where == ("training", "metrics")
    assert f"{metric} cannot be measured" in found.message
    assert usual in found.message


def test_unknown_dataset_lists_those_there_are():
    found = problem({"data": {"dataset": "cats"}})
    assert found.where == ("data", "dataset")
    assert found.message.startswith("Dataset: there is no 'cats'. Choose one of: ")
    assert "digits" in found.message


def test_very_long_dataset_name_is_shortened():
    assert len(problem({"data": {"dataset": "x" * 10_000}}).message) < 500


def test_unknown_layer_kind_lists_those_there_are():
    found = problem(custom(FLATTEN, {"kind": "Attention", "units": 3}))
    assert found.where == ("model", "layers", "1")
    assert found.message.startswith("Layer 2: 'Attention' was given; choose one of ")
    assert all(kind in found.message for kind in LAYER_TYPES)


def test_layer_without_a_kind_is_asked_for_one():
    found = problem(custom(FLATTEN, {"units": 3}))
    assert found.where == ("model", "layers", "1")
    assert "Layer 2: {'units': 3} was given, but it does not say its `kind`." in found.message


def test_unknown_kind_of_model_lists_those_there_are():
    found = problem({"model": {"kind": "transformer"}})
    assert found.where == ("model",)
    assert "'transformer' was given; choose one of 'mlp', 'cnn', 'text', 'custom'." in found.message


@pytest.mark.parametrize("path", [("training", "optimizer"), ("training", "loss")])
def test_unknown_choice_lists_those_there_are(path):
    found = problem({path[0]: {path[1]: "magic"}})
    assert found.where == path
    assert "'magic' was given; choose one of '" in found.message


def test_too_many_parameters_are_counted():
    found = problem({"model": {"kind": "mlp", "units": 8192, "hidden_layers": 2}})
    assert found.where == ("model",)
    count = 785 * 8192 + 8193 * 8192 + 8193 * 10
    assert f"{count:,} parameters, but at most 50,000,000" in found.message
    assert "Use fewer units" in found.message


@pytest.mark.parametrize(
    ("samples", "split", "train", "validation"),
    [(20, 0.9, 2, 18), (20, 0.1, 18, 2), (10, 0.5, 5, 5)],
)
def test_validation_split_that_leaves_too_little_says_how_much(samples, split, train, validation):
    found = problem(
        {
            "data": {
                "dataset": "digits",
                "training_samples": samples,
                "validation_split": split,
            },
            "training": {"batch_size": 1},
        }
    )
    assert found.where == ("data", "validation_split")
    assert f"{split:g} of {samples} samples leaves {train} to train" in found.message
    assert f"{validation} to validate" in found.message
    assert "nearer to 0.2" in found.message


def test_more_samples_than_there_are_names_how_many_there_are():
    found = problem({"data": {"dataset": "digits", "training_samples": 5000}})
    assert found.where == ("data", "training_samples")
    assert "5,000 were asked for" in found.message
    assert "Choose 1,437 or fewer." in found.message


@pytest.mark.parametrize(
    "text", ["", "{", "no JSON", "{'seed': 1}", "[" * 100_000, '{"a":' * 5000, b"\xff\xfe", "\0"]
)
def test_text_that_is_not_json_says_what_to_paste(text):
    found = problem(text)
    assert found.where == ()
    assert found.message == (
        "Settings: this is not JSON. Paste the whole text of an exported experiment."
    )


@pytest.mark.parametrize("settings", [None, 5, [], [1], (), "null", "[]", "5", '"text"', 1.5, True])
def test_what_is_no_mapping_is_refused(settings):
    found = problem(settings)
    assert found.where == ()
    assert "it must be a group of settings" in found.message


@pytest.mark.parametrize(
    ("settings", "where", "wanted"),
    [
        ({"seed": "soon"}, ("seed",), "a whole number"),
        ({"seed": 1.5}, ("seed",), "a whole number"),
        ({"training": {"learning_rate": "fast"}}, ("training", "learning_rate"), "a number"),
        ({"training": {"shuffle": "perhaps"}}, ("training", "shuffle"), "true or false"),
        ({"training": {"metrics": "accuracy"}}, ("training", "metrics"), "a list"),
        ({"training": None}, ("training",), "a group of settings"),
        ({"model": 5}, ("model",), "a group of settings"),
        ({"data": {"dataset": 5}}, ("data", "dataset"), "text"),
        (custom("Dense"), ("model", "layers", "0"), "a group of settings"),
        ({"model": {"kind": "custom", "layers": 3}}, ("model", "layers"), "a list"),
    ],
)
def test_value_of_the_wrong_kind_says_what_is_wanted(settings, where, wanted):
    found = problem(settings)
    assert found.where == where
    assert f"was given, but it must be {wanted}. " in found.message


def test_number_of_thousands_of_digits_is_refused():
    found = problem({"seed": 10**5000})
    assert found.where == ("seed",)
    assert "it must be at least 0 and at most 2,147,483,647. Try 0." in found.message


def test_more_layers_than_allowed_says_how_many_are():
    found = problem(custom(*[FLATTEN] * 101))
    assert found.where == ("model", "layers")
    assert "its length must be at most 100" in found.message


def test_preset_name_that_is_too_long_says_how_long_it_may_be():
    found = problem({"model": {"kind": "custom", "layers": [FLATTEN], "preset": "x" * 41}})
    assert found.where == ("model", "preset")
    assert "its length must be at most 40" in found.message


def test_every_problem_is_told_at_once():
    found = problems({"seed": -1, "training": {"epochs": 0, "batch_size": 0}, "foo": 1})
    assert {one.where for one in found} == {
        ("seed",),
        ("training", "epochs"),
        ("training", "batch_size"),
        ("foo",),
    }


def test_text_of_the_error_holds_every_message():
    with pytest.raises(EpochscopeError) as caught:
        read({"seed": -1, "training": {"epochs": 0}})
    assert all(one.message in str(caught.value) for one in caught.value.problems)


def test_metric_listed_twice_is_refused():
    with pytest.raises(InvalidExperiment) as caught:
        read({"training": {"metrics": ["accuracy", "accuracy"]}})
    assert caught.value.problems[0].where == ("training", "metrics")
    assert "accuracy is listed twice" in caught.value.problems[0].message
