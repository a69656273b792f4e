"""A Dask worker's preload: imports TensorFlow and trains once before the worker takes work."""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from core import logs
from core.settings import settings

AUTOGROUP = Path("/proc/self/autogroup")


def dask_setup(worker: Any) -> None:
    """Called by Dask before the worker joins the scheduler.

    Temporary files go to the worker's folder: Dask removes a killed one's when it next starts.
    """
    tempfile.tempdir = worker.local_directory
    _stand_back()
    logs.configure()
    with _silent_stderr():
        # Imported here: the web process imports this room.
        from core.jobs.workplace import programs  # noqa: PLC0415
        from core.training import warm_up  # noqa: PLC0415

        warm_up(programs())
    gc.collect()
    gc.freeze()  # a run's garbage is looked for after it: not in all of TensorFlow


def _stand_back() -> None:
    """Leave the cores to the web process whenever it wants one: it must answer while all train.

    Linux shares cores out among sessions first (see sched(7), "The autogroup feature"), and
    only then looks at how nice their processes are; so this one gets a session of its own.
    """
    niceness = settings().niceness
    if hasattr(os, "setsid"):
        with suppress(OSError):
            os.setsid()
            AUTOGROUP.write_text(str(niceness), encoding="ascii")
    if hasattr(os, "nice"):
        os.nice(niceness)


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
