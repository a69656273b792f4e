"""Where runs ended."""

from __future__ import annotations

import pytest

from core.figures import finals_figure, finals_info
from core.figures.finals import FinalRow, FinalsInfo
from core.figures.theme import color
from tests.figures.runs import run

OVERFIT = ("MLP", run(accuracy=[0.5, 0.75], val_accuracy=[0.5, 0.25]))


def test_info_holds_the_last_epoch_and_its_gap() -> None:
    assert finals_info([OVERFIT]) == FinalsInfo("accuracy", (FinalRow("MLP", 0.75, 0.25, 0.5),))


def test_gap_of_an_error_is_positive_where_validation_is_worse() -> None:
    info = finals_info([("MLP", run(loss=[0.25], val_loss=[0.75]))], "loss")
    assert info.rows[0].gap == 0.5


def test_run_without_validation_has_no_gap() -> None:
    info = finals_info([("MLP", run(accuracy=[0.75]))])
    assert info.rows == (FinalRow("MLP", 0.75, None, None),)


def test_run_without_epochs_keeps_its_place() -> None:
    figure = finals_figure(finals_info([("New", ()), OVERFIT]))
    assert {bar.marker.color for bar in figure.data[:1]} == {color(1)}


@pytest.mark.parametrize(
    ("runs", "heading"),
    [
        (OVERFIT, "<b>MLP</b> · gap 50.0 points"),
        (
            ("CNN", run(accuracy=[0.5], val_accuracy=[0.75])),
            "<b>CNN</b> · validation ahead by 25.0 points",
        ),
        (("New", ()), "<b>New</b> · no epoch yet"),
    ],
)
def test_gap_is_told_in_words(runs: tuple, heading: str) -> None:
    assert finals_figure(finals_info([runs])).layout.annotations[0].text == heading


def test_bars_say_their_value_and_split() -> None:
    texts = [bar.text for bar in finals_figure(finals_info([OVERFIT])).data]
    assert texts == [("75.0 % train",), ("25.0 % validation",)]


def test_validation_bar_is_hatched() -> None:
    train, validation = finals_figure(finals_info([OVERFIT])).data
    assert (train.marker.pattern.shape, validation.marker.pattern.shape) == (None, "/")
