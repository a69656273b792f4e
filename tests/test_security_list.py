"""`SECURITY.md` names tests: they are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NAMED = sorted(set(re.findall(r"`([\w/]+\.py)`", (ROOT / "SECURITY.md").read_text("utf-8"))))


@pytest.mark.parametrize("name", NAMED)
def test_test_that_is_named_is_there(name):
    assert (ROOT / "tests" / name).is_file()


def test_every_attack_is_named():
    attacks = {f"attacks/{file.name}" for file in (ROOT / "tests" / "attacks").glob("test_*.py")}
    assert attacks - set(NAMED) == set()
