"""The bars of one sample's probabilities."""

from __future__ import annotations

import numpy as np

from core.figures import (
    points_figure,
    points_info,
    probabilities_figure,
    probabilities_info,
)
from core.figures.probabilities import MOST_BARS, Bar, ProbabilitiesInfo
from core.figures.theme import BLUE, PALETTE

NAMES = ("Cat", "Dog", "Fox")


def test_info_marks_the_true_and_the_predicted_class() -> None:
    assert probabilities_info([0.2, 0.7, 0.1], NAMES, true=0) == ProbabilitiesInfo(
        bars=(
            Bar("Cat", 0.2, is_true=True, is_predicted=False, color=PALETTE[0]),
            Bar("Dog", 0.7, is_true=False, is_predicted=True, color=PALETTE[1]),
            Bar("Fox", 0.1, is_true=False, is_predicted=False, color=PALETTE[2]),
        ),
        left_out=0,
    )


def test_wrong_prediction_is_told_in_words() -> None:
    texts = [bar.text for bar in probabilities_info([0.2, 0.7, 0.1], NAMES, true=0).bars]
    assert texts == ["20.0 %  true class", "70.0 %  predicted ✗", "10.0 %"]


def test_right_prediction_is_told_in_words() -> None:
    assert probabilities_info([0.997, 0.003], NAMES, true=0).bars[0].text == "99.7 %  predicted ✓"


def test_few_classes_have_the_colours_they_have_among_the_points() -> None:
    shown = points_figure(points_info({"test": ([[0, 0], [1, 1]], [0, 1])}, NAMES[:2]))
    among_points = [trace.marker.color for trace in shown.data[:2]]
    bars = probabilities_info([0.2, 0.8], NAMES[:2], true=0).bars
    assert [bar.color for bar in bars] == among_points


def test_colour_of_a_class_does_not_depend_on_being_right_or_wrong() -> None:
    right, wrong = (probabilities_info([0.2, 0.8], NAMES[:2], true=label).bars for label in (1, 0))
    assert [bar.color for bar in right] == [bar.color for bar in wrong]


def test_more_classes_than_colours_share_one() -> None:
    bars = probabilities_info(np.eye(10)[3], [f"Class {place}" for place in range(10)], true=4).bars
    assert {bar.color for bar in bars if bar.is_true or bar.is_predicted} == {BLUE}
    assert len({bar.color for bar in bars}) == 2


def test_many_classes_keep_the_most_probable_and_the_true_one() -> None:
    values = np.linspace(1, 0, 40)
    info = probabilities_info(values, [str(place) for place in range(40)], true=30)
    kept = [bar.name for bar in info.bars]
    assert (kept, info.left_out) == ([*map(str, range(MOST_BARS - 1)), "30"], 28)


def test_left_out_classes_are_mentioned() -> None:
    info = probabilities_info(np.linspace(1, 0, 40), [str(place) for place in range(40)])
    title = probabilities_figure(info).layout.xaxis.title.text
    assert title == "Probability<br>28 more classes not shown"


def test_first_class_is_on_top() -> None:
    figure = probabilities_figure(probabilities_info([0.2, 0.8], NAMES))
    assert figure.layout.yaxis.range == (1.5, -0.5)
