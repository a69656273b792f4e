"""What is said of a dataset's file that cannot be used."""

from __future__ import annotations

import logging
from pathlib import Path

from core.errors import DatasetUnavailable

_log = logging.getLogger(__name__)


def damaged(path: Path, error: Exception, instead: str) -> DatasetUnavailable:
    """The error for visitors, with the file's name; the log is told where it lies.

    `instead` says what else one can do.
    """
    _log.warning("%s cannot be used: %s", path, error)
    return DatasetUnavailable(
        f"The file {path.name} of this dataset cannot be used: {reason(error)}. Whoever runs this "
        "server has to delete it, or to put an undamaged copy in its place; its log says where. "
        f"Then try again; or {instead}."
    )


def reason(error: Exception) -> str:
    """What an error says, without the place it says it of."""
    if isinstance(error, KeyError):
        return f"it has no {error}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error)
