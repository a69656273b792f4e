"""Other users of the same computer: they reach no process of ours, and read no file."""

from __future__ import annotations

import asyncio
import os
import socket
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import pytest
from distributed import Client
from distributed.security import Security

from core.jobs import cluster
from core.settings import Settings
from core.ui import startup

ROOT = Path(cluster.__file__).parents[2]
REFUSED_S = 5


@pytest.fixture(scope="module")
def own(tmp_path_factory, before):
    """The cluster that the app starts for itself."""
    settings = Settings(home=tmp_path_factory.mktemp("home"), data_dir=None, workers=1)
    client = cluster.connect(settings, None)
    yield client
    cluster.end(client)


@pytest.fixture(scope="module")
def ports(own, before) -> set[tuple[str, int]]:
    """Where the cluster's processes can be reached."""
    found = listening() - before
    assert len(found) >= 2
    return found


@pytest.fixture(scope="module")
def before() -> set[tuple[str, int]]:
    """What other tests have opened."""
    return listening()


def listening() -> set[tuple[str, int]]:
    """Where this process and those it started can be reached."""
    mine = psutil.Process()
    return {
        (one.laddr.ip, one.laddr.port)
        for process in (mine, *mine.children(recursive=True))
        for one in process.net_connections("inet")
        if one.status == psutil.CONN_LISTEN
    }


def test_scheduler_and_workers_take_no_calls_in_the_clear(own):
    host, _, port = own.scheduler.address.rpartition("://")[2].rpartition(":")
    assert own.scheduler.address.startswith("tls://")
    for scheme in ("tcp", "tls"):

        async def call(scheme=scheme):
            security = Security() if scheme == "tcp" else Security.temporary()
            async with Client(
                f"{scheme}://{host}:{port}",
                timeout=REFUSED_S,
                asynchronous=True,
                security=security,
            ) as stranger:
                await stranger.submit(os.getpid)

        with pytest.raises((OSError, TimeoutError)):
            asyncio.run(call())


def test_own_client_is_answered(own):
    assert own.submit(os.getpid).result(60) != os.getpid()


def test_worker_keeps_temporary_files_in_a_folder_of_its_own(own):
    folder = Path(own.submit(tempfile.gettempdir, pure=False).result(60))
    assert folder.is_relative_to(own.cluster.worker_spec[0]["options"]["local_directory"])


def test_no_port_answers_a_browser(ports):
    for host, port in ports:
        with socket.create_connection((host, port), REFUSED_S) as connection:
            connection.settimeout(REFUSED_S)
            connection.sendall(b"GET /json/identity.json HTTP/1.1\r\nHost: localhost\r\n\r\n")
            try:
                got = connection.recv(4_096)
            except (TimeoutError, ConnectionError):
                got = b""
        assert not got.startswith(b"HTTP/1.1 200"), port


def test_every_port_is_on_the_loopback_alone(ports):
    assert {host for host, _ in ports} <= {"127.0.0.1", "::1"}


def test_nobody_else_reads_the_home_or_what_is_written_there(tmp_path):
    home = tmp_path / "home"
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from core.ui import startup\n"
        "home = Path(sys.argv[1])\n"
        "startup._keep_to_oneself(home)\n"
        "(home / 'file').write_text('x')\n"
        "(home / 'folder').mkdir()\n"
    )
    subprocess.run([sys.executable, "-c", script, str(home)], cwd=ROOT, check=True)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (home, *home.iterdir())}
    assert modes == {"home": 0o700, "file": 0o600, "folder": 0o700}


def test_home_that_others_could_read_is_closed_to_them(tmp_path):
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    before = os.umask(0)
    try:
        startup._keep_to_oneself(home)
    finally:
        os.umask(before)
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
