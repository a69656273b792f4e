"""Streamlit reports in lines of JSON, each event once.

Streamlit's loggers belong to a whole process, so each test has one of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAD = """
import logging
from core.ui import reports
reports.begin()
from streamlit import logger
"""
FAILING_PAGE = """
from streamlit.testing.v1 import AppTest
AppTest.from_string("raise ValueError('on a page')", default_timeout=60).run()
"""


def lines(script: str) -> list[dict]:
    done = subprocess.run(
        [sys.executable, "-c", HEAD + script],
        cwd=ROOT,
        env={**os.environ},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return [json.loads(line) for line in done.stderr.splitlines()]


@pytest.mark.parametrize("room", ["streamlit.runtime.runtime", "streamlit.made_later"])
def test_streamlits_line_is_told_once(room):
    [line] = lines(f"logger.get_logger('{room}').warning('slow')")
    assert (line["level"], line["room"], line["event"]) == ("WARNING", room, "slow")


def test_it_stays_so_when_streamlit_reads_its_settings_again():
    script = """
from streamlit import config
config.get_config_options(force_reparse=True)
logger.update_formatter()
logger.get_logger("streamlit.web").warning("slow")
"""
    [line] = lines(script)
    assert line["event"] == "slow"


def test_error_of_a_page_is_one_line():
    [line] = [line for line in lines(FAILING_PAGE) if line["level"] == "ERROR"]
    assert line["event"] == "Uncaught app execution"
    assert line["traceback"].endswith("ValueError: on a page")


def test_server_tells_of_errors_and_not_of_every_visitor():
    script = """
import uvicorn
uvicorn.Config("app:app")  # it sets up handlers of its own, before it loads the app
reports.begin()
server = logging.getLogger("uvicorn.error")
server.info("203.0.113.7:5000 - WebSocket [accepted]")
server.error("no port", extra={"color_message": "\\x1b[31mno port"})
"""
    [line] = lines(script)
    assert (line["room"], line["event"]) == ("uvicorn.error", "no port")
    assert "color_message" not in line
