"""Layers become rows and rows layers again; what someone typed is never lost without a word."""

from __future__ import annotations

import pytest

from core.errors import InvalidExperiment
from core.experiment import Custom, read
from core.experiment.layer_table import COLUMNS, KIND, from_rows, to_rows
from core.experiment.layers import LAYER_TYPES
from core.experiment.presets import PRESETS
from tests.experiment.random_experiments import random_experiments

NAN = float("nan")
TITLES = [KIND, *COLUMNS.values()]


def back(layers) -> tuple:
    return Custom.model_validate({"kind": "custom", "layers": from_rows(to_rows(layers))}).layers


@pytest.mark.parametrize("name", PRESETS)
def test_preset_survives_the_table(name):
    hidden = PRESETS[name].model.hidden()
    assert back(hidden) == hidden


@pytest.mark.parametrize("seed", range(4))
def test_random_layers_survive_the_table(seed):
    for experiment in random_experiments(25, seed):
        hidden = experiment.model.hidden()
        assert back(hidden) == hidden


@pytest.mark.parametrize("kind", LAYER_TYPES)
def test_row_holds_the_kind_and_a_cell_for_every_column(kind):
    [row] = to_rows([LAYER_TYPES[kind]()])
    assert list(row) == TITLES
    assert row[KIND] == kind


@pytest.mark.parametrize("kind", LAYER_TYPES)
def test_every_argument_of_a_layer_has_a_column(kind):
    columns = {name.partition(".")[0] for name in COLUMNS}
    filled_in = {"kind", "input_dim"}  # the latter by the experiment, from the data
    assert set(LAYER_TYPES[kind].model_fields) - filled_in <= columns


def test_row_shows_values_under_their_titles():
    layer = LAYER_TYPES["Conv2D"].model_validate(
        {"filters": 5, "padding": "same", "kernel_regularizer": {"l2": 0.1}}
    )
    [row] = to_rows([layer])
    assert {title: cell for title, cell in row.items() if cell is not None} == {
        "Layer": "Conv2D",
        "Filters": 5,
        "Kernel size": 3,
        "Strides": 1,
        "Padding": "same",
        "Activation": "linear",
        "Kernel L2": 0.1,
    }


@pytest.mark.parametrize("empty", [None, "", NAN])
def test_empty_cells_leave_the_default(empty):
    rows = [dict.fromkeys(TITLES, empty) | {KIND: "Dense"}]
    assert from_rows(rows) == [{"kind": "Dense"}]


@pytest.mark.parametrize("empty", [None, "", NAN])
def test_rows_left_wholly_empty_are_passed_over(empty):
    assert from_rows([dict.fromkeys(TITLES, empty), {KIND: "Flatten"}, {}]) == [{"kind": "Flatten"}]


def test_cells_a_layer_has_no_use_for_are_passed_over():
    assert from_rows([{KIND: "Dropout", "Rate": 0.1, "Units": 3, "Kernel L2": 0.1}]) == [
        {"kind": "Dropout", "rate": 0.1}
    ]


def test_penalties_come_back_as_a_group():
    assert from_rows([{KIND: "Dense", "Kernel L1": 0.1, "Kernel L2": 0.2, "Bias L2": 0.3}]) == [
        {
            "kind": "Dense",
            "kernel_regularizer": {"l1": 0.1, "l2": 0.2},
            "bias_regularizer": {"l2": 0.3},
        }
    ]


@pytest.mark.parametrize(
    "row", [{"Units": 3}, {KIND: None, "Units": 3}, {KIND: "", "Nonsense": "x"}, {"Padding": 0}]
)
def test_row_without_a_layer_is_kept_and_then_refused_with_its_place(row):
    layers = from_rows([{KIND: "Flatten"}, row])
    assert len(layers) == 2
    with pytest.raises(InvalidExperiment) as caught:
        read({"model": {"kind": "custom", "layers": layers}})
    [problem] = caught.value.problems
    assert problem.where == ("model", "layers", "1")
    assert problem.message.startswith("Layer 2: ")


@pytest.mark.parametrize("kind", ["dense", " Dense", "Attention", 7])
def test_row_of_an_unknown_layer_is_refused_by_what_was_typed(kind):
    with pytest.raises(InvalidExperiment) as caught:
        read({"model": {"kind": "custom", "layers": from_rows([{KIND: kind, "Units": 3}])}})
    [problem] = caught.value.problems
    assert f"{str(kind)!r} was given" in problem.message


def test_rubbish_in_a_cell_reaches_the_check():
    rows = [{KIND: "Flatten"}, {KIND: "Dense", "Units": "many"}]
    with pytest.raises(InvalidExperiment) as caught:
        read({"model": {"kind": "custom", "layers": from_rows(rows)}})
    [problem] = caught.value.problems
    assert problem.where == ("model", "layers", "1", "units")
    assert problem.message.startswith("Units of layer 2: 'many' was given")
