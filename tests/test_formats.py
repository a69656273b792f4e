"""Numbers as people read them."""

from __future__ import annotations

import pytest

from core import formats


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.877, "87.7 %"),
        (0.0, "0.0 %"),
        (1.0, "100.0 %"),
        (0.99996, ">99.9 %"),
        (1 - 1e-12, "100.0 %"),
        (0.0004, "<0.1 %"),
        (0.9994, "99.9 %"),
    ],
)
def test_shares_have_one_decimal_and_never_look_like_all_or_nothing(share: float, text: str):
    assert formats.percent(share) == text


def test_points_have_no_sign():
    assert formats.points(-0.159) == "15.9 points"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.31234, "0.312"),
        (0.3, "0.300"),
        (0.0031234, "0.00312"),
        (0.00000312, "0.00000312"),
        (3.12e-8, "3.12e-08"),
        (0.5, "0.500"),
        (1.7895, "1.79"),
        (-20.3986, "-20.4"),
        (17_646.4961, "17,646"),
        (12.345, "12.3"),
        (9.999, "10.0"),
        (99.97, "100"),
        (326.7, "327"),
        (999.9, "1,000"),
        (3011.26, "3,011"),
        (326_700_000, "327 million"),
        (1_234_567, "1.23 million"),
        (3.2e15, "3.2e+15"),
        (-0.0456, "-0.0456"),
        (0.0, "0.00"),
        (float("nan"), "NaN"),
        (float("-inf"), "-∞"),
    ],
)
def test_numbers_have_three_significant_figures(value: float, text: str):
    assert formats.significant(value) == text
