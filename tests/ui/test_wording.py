"""Words that pages share."""

from __future__ import annotations

from core.ui import wording


def test_text_begins_with_whole_words_and_says_that_it_goes_on():
    assert wording.beginning("one two three", 13) == "one two three"
    assert wording.beginning("one two three", 12) == "one two …"
    assert wording.beginning("one two three", 8) == "one …"
