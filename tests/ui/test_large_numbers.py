"""Numbers of any size are shown whole, in few characters."""

from __future__ import annotations

import pytest

from core.ui import wording


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.01234, "0.0123"),
        (44.555, "44.6"),
        (-999.5, "-1,000"),
        (3011.26, "3,011"),
        (999_999, "999,999"),
        (6.4e9, "6,400 million"),
        (6.4e13, "6.4e+13"),
        (float("inf"), "∞"),
        (float("nan"), "NaN"),
    ],
)
def test_number_is_shown_in_few_characters(value, shown):
    assert wording.number("val_loss", value) == shown
    assert len(shown) <= 15


def test_a_share_stays_a_percentage():
    assert wording.number("val_accuracy", 0.875) == "87.5 %"
