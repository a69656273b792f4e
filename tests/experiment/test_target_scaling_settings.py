"""Scaling of targets: whose it is, what it adds, and what experiments without it still mean."""

from __future__ import annotations

import pytest

from core.errors import InvalidExperiment
from core.experiment import Experiment, advise, read
from core.experiment.work import timing_key


def diabetes(targets: str = "standard", **training) -> Experiment:
    data = {"dataset": "diabetes", "target_scaling": targets}
    return Experiment.model_validate({"data": data, "training": training})


def test_an_experiment_stored_before_there_was_the_choice_has_none():
    stored = read({"data": {"dataset": "diabetes"}})
    assert stored == diabetes("none")
    assert stored.summary[-1].kind == "Dense"


def test_a_layer_without_parameters_comes_last():
    scaled, plain = diabetes(), diabetes("none")
    assert [row.kind for row in scaled.summary[-2:]] == ["Dense", "Rescaling"]
    assert scaled.summary[-1].output == (1,)
    assert scaled.parameter_count == plain.parameter_count


def test_it_survives_json():
    assert read(diabetes().model_dump_json()) == diabetes()


@pytest.mark.parametrize("dataset", ["digits", "wine", "moons", "novels"])
def test_classes_cannot_be_scaled(dataset):
    with pytest.raises(InvalidExperiment) as caught:
        read({"data": {"dataset": dataset, "target_scaling": "standard"}})
    [problem] = caught.value.problems
    assert problem.where == ("data", "target_scaling")
    assert "has classes. Use none." in problem.message


def test_the_layer_cannot_be_chosen_by_hand():
    with pytest.raises(InvalidExperiment, match="Rescaling"):
        read({"model": {"kind": "custom", "layers": [{"kind": "Rescaling"}]}})


def test_the_arrays_are_the_same_with_it_and_without():
    assert diabetes().data.arrays == diabetes("none").data.arrays


def test_a_measured_time_is_not_taken_for_that_of_the_other():
    assert timing_key(diabetes()) != timing_key(diabetes("none"))


@pytest.mark.parametrize(
    ("optimizer", "targets", "count"),
    [("sgd", "none", 1), ("sgd", "standard", 0), ("adam", "none", 0), ("adam", "standard", 0)],
)
def test_sgd_is_advised_against_only_where_its_steps_grow_with_the_numbers(
    optimizer, targets, count
):
    found = advise(diabetes(targets, optimizer=optimizer))
    assert [one.where for one in found] == [("training", "optimizer")] * count
