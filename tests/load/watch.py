"""What the app holds and uses while visitors are there: memory and processor time by process."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import psutil

from tests.browser.app import App

EVERY_S = 1.0


@dataclass
class Use:
    """Bytes resident, and the cores used on average: by the web process, workers and visitors."""

    web_most: int = 0
    web_end: int = 0
    workers_most: int = 0
    web_cores: float = 0.0
    worker_cores: float = 0.0
    visitor_cores: float = 0.0
    computer_share: float = 0.0


@contextlib.contextmanager
def watching(app: App) -> Iterator[Use]:
    """Look at the app's memory each second; the `Use` is whole once the block has ended."""
    use, over = Use(), threading.Event()
    watcher = threading.Thread(target=_look, args=(app, use, over), daemon=True)
    began, before = time.perf_counter(), _seconds(app)
    psutil.cpu_percent()
    watcher.start()
    try:
        yield use
    finally:
        over.set()
        watcher.join()
        passed = time.perf_counter() - began
        used = [(now - then) / passed for now, then in zip(_seconds(app), before, strict=True)]
        use.web_cores, use.worker_cores, use.visitor_cores = used
        use.computer_share = psutil.cpu_percent() / 100
        use.web_end = app.web_bytes()


def _look(app: App, use: Use, over: threading.Event) -> None:
    while not over.wait(EVERY_S):
        with contextlib.suppress(psutil.NoSuchProcess):
            use.web_most = max(use.web_most, app.web_bytes())
            use.workers_most = max(use.workers_most, sum(app.worker_bytes()))


def _seconds(app: App) -> tuple[float, float, float]:
    """Processor seconds so far of the web process, of all it started, and of this one."""
    workers = [_of(child) for child in app.process.children(recursive=True)]
    return _of(app.process), sum(workers), _of(psutil.Process())


def _of(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
