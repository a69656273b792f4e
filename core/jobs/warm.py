"""A Dask worker's preload: imports TensorFlow and trains once before the worker takes work."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# The web process must answer while all cores train.
NICENESS = 19


def dask_setup(_worker: Any) -> None:
    """Called by Dask before the worker joins the scheduler."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    with _silent_stderr():
        # Imported here: the web process imports this room.
        from core.jobs.work import programs  # noqa: PLC0415
        from core.training import warm_up  # noqa: PLC0415

        warm_up(programs())


@contextmanager
def _silent_stderr() -> Iterator[None]:
    """Keep TensorFlow's notes about missing GPUs, printed from C++, off the terminal."""
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    try:
        yield
    finally:
        sys.stderr.flush()
        os.dup2(kept, 2)
        os.close(kept)
