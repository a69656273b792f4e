"""Label noise: as many as asked for, of the samples trained on alone."""

from __future__ import annotations

import numpy as np
import pytest

from core import data
from core.errors import InvalidExperiment
from core.experiment import Data, read


def labels(share: float, dataset: str = "digits", seed: int = 0):
    """The labels trained on, with a share of wrong ones, and the true ones."""
    settings = Data(dataset=dataset, label_noise=share)
    found = data.load(settings, seed)
    return found, data.raw_data(settings, seed).y_train[found.split.train]


@pytest.mark.parametrize("dataset", ["digits", "moons", "iris", "fashion_mnist_10k"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_as_many_labels_are_wrong_as_were_asked_for(dataset, share):
    found, true = labels(share, dataset)
    assert (found.y_train != true).sum() == round(share * len(true))


def test_every_other_class_is_as_likely():
    found, true = labels(0.9, "fashion_mnist_10k")
    wrong = found.y_train != true
    shifts = np.bincount((found.y_train - true)[wrong] % 10, minlength=10)
    assert shifts[0] == 0
    expected = wrong.sum() / 9
    # The sum of (found - expected)² / expected is chi-square with 8 degrees of freedom: 26.1 is
    # passed once in a thousand seeds, and this one is fixed.
    assert ((shifts[1:] - expected) ** 2 / expected).sum() < 26.1


def test_samples_held_back_keep_their_labels():
    found, _ = labels(0.9)
    raw = data.raw_data(Data(dataset="digits"), 0)
    np.testing.assert_array_equal(found.y_validation, raw.y_train[found.split.validation])
    np.testing.assert_array_equal(found.y_test, raw.y_test)


def test_same_seed_gives_the_same_wrong_labels():
    np.testing.assert_array_equal(labels(0.3)[0].y_train, labels(0.3)[0].y_train)


def test_another_seed_gives_others():
    assert (labels(0.3, "moons", 1)[0].y_train != labels(0.3, "moons", 2)[0].y_train).any()


def test_without_any_the_labels_are_those_stored():
    found, true = labels(0.0)
    np.testing.assert_array_equal(found.y_train, true)


def test_step_says_how_many():
    steps = data.steps(Data(dataset="iris", label_noise=0.25), 0, one_hot=False)
    step = next(step for step in steps if step.name == "Add label noise")
    assert step.explanation.startswith("24 of the 96 samples")
    assert {facts.name: facts.note for facts in step.after}["y_train"] == "24 wrong"


def test_numbers_to_predict_have_no_labels_to_be_wrong():
    with pytest.raises(InvalidExperiment, match="numbers to predict and no classes"):
        read({"data": {"dataset": "diabetes", "label_noise": 0.1}})
