"""Threads and processes at once: one settles, one starts or cancels, one migrates."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import core.runs
from core.experiment import Experiment
from core.records import EpochRecord, Status
from core.runs import RunStore

ROOT = Path(core.runs.__file__).parents[2]
PROCESSES = 2
# A racer says it is ready, waits for the shot, and prints what came of it as JSON.
RACER = """
import json, sys
from core.experiment import Experiment
from core.records import EpochRecord, Status
from core.runs import RunStore
url, ids = sys.argv[1], sys.argv[2].split()
store = RunStore(url) if ids else None
print("ready", flush=True)
sys.stdin.readline()
print(json.dumps({action}))
"""


@pytest.fixture
def url(tmp_path) -> str:
    return f"sqlite:///{tmp_path / 'runs.sqlite3'}"


@pytest.fixture
def store(url):
    opened = RunStore(url)
    yield opened
    opened.close()


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
        thread.join(timeout=30)
    return results


def in_processes(action: str, url: str, ids: list[str]) -> list:
    """What the expression `action` gave in each of two processes that begin together."""
    code = RACER.replace("{action}", action)
    command = [sys.executable, "-c", code, url, " ".join(ids)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    racers = [subprocess.Popen(command, cwd=ROOT, text=True, **pipes) for _ in range(PROCESSES)]
    try:
        assert [racer.stdout.readline().strip() for racer in racers] == ["ready"] * PROCESSES
        for racer in racers:
            racer.stdin.write("go\n")
            racer.stdin.flush()
        ends = [racer.communicate(timeout=60) for racer in racers]
    finally:
        for racer in racers:
            racer.kill()
            racer.wait()
    assert [racer.returncode for racer in racers] == [0] * PROCESSES, [err for _, err in ends]
    return [json.loads(out) for out, _ in ends]


@pytest.mark.parametrize("round_", range(10))
def test_one_of_eight_threads_settles_a_run(store, round_):
    run_id = store.create(Experiment()).id
    names = [f"thread {number}" for number in range(8)]
    won = in_threads(
        *(lambda name=name: store.settle(run_id, Status.FAILED, name) for name in names)
    )
    assert won.count(True) == 1
    assert store.get(run_id).reason == names[won.index(True)]


def test_one_of_two_processes_settles_a_run(store, url):
    ids = [store.create(Experiment()).id for _ in range(30)]
    one, two = in_processes("[store.settle(i, Status.STOPPED) for i in ids]", url, ids)
    assert [a + b for a, b in zip(one, two, strict=True)] == [1] * 30


@pytest.mark.parametrize("round_", range(20))
def test_queued_run_is_either_started_or_cancelled(store, round_):
    run_id = store.create(Experiment()).id
    started, cancelled = in_threads(lambda: store.claim(run_id), lambda: store.cancel(run_id))
    assert started != cancelled
    expected = Status.RUNNING if started else Status.STOPPED
    assert store.get(run_id).status is expected


def test_epochs_of_eight_threads_are_all_kept(store):
    run_ids = [store.create(Experiment()).id for _ in range(8)]

    def add_all(run_id: str) -> None:
        for number in range(20):
            store.add_epoch(run_id, EpochRecord(number, {"loss": number}, 0.1, 0.1))

    in_threads(*(lambda run_id=run_id: add_all(run_id) for run_id in run_ids))
    assert [len(store.epochs(run_id)) for run_id in run_ids] == [20] * 8


def test_same_epoch_from_two_processes_is_kept_once(store, url):
    run_id = store.create(Experiment()).id
    add = "[store.add_epoch(ids[0], EpochRecord(n, {'loss': n}, 0.1, 0.1)) for n in range(30)]"
    in_processes(add, url, [run_id])
    assert [record.epoch for record in store.epochs(run_id)] == list(range(30))


def test_two_processes_that_open_a_new_database_migrate_it_once(tmp_path):
    # Several databases, since one alone may not be hit at the same moment.
    pattern = f"sqlite:///{tmp_path}/new-%d.sqlite3"
    create = "[RunStore(url % n).create(Experiment()).status for n in range(10)]"
    results = in_processes(create, pattern, [])
    assert results == [["queued"] * 10] * PROCESSES
    for number in range(10):
        opened = RunStore(pattern % number)
        assert opened.count(Status.QUEUED) == PROCESSES
        opened.close()
