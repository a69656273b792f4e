"""What the two rooms offer."""

from __future__ import annotations

import subprocess
import sys

import pytest

from core import analysis, figures


@pytest.mark.parametrize("room", [analysis, figures])
def test_every_public_name_is_there(room: object) -> None:
    assert all(hasattr(room, name) for name in room.__all__)


def test_every_figure_comes_with_its_info() -> None:
    drawn = {name.removesuffix("_figure") for name in figures.__all__ if name.endswith("_figure")}
    gathered = {name.removesuffix("_info") for name in figures.__all__ if name.endswith("_info")}
    assert drawn == gathered


@pytest.mark.parametrize("absent", ["sklearn", "scipy", "pandas", "tensorflow", "streamlit"])
def test_rooms_load_without(absent: str) -> None:
    code = f"import sys, core.analysis, core.figures; sys.exit({absent!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
