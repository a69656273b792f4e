"""Words that pages share."""

from __future__ import annotations

import pytest

from core.ui import wording


def test_text_begins_with_whole_words_and_says_that_it_goes_on():
    assert wording.beginning("one two three", 13) == "one two three"
    assert wording.beginning("one two three", 12) == "one two …"
    assert wording.beginning("one two three", 8) == "one …"


@pytest.mark.parametrize(
    ("values", "written"),
    [
        ([0.31234, 0.2], "%.3g"),
        ([3066.8, 0.5123], "%.4g"),
        ([755_000.0, None], "%.6g"),
        ([7.5e12], "%.3g"),
        ([float("nan"), 12.0], "%.3g"),
        ([], "%.3g"),
    ],
)
def test_column_of_losses_shows_the_whole_part_of_the_largest(values, written):
    assert wording.column_format(values) == written
