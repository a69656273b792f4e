"""A PostgreSQL server of the tests' own, in a folder that goes away with it."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

PASSWORD = "not-to-be-shown"
_DEBIAN = Path("/usr/lib/postgresql")
_OPTIONS = "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off"


class Server:
    """A server that listens on a socket in its folder alone."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self._folder, self._programs = folder, programs
        self._numbers = itertools.count()
        self._run("initdb", "--no-sync", "-A", "trust", "-U", "tester", "-E", "UTF8")

    def start(self) -> None:
        """Start it and wait until it answers."""
        log = self._folder / "log"
        self._run("pg_ctl", "-w", "-l", log, "-o", f"-k {self._folder} {_OPTIONS}", "start")

    def stop(self) -> None:
        """End it and wait until it is gone; it is found by the process id in its folder."""
        self._run("pg_ctl", "-w", "-m", "fast", "stop")

    @contextlib.contextmanager
    def database(self) -> Iterator[str]:
        """The URL of a new, empty database."""
        name = f"test_{next(self._numbers)}"
        self._tell(f"CREATE DATABASE {name} TEMPLATE template0")
        yield self._url(name)
        self._tell(f"DROP DATABASE {name} WITH (FORCE)")

    @contextlib.contextmanager
    def schema(self) -> Iterator[str]:
        """The URL of a new, empty schema: all a test needs, ten times as fast as a database."""
        name = f"test_{next(self._numbers)}"
        self._tell(f"CREATE SCHEMA {name}")
        yield f"{self._url('postgres')}&options=-csearch_path%3D{name}"
        self._tell(f"DROP SCHEMA {name} CASCADE")

    def _url(self, database: str) -> str:
        return f"postgresql://tester:{PASSWORD}@/{database}?host={self._folder}"

    def _tell(self, command: str) -> None:
        place = {"host": str(self._folder), "user": "tester", "dbname": "postgres"}
        with psycopg.connect(**place, autocommit=True) as connection:
            connection.execute(command)

    def _run(self, program: str, *arguments: object) -> None:
        command = [self._programs / program, "-D", self._folder / "data", *map(str, arguments)]
        # The server inherits what it is given to write to: a pipe would never end.
        with (self._folder.with_suffix(".out")).open("w+") as output:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self._folder,
                user=_user(),
                check=False,
            )
            output.seek(0)
            assert done.returncode == 0, output.read()


@contextlib.contextmanager
def running() -> Iterator[Server]:
    """A server that runs; the test is skipped where there is none to run."""
    programs = _programs()
    if programs is None:
        _missing("PostgreSQL is not installed: apt-get install postgresql")
    # Not pytest's own folder, which only its user may enter.
    with TemporaryDirectory(prefix="epochscope-postgresql-") as outer:
        Path(outer).chmod(0o755)
        folder = Path(outer) / "server"
        folder.mkdir()
        if user := _user():
            shutil.chown(folder, user)
        server = Server(folder, programs)
        server.start()
        try:
            yield server
        finally:
            server.stop()


def _programs() -> Path | None:
    """The folder of the newest PostgreSQL on this computer."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = [path.parent for path in _DEBIAN.glob("*/bin/initdb")]
    return max(folders, key=lambda folder: int(folder.parent.name), default=None)


def _user() -> str | None:
    """Who runs the server: PostgreSQL refuses root."""
    return "postgres" if os.geteuid() == 0 else None


def _missing(reason: str) -> None:
    """Skip, unless EPOCHSCOPE_TEST_ALL says that nothing may be missing."""
    if os.environ.get("EPOCHSCOPE_TEST_ALL"):
        pytest.fail(reason)
    pytest.skip(reason)
