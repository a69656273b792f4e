"""Training processes and a run store of their own, for what is measured through `Jobs`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from core.jobs import Jobs, Mailroom
from core.runs import RunStore
from core.settings import Settings

START_S = 120


@contextmanager
def started(count: int) -> Iterator[tuple[Jobs, RunStore, Mailroom]]:
    """So many workers that are ready; at the end they are gone, so that nothing is measured beside.

    Raises:
        RuntimeError: they do not start.
    """
    with TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), data_dir=None, workers=count)
        store, mailroom = RunStore(settings.database_url), Mailroom()
        jobs = Jobs(store, settings, mailroom)
        try:
            if not jobs.wait_until_ready(START_S):
                raise RuntimeError(jobs.problem or "the workers do not start")
            yield jobs, store, mailroom
        finally:
            pids = jobs.worker_pids()
            jobs.close()
            store.close()
            gone = [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)]
            psutil.wait_procs(gone, timeout=START_S)
