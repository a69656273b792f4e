"""What the program reports of itself: one JSON object a line on standard error."""

from __future__ import annotations

import logging
import sys

from pythonjsonlogger.json import JsonFormatter

_FIELDS = {"levelname": "level", "name": "room", "message": "event", "process": "process"}


def configure() -> None:
    """Report from all rooms of `core`; call it once a process.

    A line has the time (UTC), the level, the room, and the event in words; one about a run has
    its id in `run`.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter(list(_FIELDS), rename_fields=_FIELDS, timestamp="time"))
    room = logging.getLogger("core")
    room.handlers = [handler]
    room.setLevel(logging.INFO)
