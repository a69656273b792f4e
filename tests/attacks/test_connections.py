"""Connections that ask for nothing are closed; large heads are answered; the log stays small."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from core import logs
from core.ui.server import connections
from tests.browser.app import running

ROOT = Path(connections.__file__).parents[3]
PATIENCE_S = 60
HALF_OPEN = 300
pytestmark = pytest.mark.browser  # a server of its own


@pytest.fixture(scope="module")
def address() -> tuple[str, int]:
    with running() as app:
        parts = urlsplit(app.url)
        yield parts.hostname, parts.port


def opened(address: tuple[str, int], sent: bytes = b"") -> socket.socket:
    connection = socket.create_connection(address, PATIENCE_S)
    connection.sendall(sent)
    return connection


def answer(connection: socket.socket) -> bytes:
    """The first line of what comes; empty when it was closed without a word."""
    with connection, connection.makefile("rb") as lines:
        return lines.readline()


def health(address: tuple[str, int]) -> bytes:
    head = b"GET /_stcore/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    return answer(opened(address, head))


HEADS = {
    "nothing": b"",
    "half of a line": b"GET / HT",
    "half of a head": b"GET / HTTP/1.1\r\nHost: localhost\r\n",
}


@pytest.mark.parametrize("head", HEADS)
def test_connection_that_asks_for_nothing_is_closed(address, head):
    assert answer(opened(address, HEADS[head])) == b""


def test_second_request_on_a_connection_that_never_ends_its_head_is_closed(address):
    whole = b"GET /_stcore/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    connection = opened(address, whole + b"GET / HT")
    with connection, connection.makefile("rb") as lines:
        assert lines.readline().startswith(b"HTTP/1.1 200")
        while lines.readline():
            pass


def test_others_are_answered_beside_half_open_connections(address):
    held = [opened(address, b"GET / HT") for _ in range(HALF_OPEN)]
    try:
        began = time.monotonic()
        assert health(address).startswith(b"HTTP/1.1 200")
        assert time.monotonic() - began < PATIENCE_S / 10
    finally:
        for connection in held:
            connection.close()


def handshake(address: tuple[str, int], *more: str) -> bytes:
    """The answer to a WebSocket handshake with `more` lines in its head."""
    lines = (
        "GET /_stcore/stream HTTP/1.1",
        f"Host: localhost:{address[1]}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        "Sec-WebSocket-Protocol: streamlit",
        *more,
    )
    return answer(opened(address, "\r\n".join(lines).encode() + b"\r\n\r\n"))


@pytest.mark.parametrize("kilobytes", [1, 9, 30])
def test_handshake_with_a_long_cookie_is_answered(address, kilobytes):
    cookie = f"Cookie: other={'x' * 1_000 * kilobytes}"
    assert handshake(address, cookie).startswith(b"HTTP/1.1 101")


def test_handshake_with_many_lines_is_answered(address):
    many = (f"X-Line-{number}: 1" for number in range(500))
    assert handshake(address, *many).startswith(b"HTTP/1.1 101")


def test_head_that_is_too_long_is_refused(address):
    head = b"GET / HTTP/1.1\r\nHost: localhost\r\nCookie: x=" + b"y" * 200_000
    assert answer(opened(address, head)).startswith(b"HTTP/1.1 400")


def test_process_may_open_as_many_files_as_the_system_lets_it():
    script = (
        "import resource\n"
        "_, most = resource.getrlimit(resource.RLIMIT_NOFILE)\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (256, most))\n"
        "from core.ui.server import connections\n"
        "connections.limit()\n"
        "print(resource.getrlimit(resource.RLIMIT_NOFILE) == (most, most))\n"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=True
    )
    assert done.stdout == "True\n"


def lines(keeper: logs.Rarely, texts: list[str]) -> list[str]:
    records = [logging.LogRecord("room", 40, "", 0, "%s", (text,), None) for text in texts]
    return [record.getMessage() for record in records if keeper.filter(record)]


def test_line_that_repeats_is_written_a_few_times(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(logs.time, "monotonic", lambda: now[0])
    keeper = logs.Rarely(most=2)
    assert lines(keeper, ["full", "full", "full", "other", "full"]) == ["full", "full", "other"]
    now[0] = 61.0
    assert lines(keeper, ["full", "other"]) == ["full (2 times more were not told)", "other"]
