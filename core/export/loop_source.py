"""The training loop by hand, as text to read."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

_LOOPS = Path(__file__).parents[1] / "training" / "loops"


@lru_cache(maxsize=1)
def tape_source() -> dict[str, str]:
    """What runs when the training loop is GradientTape: titles to modules, read, not imported."""
    files = {"The loop": "tape.py", "Its batches": "batches.py"}
    return {title: (_LOOPS / name).read_text(encoding="utf-8") for title, name in files.items()}
