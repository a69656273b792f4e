"""A worker stands back for the web process as far as it is told."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STANDS_BACK = "import os; from core.jobs import warm; warm._stand_back(); print(os.nice(0))"


@pytest.mark.skipif(not hasattr(os, "nice"), reason="this system has no niceness")
@pytest.mark.parametrize("niceness", [0, 7])
def test_worker_is_as_nice_as_its_setting_says(niceness):
    environment = {**os.environ, "EPOCHSCOPE_NICENESS": str(niceness)}
    done = subprocess.run(
        [sys.executable, "-c", STANDS_BACK],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=True,
        text=True,
    )
    assert int(done.stdout) == min(19, os.nice(0) + niceness)
