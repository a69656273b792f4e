"""The process that serves pages: free of TensorFlow, and nothing of it is left when it ends.

Each test is a process of its own, as the modules and children of this one are not only its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import core.jobs

ROOT = Path(core.jobs.__file__).parents[2]
HEAVY = ("tensorflow", "keras")
HEAD = f"""
import json, sys, threading, time
from pathlib import Path
import psutil
from core.experiment import Experiment
from core.jobs import Jobs, Mailroom
from core.runs import RunStore
from core.settings import Settings

settings = Settings(home=Path(sys.argv[1]), data_dir=None, workers=1)
store = RunStore(settings.database_url)

def children():
    # Python's own resource tracker ends with this process.
    found = [command(child) for child in psutil.Process().children(recursive=True)]
    return [line for line in found if line and not any("resource_tracker" in part for part in line)]

def command(process):
    try:
        return process.cmdline()
    except psutil.Error:  # it has just ended
        return []

def wait_for(condition, within_s):
    deadline, pause = time.monotonic() + within_s, threading.Event()
    while not condition() and time.monotonic() < deadline:
        pause.wait(0.05)
    return condition()

def heavy():
    return [name for name in {HEAVY} if name in sys.modules]
"""
WHOLE_LIFE = """
jobs = Jobs(store, settings, Mailroom())
training = {"data": {"dataset": "digits"}, "training": {"epochs": 1}}
run = store.create(Experiment.model_validate(training))
jobs.submit(run.id)
state = jobs.state
ended = wait_for(lambda: store.get(run.id).status.final, 120)
seen = len(children())
jobs.close()
print(json.dumps({
    "state": state, "ended": ended, "status": store.get(run.id).status, "heavy": heavy(),
    "children": seen, "left": children(),
}))
"""
CLOSED_AT_ONCE = """
jobs = Jobs(store, settings, Mailroom())
started = wait_for(children, 60)
state = jobs.state
jobs.close()
gone = wait_for(lambda: not children(), 120)
print(json.dumps({"started": bool(started), "state": state, "gone": gone}))
"""
NO_PLACE = """
nowhere = Settings(home=settings.home / "file" / "home", data_dir=None, workers=1)
(settings.home / "file").write_text("in the way")
jobs = Jobs(store, nowhere, Mailroom())
ready = jobs.wait_until_ready(60)
run = store.create(Experiment())
jobs.submit(run.id)
print(json.dumps({
    "ready": ready, "state": jobs.state, "status": store.get(run.id).status,
    "reason": store.get(run.id).reason,
}))
jobs.close()
"""


def outcome(script: str, home: Path) -> dict:
    """What a process that ran `script` printed; it must end by itself, without a warning."""
    done = subprocess.run(
        [sys.executable, "-c", HEAD + script, str(home)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert all(json.loads(line)["level"] == "INFO" for line in done.stderr.splitlines())
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def life(tmp_path_factory) -> dict:
    return outcome(WHOLE_LIFE, tmp_path_factory.mktemp("life"))


def test_run_submitted_before_the_workers_are_there_is_trained(life):
    assert life["state"] == "starting"
    assert (life["ended"], life["status"]) == (True, "finished")


def test_process_that_holds_jobs_never_imports_tensorflow(life):
    assert life["heavy"] == []


def test_close_leaves_no_child_processes(life):
    assert life["children"] > 0
    assert life["left"] == []


def test_close_while_starting_leaves_no_child_processes(tmp_path):
    found = outcome(CLOSED_AT_ONCE, tmp_path)
    assert found == {"started": True, "state": "starting", "gone": True}


def test_cluster_that_cannot_start_fails_its_runs_with_the_reason(tmp_path):
    found = outcome(NO_PLACE, tmp_path)
    assert (found["ready"], found["state"], found["status"]) == (False, "broken", "failed")
    assert found["reason"].startswith("The training processes could not start: ")
    assert found["reason"].endswith("Press Train to run it again.")
