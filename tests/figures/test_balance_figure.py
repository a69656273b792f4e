"""Samples of each class."""

from __future__ import annotations

from core.figures import balance_figure, balance_info
from core.figures.balance import BalanceInfo, SplitCounts
from core.figures.theme import SPLIT_COLORS

COUNTS = {"test": (0, 1, 0), "train": (2, 0, 1)}
NAMES = ("Cat", "Dog", "Fox")


def test_info_holds_the_counts_of_each_split_in_the_usual_order() -> None:
    assert balance_info(COUNTS, NAMES) == BalanceInfo(
        NAMES, (SplitCounts("train", (2, 0, 1)), SplitCounts("test", (0, 1, 0)))
    )


def test_split_without_samples_is_left_out() -> None:
    info = balance_info({"train": (1,), "validation": (0,), "test": ()}, ("Cat",))
    assert [part.split for part in info.splits] == ["train"]


def test_bars_have_the_colour_of_their_split() -> None:
    bars = balance_figure(balance_info(COUNTS, NAMES)).data
    colors = {bar.name: bar.marker.color for bar in bars}
    assert colors == {"Train": SPLIT_COLORS["train"], "Test": SPLIT_COLORS["test"]}


def test_long_class_names_are_shortened_on_the_axis() -> None:
    figure = balance_figure(balance_info({"train": (1,)}, ("An extraordinarily long class",)))
    assert figure.layout.xaxis.labelalias == {"An extraordinarily long class": "An extraordinar…"}


def test_splits_of_many_classes_stand_on_each_other():
    names = tuple(map(str, range(100)))
    figure = balance_figure(balance_info({"train": [4] * 100, "test": [1] * 100}, names))
    assert figure.layout.barmode == "stack"
    assert balance_figure(balance_info({"train": [4] * 10}, names[:10])).layout.barmode == "group"
