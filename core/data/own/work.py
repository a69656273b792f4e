"""One file on its way to being a dataset: where it is, where its arrays go, what is allowed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.data.own.facts import OwnFacts
from core.data.own.limits import ReadLimits

OnProgress = Callable[[float], None]
MOST_NAMED = 100


@dataclass(frozen=True)
class Work:
    """`path` is read, which its owner calls `name`; arrays go to `folder`, all else to `scratch`.

    `progress` is told shares from 0 to 1.
    """

    path: Path
    name: str
    folder: Path
    scratch: Path
    limits: ReadLimits
    progress: OnProgress
    seed: int = 0


@dataclass(frozen=True)
class Outcome:
    """What a conversion has to say besides the arrays it wrote."""

    facts: OwnFacts
    warnings: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    skipped_count: int = 0
