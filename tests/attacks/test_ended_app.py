"""The app is ended, or killed, while a file is being read: its reading process does not go on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from core.data import own

ROOT = Path(own.__file__).parents[3]
PATIENCE_S = 60
APP = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
from pathlib import Path
from core.data import own

choices = own.TableChoices("y", ("x",), "classification")
own.start(Path(sys.argv[1]), "a.csv", choices, Path(sys.argv[2]))
print("reading", flush=True)
time.sleep(600)
"""


@pytest.fixture
def reading(tmp_path):
    """An app, the process that reads a file for it, and the folder that is to hold the result."""
    upload, folder = tmp_path / "upload", tmp_path / "set"
    os.mkfifo(upload)  # whoever opens it to read waits for somebody to write
    command = [sys.executable, "-c", APP, str(upload), str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as app:
        assert app.stdout.readline() == b"reading\n"
        (reader,) = psutil.Process(app.pid).children()
        yield app, reader, folder
        for process in (app, reader):
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_reading_process_ends_with_the_app_and_leaves_nothing(reading, how):
    app, reader, folder = reading
    app.send_signal(how)
    app.wait(PATIENCE_S)
    reader.wait(PATIENCE_S)
    assert not folder.exists()


CLUSTER = """
import sys, tempfile, time
from pathlib import Path
from core.jobs import cluster
from core.settings import Settings

if __name__ == "__main__":
    client = cluster.connect(Settings(home=Path(sys.argv[1]), data_dir=None, workers=1), None)
    print(client.submit(tempfile.mkdtemp, pure=False).result(), flush=True)
    if sys.argv[2] == "stay":
        time.sleep(600)
    cluster.end(client)
"""


def test_temporary_files_of_a_killed_worker_go_at_the_next_start(tmp_path):
    script = tmp_path / "start.py"
    script.write_text(CLUSTER)
    command = [sys.executable, str(script), str(tmp_path / "home")]
    settings = {"cwd": ROOT, "env": {**os.environ, "PYTHONPATH": str(ROOT)}, "text": True}
    with subprocess.Popen([*command, "stay"], stdout=subprocess.PIPE, **settings) as app:
        left = Path(app.stdout.readline().strip())
        family = [psutil.Process(app.pid), *psutil.Process(app.pid).children(recursive=True)]
        for process in family:
            process.kill()
    psutil.wait_procs(family, PATIENCE_S)
    assert left.is_relative_to(tmp_path)
    assert left.exists()
    subprocess.run([*command, "end"], check=True, timeout=PATIENCE_S * 5, **settings)
    assert not left.exists()
