"""Uploads nobody asked for, too many at once, and uploads that never end."""

from __future__ import annotations

import asyncio
import shutil
from types import SimpleNamespace

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from core.settings import settings
from core.ui import uploads
from core.ui.server import incoming, issued

SESSION, OTHER = "session-1", "session-2"
BOUNDARY = "----boundary"
HEADERS = [(b"content-type", f"multipart/form-data; boundary={BOUNDARY}".encode())]
HEAD = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
).encode()
TAIL = f"\r\n--{BOUNDARY}--\r\n".encode()


@pytest.fixture(autouse=True)
def _sessions(monkeypatch):
    shutil.rmtree(settings().home / "uploads", ignore_errors=True)
    active = SimpleNamespace(is_active_session={SESSION, OTHER}.__contains__)
    monkeypatch.setattr(uploads.runtime, "exists", lambda: True)
    monkeypatch.setattr(uploads.runtime, "get_instance", lambda: active)


@pytest.fixture
def files(monkeypatch):
    """Streamlit's keeper of files, which issues addresses; with what it does put back after."""
    for name in ("get_upload_urls", "remove_session_files"):
        monkeypatch.setattr(
            MemoryUploadedFileManager, name, getattr(MemoryUploadedFileManager, name)
        )
    issued.remember()
    return MemoryUploadedFileManager("/_stcore/upload_file")


class Streamlit:
    """Stands behind the middleware and notes how many bytes reach it."""

    def __init__(self):
        self.reached = 0

    async def __call__(self, scope, receive, send):
        self.reached += len((await receive())["body"])
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def address(files, session=SESSION):
    return files.get_upload_urls(session, ["a.csv"])[0].upload_url


def put(app, path, *pieces, ending=TAIL):
    """An upload in pieces; without an `ending` it never ends. The status, 0 if it is left."""
    waiting = [HEAD, *pieces, *([ending] if ending else [])]
    statuses = []

    async def receive():
        if not waiting:
            await asyncio.Event().wait()
        body = waiting.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(waiting) or not ending}

    async def send(message):
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    scope = {"type": "http", "method": "PUT", "path": path, "headers": HEADERS}

    async def answered():
        await uploads.Uploads(app)(scope, receive, send)
        return statuses[0] if statuses else 0

    return answered()


def stored():
    return list((settings().home / "uploads").glob("*"))


def test_file_under_an_invented_address_is_refused_and_never_held(files):
    address(files)
    app = Streamlit()
    for number in range(300):
        path = f"/_stcore/upload_file/{SESSION}/invented-{number}"
        assert asyncio.run(put(app, path, b"x" * 1_000_000)) == 404
    assert (app.reached, stored()) == (0, [])


def test_address_of_another_session_is_refused(files):
    path = address(files).replace(SESSION, OTHER)
    assert asyncio.run(put(Streamlit(), path, b"x")) == 404


def test_address_of_a_session_that_ended_is_refused(files):
    path = address(files)
    files.remove_session_files(SESSION)
    assert asyncio.run(put(Streamlit(), path, b"x")) == 404


def test_small_files_do_not_stay_in_memory(files):
    app = Streamlit()
    assert asyncio.run(put(app, address(files), b"x" * 1_000_000)) == 204
    assert app.reached < 1_000
    assert sum(path.stat().st_size for path in stored()) == 1_000_000


def test_upload_that_stalls_is_ended_and_takes_no_room(files, monkeypatch):
    monkeypatch.setattr(incoming, "_STRETCH_S", 0.05)
    status = asyncio.run(put(Streamlit(), address(files), b"x" * 1_000_000, ending=b""))
    assert (status, incoming._coming.total(), stored()) == (408, 0, [])


def test_upload_that_only_drips_is_ended(files, monkeypatch):
    clock = iter(range(0, 10_000, 10))
    monkeypatch.setattr(incoming.time, "monotonic", lambda: next(clock))
    assert asyncio.run(put(Streamlit(), address(files), *[b"x"] * 100)) == 408


def test_stalled_uploads_of_one_session_keep_nobody_else_waiting(files):
    async def attack():
        held = [
            asyncio.ensure_future(put(Streamlit(), address(files), b"x" * 2_000_000, ending=b""))
            for _ in range(11)
        ]
        refused, _ = await asyncio.wait(held, return_when=asyncio.FIRST_COMPLETED)
        other = await put(Streamlit(), address(files, OTHER), b"x" * 100)
        still = [task for task in held if not task.done()]
        for task in still:
            task.cancel()
        await asyncio.gather(*held, return_exceptions=True)
        return {task.result() for task in refused}, other, len(still)

    assert asyncio.run(attack()) == ({429}, 204, incoming._AT_ONCE)


def test_one_session_sends_no_more_at_once_than_its_share(files, monkeypatch):
    monkeypatch.setattr(incoming, "_COMING_SHARE", 0)
    assert asyncio.run(put(Streamlit(), address(files), b"x")) == 429


def test_uploads_of_a_session_that_has_ended_are_deleted(files):
    issued.remember(uploads.forget)
    for path in (address(files), address(files, OTHER)):
        assert asyncio.run(put(Streamlit(), path, b"a,b")) == 204
    files.remove_session_files(SESSION)
    assert len(stored()) == 1
