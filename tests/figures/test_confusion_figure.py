"""The confusion matrix as a heat map."""

from __future__ import annotations

import numpy as np
import pytest

from core.figures import confusion_figure, confusion_info
from core.figures.confusion import ConfusionInfo

NAMES = ("Cat", "Dog")
MATRIX = np.array([[3, 1], [0, 400]])


def test_info_holds_counts_and_shares_of_the_true_class() -> None:
    assert confusion_info(MATRIX, NAMES) == ConfusionInfo(
        names=NAMES,
        counts=((3, 1), (0, 400)),
        shares=((0.75, 0.25), (0.0, 1.0)),
        texts=(("3", "1"), ("", "400")),
    )


def test_normalized_cells_are_written_in_percent() -> None:
    matrix = np.array([[299, 1], [0, 4]])
    assert confusion_info(matrix, NAMES, normalize=True).texts == (("100", "<1"), ("", "100"))


@pytest.mark.parametrize(
    ("classes", "numbered"), [(2, True), (25, True), (26, False), (100, False)]
)
def test_numbers_are_hidden_where_they_do_not_fit(classes: int, numbered: bool) -> None:
    names = [f"class {place}" for place in range(classes)]
    info = confusion_info(np.eye(classes, dtype=np.int64), names)
    modes = [trace.mode for trace in confusion_figure(info).data if trace.type == "scatter"]
    assert (modes == ["text", "text"], bool(info.texts)) == (numbered, numbered)


def test_right_answers_and_mistakes_are_drawn_apart() -> None:
    right, wrong, *_ = confusion_figure(confusion_info(MATRIX, NAMES)).data
    np.testing.assert_array_equal(right.z, [[0.75, np.nan], [np.nan, 1.0]])
    np.testing.assert_array_equal(wrong.z, [[np.nan, 0.25], [0.0, np.nan]])


def test_numbers_on_strong_cells_are_white() -> None:
    *_, strong, weak = confusion_figure(confusion_info(MATRIX, NAMES)).data
    assert (strong.textfont.color, strong.text, weak.text) == ("#ffffff", ("3", "400"), ("1", ""))


def test_first_true_class_is_on_top() -> None:
    assert confusion_figure(confusion_info(MATRIX, NAMES)).layout.yaxis.range == (1.5, -0.5)


def test_axes_say_which_is_true_and_which_predicted() -> None:
    layout = confusion_figure(confusion_info(MATRIX, NAMES)).layout
    assert (layout.xaxis.title.text, layout.yaxis.title.text) == ("Predicted class", "True class")


def test_a_class_without_samples_is_blank() -> None:
    assert confusion_info(np.array([[0, 0], [1, 1]]), NAMES).texts[0] == ("", "")
