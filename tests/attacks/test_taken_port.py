"""Somebody else has the port: whoever starts the app reads which other one to take."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
START_S = 60


def test_port_in_use_is_told_with_what_to_do(tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / ".run-ready").touch()  # as after the first start
    with socket.create_server(("", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            ["make", "run", f"PORT={port}", f"VENV={tmp_path}"],
            cwd=ROOT,
            env=os.environ,
            capture_output=True,
            text=True,
            timeout=START_S,
            check=False,
        )
    assert done.returncode != 0
    assert f"Port {port} is taken or may not be used." in done.stdout
    assert f"make run PORT={port + 1}" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
