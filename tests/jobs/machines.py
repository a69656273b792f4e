"""A Dask scheduler and workers of the tests' own, started as the README says."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
END_S = 30


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Machines:
    """What would be several computers; `environment` holds the variables they share."""

    folder: Path
    environment: dict[str, str]
    port: int = field(default_factory=_free_port)
    scheduler: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where the scheduler listens, if it runs."""
        return f"tcp://127.0.0.1:{self.port}"

    def start_scheduler(self) -> None:
        """Start a scheduler, always at the same address."""
        place = ["--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard"]
        self.scheduler = self._start("scheduler", *place)

    def start_worker(self) -> None:
        """Start one more worker; it ends with its scheduler, as under a supervisor's eyes."""
        options = ["--nthreads", "1", "--no-dashboard", "--preload", "core.jobs.warm"]
        place = ["--host", "127.0.0.1", "--local-directory", str(self.folder)]
        self.workers.append(self._start("worker", self.address, *options, *place))

    def kill_scheduler(self) -> None:
        """Kill it as a power cut would."""
        assert self.scheduler is not None
        self._kill(self.scheduler)

    def kill_worker(self, number: int) -> None:
        """Kill a worker, and the process that looks after it."""
        self._kill(self.workers[number])

    def end(self) -> None:
        """Leave no process behind."""
        for process in (*self.workers, self.scheduler):
            if process is not None:
                self._kill(process)

    def _start(self, *command: str) -> subprocess.Popen[bytes]:
        log = (self.folder / "log").open("ab")
        with log:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *command],
                cwd=ROOT,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _kill(self, process: subprocess.Popen[bytes]) -> None:
        """Kill a process with its children, at once; wait until they are gone."""
        if process.poll() is not None:
            return
        children = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        for child in children:
            if child.is_running():
                child.kill()
        process.wait(END_S)
        psutil.wait_procs(children, END_S)
