"""Has threads or processes begin at the same moment."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import core.runs

ROOT = Path(core.runs.__file__).parents[2]
PROCESSES = 2
# A racer says it is ready, waits for the shot, and prints what came of it as JSON.
_RACER = """
import json, sys
from core.experiment import Experiment
from core.records import EpochRecord, Status
from core.runs import RunStore
urls, ids = json.loads(sys.argv[1]), json.loads(sys.argv[2])
store = RunStore(urls[0]) if ids else None
print("ready", flush=True)
sys.stdin.readline()
print(json.dumps({action}))
"""


def in_threads(*actions: Callable[[], object]) -> list:
    """What each action returned; all begin at the same moment."""
    gate, results = threading.Barrier(len(actions)), [None] * len(actions)

    def run(number: int) -> None:
        gate.wait()
        results[number] = actions[number]()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(actions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return results


def in_processes(action: str, urls: list[str], ids: list[str]) -> list:
    """What the expression `action` of `store` and `ids` gave in two processes that begin together.

    Without `ids` there is no `store`, and the action opens those of `urls` by itself.
    """
    code = _RACER.replace("{action}", action)
    command = [sys.executable, "-c", code, json.dumps(urls), json.dumps(ids)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    racers = [subprocess.Popen(command, cwd=ROOT, text=True, **pipes) for _ in range(PROCESSES)]
    try:
        assert [racer.stdout.readline().strip() for racer in racers] == ["ready"] * PROCESSES
        for racer in racers:
            racer.stdin.write("go\n")
            racer.stdin.flush()
        ends = [racer.communicate(timeout=180) for racer in racers]
    finally:
        for racer in racers:
            racer.kill()
            racer.wait()
    assert [racer.returncode for racer in racers] == [0] * PROCESSES, [err for _, err in ends]
    return [json.loads(out) for out, _ in ends]
