"""Augmentation as settings: off unless asked for, within bounds, for images alone."""

from __future__ import annotations

import pytest

from core.errors import InvalidExperiment
from core.experiment import DATASETS, Augmentation, Data, Experiment, advise, read
from core.experiment.work import epoch_work, timing_key

IMAGES = [name for name, card in DATASETS.items() if card.is_image]
OTHERS = [name for name in DATASETS if name not in IMAGES]


def digits(**augmentation) -> Experiment:
    return Experiment.model_validate({"data": {"dataset": "digits", "augmentation": augmentation}})


def test_settings_from_before_there_was_augmentation_mean_none():
    assert read({"data": {"dataset": "digits"}}) == digits()
    assert digits().data.augmentation.kinds == ()
    assert digits().data.augmentation.sentence == ""


@pytest.mark.parametrize("name", OTHERS)
def test_augmentation_without_images_is_refused_with_what_to_do(name):
    with pytest.raises(InvalidExperiment) as caught:
        read({"data": {"dataset": name, "augmentation": {"rotation": 0.1}}})
    [problem] = caught.value.problems
    assert problem.where == ("data", "augmentation")
    assert DATASETS[name].title in problem.message
    assert "choose a dataset of images" in problem.message


@pytest.mark.parametrize("name", OTHERS)
def test_augmentation_that_is_off_is_fine_without_images(name):
    read({"data": {"dataset": name, "augmentation": {"flip": "none", "zoom": 0}}})


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("rotation", 0.6, "Rotation: 0.6 was given, but it must be at least 0 and at most 0.5"),
        ("translation", -0.1, "Translation: -0.1 was given"),
        ("zoom", 1, "Zoom: 1 was given"),
        ("contrast", 1.5, "at most 1"),
        ("contrast", float("nan"), "Contrast: nan is not a number"),
        ("flip", "sideways", "Flip: 'sideways' was given; choose one of 'none', 'horizontal'"),
        ("shear", 0.1, "there is no such setting"),
    ],
)
def test_impossible_setting_is_explained(field, value, told):
    with pytest.raises(InvalidExperiment) as caught:
        read({"data": {"dataset": "digits", "augmentation": {field: value}}})
    [problem] = caught.value.problems
    assert problem.where == ("data", "augmentation", field)
    assert told in problem.message


@pytest.mark.parametrize(
    ("settings", "kinds"),
    [
        ({"flip": "both"}, ("flip",)),
        ({"rotation": 0.1}, ("warp",)),
        ({"flip": "vertical", "zoom": 0.1}, ("warp",)),
        ({"contrast": 0.1}, ("contrast",)),
        ({"flip": "vertical", "translation": 0.1, "contrast": 1}, ("warp", "contrast")),
    ],
)
def test_kinds_are_what_has_to_be_done(settings, kinds):
    assert Augmentation.model_validate(settings).kinds == kinds


def test_sentence_has_degrees_and_percent():
    settings = {"flip": "both", "rotation": 0.05, "translation": 0.1, "zoom": 0.2, "contrast": 0.3}
    assert Augmentation.model_validate(settings).sentence == (
        "mirrored left to right and top to bottom, each half of the time, turned by up to 18° "
        "either way, shifted by up to 10 % of its size, zoomed out or in by up to 20 %, given up "
        "to 30 % more or less contrast"
    )


def test_arrays_do_not_depend_on_augmentation():
    plain, varied = (Data(dataset="digits", augmentation=Augmentation(zoom=z)) for z in (0, 0.2))
    assert varied.arrays == plain
    assert hash(varied.arrays) == hash(plain)


@pytest.mark.parametrize(("dataset", "advised"), [("mnist", True), ("fashion_mnist", False)])
def test_mirrored_digits_are_advised_against(dataset, advised):
    one = Experiment.model_validate(
        {"data": {"dataset": dataset, "augmentation": {"flip": "both"}}}
    )
    assert (("data", "augmentation", "flip") in [found.where for found in advise(one)]) == advised


def test_varying_images_is_work_and_makes_another_timing():
    plain, varied, wider = digits(), digits(rotation=0.1), digits(rotation=0.2)
    assert epoch_work(varied).operations > epoch_work(plain).operations
    assert timing_key(varied) != timing_key(plain)
    assert timing_key(varied) == timing_key(wider)
