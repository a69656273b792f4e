"""The loop shown as a lesson is the one that trains."""

from __future__ import annotations

import inspect

from core.export import tape_source
from core.training.loops import batches, tape


def test_source_shown_is_that_of_the_modules_that_run():
    assert tape_source() == {
        "The loop": inspect.getsource(tape),
        "Its batches": inspect.getsource(batches),
    }
