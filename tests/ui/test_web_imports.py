"""What the web process must never load: TensorFlow, and what else is heavy and not needed there."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.ui.conftest import ROOT
from tests.ui.test_pages import PAGES

WALK = """
import json, os, sys
from streamlit.testing.v1 import AppTest
from core.ui import platform
from tests.ui.conftest import IdleJobs

platform.Jobs = IdleJobs
app = AppTest.from_file("app.py", default_timeout=60).run()
assert not app.exception
next(button for button in app.sidebar.button if button.label == "Train").click().run()
for page in sys.argv[1].split(","):
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception, page
print(json.dumps(sorted(name for name in sys.argv[2].split(",") if name in sys.modules)))
"""


NEVER = ("tensorflow", "keras", "sklearn", "scipy")
ONLY_WHEN_ASKED = ("psycopg", "s3fs", "aiobotocore", "botocore")


def test_no_page_loads_tensorflow_nor_what_only_other_databases_and_storages_need(home):
    found = subprocess.run(
        [sys.executable, "-c", WALK, ",".join(PAGES), ",".join(NEVER + ONLY_WHEN_ASKED)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert found.returncode == 0, found.stderr[-2000:]
    assert json.loads(found.stdout.splitlines()[-1]) == []
