"""Runs the real app on a free port, with a home of its own, in a process that is surely ended."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from core.runs import RunStore

ROOT = Path(__file__).parents[2]
PARTS = ("core", "pages", ".streamlit")
PORTS = range(8700, 8760)
_TESTERS = 6  # processes of tests that share the ports
START_S = 180.0
_MOST_RUNS = 1_000
_POLL_S = 0.02


@dataclass(frozen=True)
class ScriptRun:
    """One whole run of the script: the page it drew, and seconds as in `tests.browser.timed`."""

    page: str
    wall_s: float
    cpu_s: float
    queued_s: float


@dataclass(frozen=True)
class App:
    """A running app: its address, its web process, and its folders."""

    url: str
    process: psutil.Process
    folder: Path

    @property
    def home(self) -> Path:
        """What the app was given as EPOCHSCOPE_HOME."""
        return self.folder / "home"

    def stop_runs(self) -> None:
        """Stop what still waits or trains: it would take the cores from the next test."""
        store = RunStore(f"sqlite:///{self.home / 'runs.sqlite3'}")
        try:
            for run in store.recent(_MOST_RUNS):
                if not run.status.final:
                    store.request_stop(run.id)
        finally:
            store.close()

    def script_runs(self) -> list[ScriptRun]:
        """All script runs so far, in the order of their ends."""
        file = self.folder / "times.jsonl"
        if not file.exists():
            return []
        lines = file.read_text(encoding="utf-8").splitlines()
        return [ScriptRun(**json.loads(line)) for line in lines]

    def web_bytes(self) -> int:
        """Resident memory of the web process."""
        return int(self.process.memory_info().rss)

    def started_ids(self) -> set[int]:
        """The ids of the processes the web process started."""
        return {child.pid for child in self.process.children(recursive=True)}

    def worker_bytes(self) -> list[int]:
        """Resident memory of each process the web process started, the largest first."""
        sizes = [child.memory_info().rss for child in self.process.children(recursive=True)]
        return sorted(sizes, reverse=True)


@contextlib.contextmanager
def running() -> Iterator[App]:
    """Start a copy of the app, which nobody edits meanwhile; ready when its server answers."""
    with TemporaryDirectory(prefix="epochscope-bench-") as name:
        folder = Path(name)
        port = _free_port()
        server = _start(folder, _copied(folder / "code"), port)
        app = App(f"http://localhost:{port}", psutil.Process(server.pid), folder)
        try:
            _wait_until_it_answers(app, server)
            yield app
        finally:
            end(app.process)


def killed_and_restarted(app: App) -> App:
    """Kill the web process as the power would, and start it again on the same folder and port."""
    family = app.process.children(recursive=True)
    app.process.kill()
    psutil.wait_procs([app.process, *family], timeout=START_S)  # workers follow by themselves
    port = int(app.url.rpartition(":")[2])
    server = _start(app.folder, app.folder / "code", port)
    again = App(app.url, psutil.Process(server.pid), app.folder)
    _wait_until_it_answers(again, server)
    return again


def _copied(code: Path) -> Path:
    without = shutil.ignore_patterns("__pycache__")
    for part in PARTS:
        shutil.copytree(ROOT / part, code / part, ignore=without)
    for script in (ROOT / "app.py", Path(__file__).with_name("timed.py")):
        shutil.copy(script, code)
    return code


def _start(folder: Path, code: Path, port: int) -> subprocess.Popen[bytes]:
    options = {"port": port, "headless": "true", "address": "localhost"}
    flags = [f"--server.{name}={value}" for name, value in options.items()]
    with (folder / "output.txt").open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "timed.py", *flags],
            cwd=code,
            env={
                **os.environ,
                "EPOCHSCOPE_HOME": str(folder / "home"),
                "EPOCHSCOPE_TIMES": str(folder / "times.jsonl"),
            },
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _free_port() -> int:
    """One that is free and that no other of pytest's processes looks at: it is taken later."""
    tester = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    for port in PORTS[tester % _TESTERS :: _TESTERS]:
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("localhost", port))
            return port
    raise RuntimeError(f"no free port from {PORTS[0]} to {PORTS[-1]}")


def _wait_until_it_answers(app: App, server: subprocess.Popen[bytes]) -> None:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError), direct.open(f"{app.url}/_stcore/health", timeout=1):
            return
        time.sleep(_POLL_S)
    said = (app.folder / "output.txt").read_text(encoding="utf-8", errors="replace")
    raise RuntimeError(f"the app did not start: {said[-500:] or 'it said nothing'}")


def end(process: psutil.Process) -> None:
    """Ask the web process and all it started to end; end by force what does not."""
    with contextlib.suppress(psutil.NoSuchProcess):
        family = [*process.children(recursive=True), process]
        process.terminate()
        _, left = psutil.wait_procs(family, timeout=10)
        for member in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                member.kill()
        psutil.wait_procs(left, timeout=10)
