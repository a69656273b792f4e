"""The memory of this computer: how much is ours, and what our processes take."""

from __future__ import annotations

import subprocess
import sys

import psutil
import pytest
from distributed import Client, LocalCluster

from core.jobs import cluster, machine
from core.jobs.machine import memory_in_use, memory_limit
from core.settings import Settings

TAKEN = 80_000_000
# It says so as soon as it has the memory, and holds it until it is told to end.
CHILD = f"taken = bytearray(b'x') * {TAKEN}; print('ready', flush=True); input()"
PARENT = (
    "import subprocess, sys; child = subprocess.Popen([sys.executable, '-c', sys.argv[1]]); "
    "child.wait()"
)


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(home=tmp_path, data_dir=None, workers=1)


def test_limit_is_the_containers_or_the_computers(settings, monkeypatch):
    assert 0 < memory_limit(settings) <= psutil.virtual_memory().total
    monkeypatch.setattr(machine, "MEMORY_LIMIT", 512_000_000)
    assert memory_limit(settings) == 512_000_000


def test_setting_comes_before_what_the_computer_says(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "MEMORY_LIMIT", 512_000_000)
    told = Settings(home=tmp_path, data_dir=None, workers=1, memory_mb=2_700)
    assert memory_limit(told) == 2_700_000_000


def test_processes_of_processes_are_counted():
    before = memory_in_use()
    command = [sys.executable, "-c", PARENT, CHILD]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as parent:
        assert parent.stdout.readline() == "ready\n"
        after = memory_in_use()
        parent.communicate("\n")
    assert after.children - before.children > TAKEN
    assert after.own - before.own < TAKEN
    assert after.total == after.own + after.children


@pytest.mark.parametrize(("given", "told"), [("300 MB", 300_000_000), (0, 0)])
def test_worker_tells_its_memory_and_its_limit(given, told):
    options = {"threads_per_worker": 1, "dashboard_address": None, "memory_limit": given}
    with LocalCluster(1, processes=False, **options) as workers, Client(workers) as client:
        [worker] = cluster.workers(client)
    assert worker.memory_limit_bytes == told
    assert worker.memory_bytes > 10_000_000
