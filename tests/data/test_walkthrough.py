"""The steps shown are the steps done: their facts are those of the arrays training gets."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from core.data import ArrayFacts, Step, load, one_hot, raw_data, steps
from core.data.registry import PUBLISHED
from core.experiment import DATASETS, Augmentation, Data

PLAIN = Data(dataset="digits", training_samples=300, validation_split=0.25)
FEW_DIGITS = PLAIN.model_copy(update={"augmentation": Augmentation(rotation=0.1)})
NAMES = [name for name in DATASETS if name not in PUBLISHED]


def facts(name: str, array: np.ndarray) -> ArrayFacts:
    return ArrayFacts(name, array.shape, str(array.dtype), float(array.min()), float(array.max()))


def named(name: str, data: Data) -> Step:
    [found] = (step for step in steps(data, 0, one_hot=True) if step.name == name)
    return found


def final(data: Data, seed: int, encode: bool) -> list[ArrayFacts]:
    """The facts of the arrays that are really made."""
    ready, found = load(data, seed), []
    for part in ("train", "validation", "test"):
        x, y = (getattr(ready, f"{kind}_{part}") for kind in "xy")
        y = one_hot(y, data.card.class_count) if encode else y
        found += [facts(f"x_{part}", x), facts(f"y_{part}", y)] if len(x) else []
    return found


@pytest.mark.parametrize("name", NAMES)
def test_last_step_ends_with_the_arrays_training_gets(name):
    data = Data(dataset=name, training_samples=110)
    assert list(steps(data, 3, one_hot=False)[-1].after) == final(data, 3, encode=False)


@pytest.mark.parametrize("name", ["digits", "gaussians"])
def test_one_hot_step_ends_with_encoded_labels(name):
    data = Data(dataset=name)
    assert list(steps(data, 3, one_hot=True)[-1].after) == final(data, 3, encode=True)


@pytest.mark.parametrize(
    "data", [FEW_DIGITS, *(Data(dataset=name, validation_split=0.5) for name in NAMES)]
)
def test_first_step_shows_the_stored_arrays(data):
    raw = raw_data(data, 0)
    first = steps(data, 0, one_hot=False)[0]
    assert first.before == ()
    grey = data.card.is_image and data.card.shape[-1] == 1
    x_train, x_test = (x[..., 0] if grey else x for x in (raw.x_train, raw.x_test))
    assert list(first.after) == [
        facts("x_train", x_train),
        facts("y_train", raw.y_train),
        facts("x_test", x_test),
        facts("y_test", raw.y_test),
    ]


def test_each_step_begins_where_the_last_one_ended():
    done = steps(FEW_DIGITS, 0, one_hot=True)
    for step, following in pairwise(done):
        assert following.before == step.after


def test_all_steps_are_there_in_order():
    assert [step.name for step in steps(FEW_DIGITS, 0, one_hot=True)] == [
        "As stored",
        "Choose training samples",
        "Hold back validation samples",
        "Expand dims",
        "Rescale to 0–1",
        "One-hot labels",
        "Augment in training",
    ]


def test_expanding_adds_a_channel_to_all_images_and_changes_nothing_else():
    step = named("Expand dims", FEW_DIGITS)
    for before, after in zip(step.before, step.after, strict=True):
        axis = (1,) if before.name.startswith("x") else ()
        assert after == replace(before, shape=(*before.shape, *axis))
    assert "8 × 8" in step.explanation


def test_augmenting_marks_the_samples_trained_on_and_no_others():
    step = named("Augment in training", FEW_DIGITS)
    changed = [
        after.name for before, after in zip(step.before, step.after, strict=True) if before != after
    ]
    assert changed == ["x_train"]
    assert "turned by up to 36° either way" in step.explanation


def test_images_that_are_not_varied_have_no_step_of_it():
    assert "Augment in training" not in [step.name for step in steps(PLAIN, 0, one_hot=False)]


def test_steps_that_change_nothing_are_left_out():
    data = Data(dataset="moons", validation_split=0)
    assert [step.name for step in steps(data, 0, one_hot=False)] == ["As stored"]


def test_explanations_name_the_counts():
    _, choose, hold_back, *_ = steps(FEW_DIGITS, 0, one_hot=False)
    assert "300 of 1,437" in choose.explanation
    assert "75 of 300" in hold_back.explanation


def test_splitting_leaves_the_test_set_alone():
    hold_back = steps(FEW_DIGITS, 0, one_hot=False)[2]
    assert hold_back.before[-2:] == hold_back.after[-2:]
    assert hold_back.after[-2].name == "x_test"


def test_no_large_array_is_made():
    data = Data(dataset="fashion_mnist_10k")
    raw_data(data, 0)  # 9 MB of pixels, 38 MB as floats
    tracemalloc.start()
    steps(data, 0, one_hot=True)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 8_000_000
