"""What the app and the reading process tell each other, as JSON in a scratch folder.

Apart from the reading itself: the process that serves pages starts it, and need not import it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter

from core.data.own.facts import Choices, Converted, Look, TableReading
from core.data.own.limits import ReadLimits
from core.data.own.names import tidy


@dataclass(frozen=True)
class Request:
    """A file to look at, or with `choices` to convert into the four arrays in `folder`.

    `reading` says how to look at a table.
    """

    path: Path
    name: str
    folder: Path
    limits: ReadLimits
    choices: Choices | None = None
    seed: int = 0
    reading: TableReading = field(default_factory=TableReading)


@dataclass(frozen=True)
class Reply:
    """What came of a request: one of the three."""

    look: Look | None = None
    converted: Converted | None = None
    problem: str | None = None


REQUEST = TypeAdapter(Request)
REPLY = TypeAdapter(Reply)


def too_much_memory(name: str, limits: ReadLimits) -> str:
    """What to say of a file that the reading process could not hold."""
    return (
        f"{tidy(name)} takes more than the {limits.memory_bytes / 1e6:,.0f} MB of memory that "
        "reading may take. Upload a smaller file, or fewer columns."
    )
