"""Has a process of its own unpack a large set: the memory that takes is given back when it ends."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

from core.errors import DatasetUnavailable

LARGE_BYTES = 5_000_000  # of files: CIFAR's 170 MB take 700 MB of memory, IMDB's 17 take 400
UNAVAILABLE = 3  # how the process ends when the set cannot be used; it prints why
_ROOT = Path(__file__).parents[2]
_LIMIT_S = 600
_log = logging.getLogger(__name__)


def unpack_apart(name: str) -> None:
    """Unpack a stored set by its name; where no process can, that is left to whoever reads it.

    Raises:
        DatasetUnavailable: it is damaged, or no longer on this computer.
    """
    paths = (str(_ROOT), os.environ.get("PYTHONPATH", ""))
    try:
        done = subprocess.run(  # noqa: S603  # the name is one of ours
            [sys.executable, "-m", "core.data", name],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=_LIMIT_S,
        )
    except (OSError, subprocess.SubprocessError) as error:
        _log.warning("%s could not be unpacked by another process: %s", name, error)
        return
    if done.returncode == UNAVAILABLE:
        raise DatasetUnavailable(done.stdout.strip())
    if done.returncode:
        _log.warning("unpacking %s ended with %s: %s", name, done.returncode, done.stderr[-500:])
