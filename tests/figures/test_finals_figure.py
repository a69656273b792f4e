"""Where runs ended."""

from __future__ import annotations

import pytest

from core.figures import Shown, finals_figure, finals_info
from core.figures.finals import FinalRow, FinalsInfo
from core.figures.theme import color
from tests.figures.runs import run

OVERFIT = Shown("MLP", run(accuracy=[0.5, 0.75], val_accuracy=[0.5, 0.25]), 0)


def test_info_holds_the_last_epoch_and_its_gap() -> None:
    expected = FinalsInfo("accuracy", (FinalRow("MLP", 0, 0.75, 0.25, 0.5),))
    assert finals_info([OVERFIT]) == expected


def test_gap_of_an_error_is_positive_where_validation_is_worse() -> None:
    info = finals_info([Shown("MLP", run(loss=[0.25], val_loss=[0.75]), 0)], "loss")
    assert info.rows[0].gap == 0.5


def test_run_without_validation_has_no_gap() -> None:
    info = finals_info([Shown("MLP", run(accuracy=[0.75]), 0)])
    assert info.rows == (FinalRow("MLP", 0, 0.75, None, None),)


def test_place_of_a_run_gives_its_colour() -> None:
    figure = finals_figure(finals_info([Shown("New", (), 0), Shown("MLP", OVERFIT.epochs, 3)]))
    assert {bar.marker.color for bar in figure.data[:1]} == {color(3)}


@pytest.mark.parametrize(
    ("shown", "heading"),
    [
        (OVERFIT, "<b>MLP</b> · gap 50.0 points"),
        (
            Shown("CNN", run(accuracy=[0.5], val_accuracy=[0.75]), 0),
            "<b>CNN</b> · validation ahead by 25.0 points",
        ),
        (Shown("New", (), 0), "<b>New</b> · no epoch yet"),
        (Shown("SGD", (), 0, "diverged", diverged=True), "<b>SGD</b> · diverged · no value"),
        (
            Shown("Adam", OVERFIT.epochs, 0, "still training"),
            "<b>Adam</b> · still training · gap 50.0 points",
        ),
    ],
)
def test_end_and_gap_are_told_in_words(shown: Shown, heading: str) -> None:
    assert finals_figure(finals_info([shown])).layout.annotations[0].text == heading


def test_bars_say_their_value_and_split() -> None:
    texts = [bar.text for bar in finals_figure(finals_info([OVERFIT])).data]
    assert texts == [("75.0 % train",), ("25.0 % validation",)]


def test_validation_bar_is_hatched() -> None:
    train, validation = finals_figure(finals_info([OVERFIT])).data
    assert (train.marker.pattern.shape, validation.marker.pattern.shape) == (None, "/")


def test_run_that_diverged_does_not_flatten_the_others() -> None:
    lost = Shown("SGD", run(loss=[1e30], val_loss=[1e30]), 1, "diverged", diverged=True)
    sound = Shown("MLP", run(loss=[0.5], val_loss=[0.8]), 0)
    figure = finals_figure(finals_info([sound, lost], "loss"))
    assert figure.layout.xaxis.range == (0, 0.8)
    assert max(bar.x[0] for bar in figure.data) == 0.8


def test_nothing_of_a_long_title_lies_under_the_bars() -> None:
    title = "Categorical cross-entropy · SGD · learning rate 0.1 · momentum 0.9 · 30 epochs"
    [long] = finals_figure(finals_info([Shown(title, OVERFIT.epochs, 0)])).layout.annotations
    figure = finals_figure(finals_info([Shown(title, OVERFIT.epochs, 0), OVERFIT]))
    first, second = figure.layout.annotations
    top = min(bar.y[0] - bar.width / 2 for bar in figure.data)
    assert top >= 17 * len(long.text.split("</b><br><b>"))
    assert second.y > max(bar.y[0] for bar in figure.data[:2]) > first.y
