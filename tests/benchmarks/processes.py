"""Measures in a process of its own: TensorFlow, and what a measurement leaves, stay out of ours."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from tests.browser.app import ROOT


def measured_by(module: str, *arguments: object, limit_s: float) -> Any:
    """What `python -m module arguments` prints in its last line, as JSON."""
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
        timeout=limit_s,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr else "it ended")
    return json.loads(done.stdout.splitlines()[-1])
