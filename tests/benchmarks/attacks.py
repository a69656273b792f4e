"""What others notice while somebody attacks the server: answers, memory, and the log."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from core.records import LAST_WEIGHTS
from tests.benchmarks.figures import MEGABYTE, megabytes
from tests.benchmarks.table import Row
from tests.browser import app, tabs
from tests.browser.app import App
from tests.browser.prepared import finished_run

ANSWER_MS = 1_000
MORE_MB = 60
LOG_MB = 1
PATIENCE_S = 20.0
FOREIGN, HALF_OPEN, ASKED = 5, 1_200, 5
LARGE_BYTES = 400_000_000
_HANDSHAKE = (
    "GET /_stcore/stream HTTP/1.1\r\nHost: {host}\r\nOrigin: http://evil.example\r\n"
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: streamlit\r\n\r\n"
)


def attacks(quick: bool) -> Iterator[Row]:
    """Foreign handshakes, half-open connections, large downloads."""
    with app.running() as running:
        place = _place(running)
        with contextlib.ExitStack() as held:
            for _ in range(FOREIGN):
                _open(held, place, _HANDSHAKE.format(host=f"{place[0]}:{place[1]}").encode())
            yield _answer("Answer beside foreign sites", place, f"{FOREIGN} WebSocket handshakes")
        with contextlib.ExitStack() as held:
            for _ in range(HALF_OPEN):
                _open(held, place, b"GET / HT")
            what = f"{HALF_OPEN:,} connections that have sent half a line"
            yield _answer("Answer beside half-open connections", place, what)
        log = (running.folder / "output.txt").stat().st_size
        yield Row(
            "Log after that",
            f"{log / MEGABYTE:.2f} MB",
            f"≤ {LOG_MB} MB",
            log <= LOG_MB * MEGABYTE,
            "the web process's, since it started",
        )
    with app.running() as running:
        yield _downloads(running, 1 if quick else 2)


def _place(running: App) -> tuple[str, int]:
    parts = urlsplit(running.url)
    assert parts.hostname is not None
    assert parts.port is not None
    return parts.hostname, parts.port


def _open(held: contextlib.ExitStack, place: tuple[str, int], sent: bytes) -> None:
    with contextlib.suppress(OSError):  # the server may take no more
        connection = held.enter_context(socket.create_connection(place, 5))
        connection.sendall(sent)


def _answer(what: str, place: tuple[str, int], how: str) -> Row:
    """How long the server takes to say that it is well; at most `PATIENCE_S`."""
    took = []
    for _ in range(ASKED):
        began = time.perf_counter()
        with contextlib.suppress(OSError), socket.create_connection(place, PATIENCE_S) as health:
            health.settimeout(PATIENCE_S)
            health.sendall(b"GET /_stcore/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            health.recv(100)
        took.append(time.perf_counter() - began)
    longest = max(took)
    return Row(
        what,
        f"at most {1000 * longest:,.0f} ms",
        f"≤ {ANSWER_MS / 1000:g} s",
        longest <= ANSWER_MS / 1000,
        f"of {ASKED} while there are {how}",
    )


def _downloads(running: App, count: int) -> Row:
    run = finished_run(running, data={"dataset": "digits"})
    folder: Path = running.home / "artifacts" / run.id / "files"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LAST_WEIGHTS).open("wb") as file:
        file.truncate(LARGE_BYTES)
    with tabs.opened() as chromium, tabs.visitor(chromium) as page:
        page.goto(f"{running.url}/history?run={run.id}")
        page.get_by_text("Model and files").click()
        button = page.get_by_role("button", name=LAST_WEIGHTS)
        button.wait_for()
        before = most = running.web_bytes()
        for _ in range(count):
            with page.expect_download() as download:
                button.click()
            download.value.path()
            most = max(most, running.web_bytes())
    more = most - before
    return Row(
        "Web process, by large downloads",
        f"{megabytes(more)} more",
        f"≤ {MORE_MB} MB",
        more <= MORE_MB * MEGABYTE,
        f"resident (RSS) after {count} downloads of {LARGE_BYTES / MEGABYTE:.0f} MB",
    )
