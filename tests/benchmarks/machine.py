"""On what the figures were measured, and whether other programs were in the way."""

from __future__ import annotations

import contextlib
import os
import platform
import time
from importlib.metadata import version
from pathlib import Path

import psutil

BUSY_PERCENT = 25.0  # of all cores together
PATIENCE_S = 20.0
BROWSER_NICENESS = 15
_waits: list[bool] = []


def describe() -> str:
    """The computer and the versions that matter, in two lines."""
    memory_gb = psutil.virtual_memory().total / 1e9
    return (
        f"{os.cpu_count()} cores of {_cpu()}, {memory_gb:.0f} GB, {platform.system()}; "
        f"load {os.getloadavg()[0]:.1f}\n"
        f"Python {platform.python_version()}, TensorFlow {version('tensorflow')}, "
        f"Keras {version('keras')}, Streamlit {version('streamlit')}"
    )


def wait_until_quiet() -> None:
    """Wait a while for other programs to pause, so that a single moment can be measured."""
    deadline = time.monotonic() + PATIENCE_S
    while (busy := psutil.cpu_percent(0.5) > BUSY_PERCENT) and time.monotonic() < deadline:
        pass
    _waits.append(not busy)


def describe_disturbance() -> str:
    """Of how many moments the computer was otherwise idle when they began."""
    return (
        f"Load at the end: {os.getloadavg()[0]:.1f}. Before {sum(_waits)} of {len(_waits)} clicks "
        f"and visits the computer was quiet: at most {BUSY_PERCENT:g} % of its cores in use."
    )


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def put_browsers_last() -> None:
    """Let the server have a core first: its visitors' browsers run on computers of their own."""
    for process in psutil.Process().children(recursive=True):
        if "chrom" in process.name():
            with contextlib.suppress(OSError):  # no such thing here
                Path(f"/proc/{process.pid}/autogroup").write_text(str(BROWSER_NICENESS))
            for thread in process.threads():
                with contextlib.suppress(OSError):  # it has ended meanwhile
                    os.setpriority(os.PRIO_PROCESS, thread.id, BROWSER_NICENESS)
