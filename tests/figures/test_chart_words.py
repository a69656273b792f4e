"""Each chart in words and as a table, against values written down by hand."""

from __future__ import annotations

import numpy as np
import pytest

from core import figures
from core.analysis import Regression
from core.experiment import Experiment
from core.figures import Shown
from core.figures.chart import number
from tests.figures.runs import run

NAN = float("nan")
RUN = run(loss=[1.0, 0.5, 0.25], val_loss=[1.0, 0.5, 0.75])
CHARTS = {name: getattr(figures, name) for name in figures.__all__ if name.isupper()}
ERRORS = Regression(np.array([1.0, 2.0, 4.0]), np.array([1.5, 2.0, 3.0]))
POINTS = figures.points_info(
    {"train": ([[0.0, 1.0], [2.0, 3.0]], [0, 1]), "validation": ([[4.0, -5.0]], [1])},
    ("Inner", "Outer"),
)
GRID = [[[0.9, 0.1], [0.4, 0.6]], [[0.8, 0.2], [0.7, 0.3]]]
BOUNDARY = figures.boundary_info([0, 1], [0, 1], GRID, POINTS, wrong=[[2.0, 3.0]])
MATRIX = figures.confusion_info(np.array([[8, 2], [1, 9]]), ("Cat", "Dog"))
SAID = figures.probabilities_info([0.75, 0.05, 0.2], ("Cat", "Dog", "Hen"), true=2)
MODEL = Experiment.model_validate({"data": {"dataset": "moons"}})
HISTOGRAM = figures.distribution_info({"width": ([0.0, 1.0, 3.0], [1, 3])}, "Value")

INFOS = {
    "ARCHITECTURE": figures.architecture_info(MODEL.summary, MODEL.input_shape),
    "BALANCE": figures.balance_info({"train": (3, 1), "test": (2, 2)}, ("Cat", "Dog")),
    "BOUNDARY": BOUNDARY,
    "COMPARE": figures.compare_info(
        [Shown("One", RUN, 0), Shown("Two", run(loss=[2.0]), 1)], "loss"
    ),
    "CONFUSION": MATRIX,
    "CORRELATION": figures.correlation_info(
        ("a", "b", "c"), [[1, 0.25, -0.5], [0.25, 1, 0.125], [-0.5, 0.125, 1]]
    ),
    "DISTRIBUTION": HISTOGRAM,
    "FINALS": figures.finals_info([Shown("One", RUN, 0), Shown("Two", (), 1)], "loss"),
    "HISTORY": figures.history_info(RUN, "loss"),
    "LEARNING_RATE": figures.learning_rate_info(RUN),
    "LIVE": figures.live_info(run(loss=[2.0, 1.0], accuracy=[0.5, 0.875]), 10),
    "POINTS": POINTS,
    "PROBABILITIES": SAID,
    "RESIDUALS": figures.residuals_info(ERRORS),
    "RESIDUAL_HISTOGRAM": figures.residual_histogram_info(ERRORS),
    "SCHEDULE": figures.schedule_info([0.1, 0.1]),
}
SENTENCES = {
    "BALANCE": "Samples of 2 classes. Train: 4, from 1 of Dog to 3 of Cat. Test: 4, 2 of each "
    "class.",
    "BOUNDARY": "Predicted classes by their share of the plane: Inner 75.0 %, Outer 25.0 %; 3 "
    "points drawn, 1 marked as wrong.",
    "COMPARE": "Loss by epoch of 2 runs. One: training from 1.00 in epoch 1 to 0.250 in epoch 3; "
    "validation from 1.00 in epoch 1 to 0.750 in epoch 3. Two: training 2.00 in epoch 1.",
    "CONFUSION": "Confusion matrix of 2 classes: 17 of 20 samples are right, 85.0 %. Most "
    "frequent mistake: 2 samples of Cat predicted as Dog, 20.0 % of that class.",
    "CORRELATION": "Correlation of 3 columns, each with each. Highest: a and b, 0.25. Lowest: a "
    "and c, -0.50.",
    "DISTRIBUTION": "Histogram of value. width: from 0 to 3; the fullest bin, from 1 to 3, holds "
    "75.0 % of values.",
    "FINALS": "Loss at the last epoch of 2 runs. One: training 0.250, validation 0.750. Two: no "
    "finite value.",
    "HISTORY": "Loss by epoch: training from 1.00 in epoch 1 to 0.250 in epoch 3; validation "
    "from 1.00 in epoch 1 to 0.750 in epoch 3. Best validation value: 0.500 in epoch 2.",
    "LEARNING_RATE": "Learning rate in epochs 1 to 3: from 1 to 0.25.",
    "LIVE": "Epoch 2 of 10. Loss: training from 2.00 in epoch 1 to 1.00 in epoch 2. Accuracy: "
    "training from 50.0 % in epoch 1 to 87.5 % in epoch 2.",
    "POINTS": "3 points: training, Inner: 1, training, Outer: 1, validation, Outer: 1. x from 0 to "
    "4, y from -5 to 3.",
    "PROBABILITIES": "Probability of each class for one sample. Predicted: Cat, 75.0 %. True class"
    ": Hen, 20.0 %.",
    "RESIDUALS": "Predicted against true values of 3 samples: true values from 1 to 4, predicted "
    "from 1.5 to 3. On the dashed diagonal both are equal.",
    "RESIDUAL_HISTOGRAM": "Errors, true minus predicted, of 3 samples: the fullest bin, from "
    "-0.533 to -0.467, holds 1; the largest error is at most 1.",
    "SCHEDULE": "Learning rate: 0.1 in epochs 1 to 2.",
}
TABLES = {
    "BALANCE": {"Class": ["Cat", "Dog"], "Train": [3, 1], "Test": [2, 2]},
    "BOUNDARY": {
        "Part": ["Train", "Train", "Validation"],
        "Class": ["Inner", "Outer", "Outer"],
        "x": [0.0, 2.0, 4.0],
        "y": [1.0, 3.0, -5.0],
        "Predicted": ["", "wrong", ""],
    },
    "COMPARE": {
        "Run": ["One", "One", "One", "Two"],
        "Epoch": [1, 2, 3, 1],
        "Train": [1.0, 0.5, 0.25, 2.0],
        "Validation": [1.0, 0.5, 0.75, None],
    },
    "CONFUSION": {
        "True class": ["Cat", "Dog"],
        "Predicted Cat": [8, 1],
        "Predicted Dog": [2, 9],
    },
    "DISTRIBUTION": {"From": [0.0, 1.0], "To": [1.0, 3.0], "Share of values": [0.25, 0.75]},
    "FINALS": {"Run": ["One", "Two"], "Train": [0.25, None], "Validation": [0.75, None]},
    "HISTORY": {
        "Epoch": [1, 2, 3],
        "Train": [1.0, 0.5, 0.25],
        "Validation": [1.0, 0.5, 0.75],
    },
    "LIVE": {"Epoch": [1, 2], "Train: Loss": [2.0, 1.0], "Train: Accuracy": [0.5, 0.875]},
    "PROBABILITIES": {
        "Class": ["Cat", "Dog", "Hen"],
        "Probability": [0.75, 0.05, 0.2],
        "": ["predicted ✗", "", "true class"],
    },
    "RESIDUALS": {
        "True": [1.0, 2.0, 4.0],
        "Predicted": [1.5, 2.0, 3.0],
        "True minus predicted": [-0.5, 0.0, 1.0],
    },
}


@pytest.mark.parametrize("name", SENTENCES)
def test_sentence_says_what_the_chart_shows(name):
    assert CHARTS[name].sentence(INFOS[name]) == SENTENCES[name]


@pytest.mark.parametrize("name", TABLES)
def test_table_holds_the_numbers_of_the_chart(name):
    table = CHARTS[name].table(INFOS[name])
    assert {column: list(values) for column, values in table.items()} == TABLES[name]


@pytest.mark.parametrize("name", CHARTS)
def test_columns_of_a_table_are_of_one_length(name):
    assert len({len(values) for values in CHARTS[name].table(INFOS[name]).values()}) == 1


def test_every_figure_belongs_to_a_chart():
    drawn = {getattr(figures, name) for name in figures.__all__ if name.endswith("_figure")}
    assert drawn == {chart.figure for chart in CHARTS.values()}


def test_layers_are_told_from_input_to_output():
    sentence = CHARTS["ARCHITECTURE"].sentence(INFOS["ARCHITECTURE"])
    assert sentence.startswith("Layers from input 2 to output ")
    assert sentence.endswith(f"{INFOS['ARCHITECTURE'].parameters:,} parameters in total.")


@pytest.mark.parametrize("chart", ["HISTORY", "LEARNING_RATE", "LIVE"])
def test_chart_without_an_epoch_says_so(chart):
    empty = {
        "HISTORY": figures.history_info((), "loss"),
        "LEARNING_RATE": figures.learning_rate_info(()),
        "LIVE": figures.live_info((), 10),
    }
    assert "has ended yet" in CHARTS[chart].sentence(empty[chart])


def test_diverged_curve_is_told_where_it_ends():
    info = figures.history_info(run(loss=[1.0, 2.0, NAN]), "loss")
    assert figures.HISTORY.sentence(info).startswith(
        "Loss by epoch: training from 1.00 in epoch 1 to 2.00 in epoch 2, then no finite value."
    )


def test_curve_without_a_number_is_told():
    info = figures.history_info(run(loss=[NAN]), "loss")
    assert figures.HISTORY.sentence(info) == "Loss by epoch: training no finite value."


def test_smoothed_chart_tells_measured_values_and_that_they_are_drawn_smoothed():
    info = figures.history_info(run(loss=[1.0, 3.0]), "loss", smoothing=0.5)
    assert "from 1.00 in epoch 1 to 3.00 in epoch 2" in figures.HISTORY.sentence(info)
    assert "drawn smoothed" in figures.HISTORY.sentence(info)
    assert list(figures.HISTORY.table(info)) == ["Epoch", "Train", "Train, smoothed"]


def test_run_ended_by_a_callback_is_told():
    assert "stopped early" in figures.HISTORY.sentence(
        figures.history_info(RUN, "loss", stopped=True)
    )


def test_right_prediction_is_told_once():
    info = figures.probabilities_info([0.1, 0.9], ("Cat", "Dog"), true=1)
    assert figures.PROBABILITIES.sentence(info) == (
        "Probability of each class for one sample. Predicted: Dog, 90.0 %, which is the true class."
    )


def test_matrix_without_a_mistake_names_none():
    info = figures.confusion_info(np.eye(2, dtype=np.int64), ("Cat", "Dog"))
    assert figures.CONFUSION.sentence(info) == (
        "Confusion matrix of 2 classes: 2 of 2 samples are right, 100.0 %."
    )


def test_matrix_without_samples_says_so():
    info = figures.confusion_info(np.zeros((2, 2), np.int64), ("Cat", "Dog"))
    assert figures.CONFUSION.sentence(info) == (
        "Confusion matrix of 2 classes: 0 of 0 samples are right."
    )


def test_numbers_to_predict_are_told_by_their_range():
    points = figures.points_info({"test": ([[0.0, 0.0]], [0.5])}, ())
    info = figures.boundary_info([0], [0, 1], [[1.0], [-2.0]], points)
    assert figures.BOUNDARY.sentence(info) == (
        "Predicted numbers over the plane: from -2 to 1; 1 point drawn."
    )
    assert dict(figures.BOUNDARY.table(info)) == {
        "Part": ["Test"],
        "Value": [0.5],
        "x": [0.0],
        "y": [0.0],
    }


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.14159, "0.142"), (1683.2, "1,683"), (-2.5, "-2.5"), (755_000, "755,000")],
)
def test_number_has_three_significant_figures(value, text):
    assert number(value) == text
