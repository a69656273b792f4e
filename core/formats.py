"""How numbers are written for people: the same way on pages, in figures and in sentences."""

from __future__ import annotations

import math

_DIGITS = 3
_MILLION = 1e6
_ROUNDING = 1e-9  # what computing a share may lose
_LARGEST, _SMALLEST = 1e12, 1e-6  # beyond these a power of ten is easier to read


def percent(share: float) -> str:
    """A share of 1 as a percentage with one decimal: `87.7 %`.

    What is not quite nothing or everything never looks like it: `<0.1 %`, `>99.9 %`.
    """
    if 0 < share < 0.0005:
        return "<0.1 %"
    if 0.9995 <= share < 1 - _ROUNDING:
        return ">99.9 %"
    return f"{100 * share:.1f} %"


def points(difference: float) -> str:
    """A difference of two shares of 1, without its sign: `15.9 points`, of a hundred."""
    return f"{100 * abs(difference):.1f} points"


def significant(value: float) -> str:
    """A number to three significant figures, whole numbers up to a million in full.

    `0.312`, `12.3`, `3,011`, `327 million`, `0.00000312`, `1.2e+15`, `NaN`, `-∞`.
    """
    size = abs(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    if size >= _LARGEST or 0 < size < _SMALLEST:
        return f"{value:.{_DIGITS}g}"
    if size >= _MILLION - 0.5:
        return f"{_rounded(value / _MILLION)} million"
    return _rounded(value)


def _rounded(value: float) -> str:
    """Three significant figures without a power of ten; more where the whole part has more."""
    before = math.floor(math.log10(abs(value))) + 1 if value else 1
    decimals = max(0, _DIGITS - before)
    text = f"{value:,.{decimals}f}"
    carried = abs(float(text.replace(",", ""))) >= 10**before
    return f"{value:,.{max(0, decimals - 1)}f}" if carried and value else text
