"""Logs: one line of JSON an event, whoever tells of it, with the run it is about and no secret.

What is tested belongs to a whole process, so each test has one of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PASSWORD = "hunter2hunter2"
SECRETS = {
    "EPOCHSCOPE_SECRET": "c00kie" * 8,
    "AWS_ACCESS_KEY_ID": "AKIAEPOCHSCOPE",
    "AWS_SECRET_ACCESS_KEY": "s3/key+" * 5,
}
HEAD = """
import logging, os, sys, threading, warnings
from core import logs
logs.configure()
log = logging.getLogger("core.tests")
"""


def lines(script: str, ends: int = 0) -> list[dict]:
    """The lines a process has logged that ran `script` and ended so."""
    done = subprocess.run(
        [sys.executable, "-c", HEAD + script],
        cwd=ROOT,
        env={**os.environ, **SECRETS},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == ends, done.stderr
    for secret in (PASSWORD, *SECRETS.values()):
        assert secret not in done.stderr
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_line_has_time_level_room_event_and_run():
    [line] = lines("log.info('claimed', extra={'run': 'abc'})")
    assert line.pop("time").endswith("+00:00")
    assert line.pop("process") > 0
    assert line == {"level": "INFO", "room": "core.tests", "event": "claimed", "run": "abc"}


def test_exception_is_one_line_with_its_traceback_as_one_string():
    script = """
try:
    raise ValueError("in\\ntwo lines")
except ValueError:
    log.exception("could not", extra={"run": "abc"})
"""
    [line] = lines(script)
    assert (line["level"], line["event"], line["run"]) == ("ERROR", "could not", "abc")
    assert line["traceback"].startswith("Traceback (most recent call last):\n")
    assert line["traceback"].endswith("ValueError: in\ntwo lines")


@pytest.mark.parametrize("room", ["distributed.core", "tornado.application", "asyncio", "anyone"])
def test_everybody_elses_warning_is_one_line_too(room):
    [line] = lines(f"logging.getLogger('{room}').error('went away')")
    assert (line["room"], line["event"]) == (room, "went away")


def test_a_warning_of_pythons_is_one_line():
    [line] = lines("warnings.warn('old\\nways', UserWarning)")
    assert (line["level"], line["room"]) == ("WARNING", "py.warnings")
    assert "UserWarning: old\nways" in line["event"]


def test_what_nobody_caught_is_one_line_each():
    script = """
thread = threading.Thread(target=lambda: 1 / 0)
thread.start()
thread.join()
class Broken:
    def __del__(self): raise KeyError("at its end")
Broken()
raise RuntimeError("of the whole process")
"""
    found = [line["traceback"].splitlines()[-1] for line in lines(script, ends=1)]
    assert found == [
        "ZeroDivisionError: division by zero",
        "KeyError: 'at its end'",
        "RuntimeError: of the whole process",
    ]


def test_configured_twice_it_says_nothing_twice():
    [line] = lines("logs.configure(); logging.getLogger('distributed').warning('once')")
    assert line["event"] == "once"


def test_lines_from_inside_a_job_name_its_run():
    script = """
@logs.about_its_run
def job(run_id, fails):
    from core.jobs.patience import patiently
    def action():
        if fails:
            raise fails.pop()
    patiently(action, sleep=lambda _: None)
    log.info("about another", extra={"run": "other"})
from core.errors import StoreUnavailable
job("abc", [StoreUnavailable("locked")])
log.info("outside")
"""
    inside, another, outside = lines(script)
    assert (inside["event"], inside["run"]) == ("waiting for the store: locked", "abc")
    assert another["run"] == "other"
    assert "run" not in outside


@pytest.mark.parametrize("job", ["work.run_job", "afterwards.end_job", "afterwards.evaluate_job"])
def test_every_job_names_its_run_before_it_has_a_store(job):
    module = job.partition(".")[0]
    arguments = "'abc', 'best.weights.h5', None" if "evaluate" in job else "'abc', None"
    script = f"""
sys.modules["core.training"] = type(sys)("stand-in")  # TensorFlow has words of its own
sys.modules["core.training"].evaluate = None
from core.jobs import {module}
def opened(places):
    log.warning("no store")
    sys.exit()
{module}.opened = opened
{job}({arguments})
"""
    [line] = lines(script)
    assert (line["event"], line["run"]) == ("no store", "abc")


def test_no_password_is_told_when_the_database_fails():
    script = f"""
from core.runs import RunStore
url = "postgresql://epoch:{PASSWORD}@127.0.0.1:9/runs?connect_timeout=2"
try:
    RunStore(url)
except Exception:
    log.exception("no store at %s", url)
"""
    told, line = lines(script)
    assert told["event"].startswith("The run database postgresql://epoch:***@127.0.0.1:9/runs ")
    assert line["event"] == "no store at postgresql://epoch:***@127.0.0.1:9/runs?connect_timeout=2"
    assert "StoreUnavailable: The run database does not answer." in line["traceback"]


def test_no_secret_of_the_environment_is_told():
    script = "log.warning('all there is: %s', dict(os.environ)); raise OSError(str(os.environ))"
    told, ended = lines(script, ends=1)
    assert "'EPOCHSCOPE_SECRET': '***'" in told["event"]
    assert "'AWS_SECRET_ACCESS_KEY': '***'" in ended["traceback"]
