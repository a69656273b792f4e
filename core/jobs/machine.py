"""This computer's memory: how much of it is ours, and what our processes take."""

from __future__ import annotations

from contextlib import suppress
from typing import NamedTuple

import psutil
from distributed.system import MEMORY_LIMIT

from core.settings import Settings

_MB = 1_000_000


class InUse(NamedTuple):
    """Resident memory in bytes: of this process, and of all that it has started."""

    own: int
    children: int

    @property
    def total(self) -> int:
        """Both together."""
        return self.own + self.children


def memory_limit(settings: Settings) -> int:
    """Bytes that Epochscope may take here.

    They are what the settings say, else the container's limit, else the computer's memory.
    """
    return settings.memory_mb * _MB if settings.memory_mb else int(MEMORY_LIMIT)


def memory_in_use() -> InUse:
    """What this process takes now, and its children: those that train and those that read."""
    process = psutil.Process()
    return InUse(
        process.memory_info().rss, sum(_resident(child) for child in process.children(True))
    )


def _resident(process: psutil.Process) -> int:
    with suppress(psutil.Error):  # it has ended just now, or belongs to somebody else
        return int(process.memory_info().rss)
    return 0
