"""Reads a server's output: which errors it tells of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

_TRACEBACK = "Traceback (most recent call last)"
_SEVERE = ("ERROR", "CRITICAL")


def errors(output: str) -> list[str]:
    """What went wrong: of each traceback what was raised, of another error what was said of it."""
    return list(_errors(output))


def _errors(output: str) -> Iterator[str]:
    inside = False  # a traceback printed as plain text
    for line in output.splitlines():
        if event := _event(line):
            inside = False
            if trace := event.get("traceback"):
                yield trace.splitlines()[-1]
            elif event.get("level") in _SEVERE:
                yield str(event.get("event"))
        elif _TRACEBACK in line:
            inside = True
        elif inside and line[:1].strip():
            yield line
            inside = False


def _event(line: str) -> dict[str, Any] | None:
    """A line of the log; None where it is plain text."""
    if not line.startswith("{"):
        return None
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
