"""Uploads go to the disk piece by piece; Streamlit gets a slip that says where they lie."""

from __future__ import annotations

import asyncio
import json
import os
import time
from types import SimpleNamespace

import pytest
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec

from core.settings import settings
from core.ui import uploads
from core.ui.server import incoming, issued

LARGE = b"0123456789" * 200_000
SMALL = b"small"
ADDRESS = "/_stcore/upload_file/session-1/file-1"
BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW"
KIND = f"multipart/form-data; boundary={BOUNDARY}"


class Streamlit:
    """Stands behind the middleware: keeps the form it gets, and answers as it is told."""

    def __init__(self, status: int = 204) -> None:
        self.status = status
        self.bodies: list[bytes] = []
        self.lengths: list[str] = []

    async def __call__(self, scope, receive, send) -> None:
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        self.bodies.append(body)
        self.lengths.append(dict(scope["headers"]).get(b"content-length", b"").decode())
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": b""})


@pytest.fixture(autouse=True)
def _active(monkeypatch):
    active = SimpleNamespace(is_active_session=lambda name: name == "session-1")
    monkeypatch.setattr(uploads.runtime, "exists", lambda: True)
    monkeypatch.setattr(uploads.runtime, "get_instance", lambda: active)
    monkeypatch.setattr(issued, "is_issued", lambda session, file: "invented" not in file)


def form(content: bytes, name: str = "data.csv") -> bytes:
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: text/csv\r\n\r\n"
    )
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def ask(
    app: Streamlit, body: bytes, method: str = "PUT", path: str = ADDRESS, kind: str = KIND
) -> int:
    """Send a request in pieces through the middleware; the status of the answer."""
    pieces = [body[start : start + 65_536] for start in range(0, len(body), 65_536)] or [b""]
    messages = [
        {"type": "http.request", "body": piece, "more_body": number < len(pieces)}
        for number, piece in enumerate(pieces, 1)
    ]
    statuses = []

    async def receive():
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message):
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
    scope = {"type": "http", "method": method, "path": path, "headers": headers}
    asyncio.run(uploads.Uploads(app)(scope, receive, send))
    return statuses[0] if statuses else 0


def stored() -> list[bytes]:
    return [path.read_bytes() for path in (settings().home / "uploads").glob("*")]


def file_of(body: bytes, name: str = "data.csv") -> UploadedFile:
    """What Streamlit's uploader returns of a form."""
    content = body.split(b"\r\n\r\n", 1)[1].rsplit(f"\r\n--{BOUNDARY}".encode(), 1)[0]
    return UploadedFile(UploadedFileRec("file-1", name, "text/csv", content), SimpleNamespace())


def test_large_file_is_on_the_disk_and_streamlit_gets_a_slip():
    app = Streamlit()
    assert ask(app, form(LARGE)) == 204
    assert len(app.bodies[0]) < 1_000
    assert app.lengths[0] == str(len(app.bodies[0]))
    assert uploads.upload_of(file_of(app.bodies[0])).path.read_bytes() == LARGE


def test_slip_keeps_the_name():
    app = Streamlit()
    ask(app, form(LARGE, 'ünïcode "x".csv'.replace('"', "%22")))
    assert "ünïcode %22x%22.csv" in app.bodies[0].decode()


def test_small_file_is_on_the_disk_as_well():
    app = Streamlit()
    ask(app, form(SMALL))
    assert stored() == [SMALL]
    assert uploads.upload_of(file_of(app.bodies[0])).path.read_bytes() == SMALL


def test_upload_that_streamlit_refuses_is_not_kept():
    assert ask(Streamlit(status=403), form(LARGE)) == 403
    assert stored() == []


def test_deleted_upload_is_gone():
    ask(Streamlit(), form(LARGE))
    ask(Streamlit(), b"", method="DELETE")
    assert stored() == []


def test_upload_of_nobody_is_left_to_streamlit():
    app = Streamlit(status=400)
    body = form(LARGE)
    assert ask(app, body, path=ADDRESS.replace("session-1", "session-2")) == 400
    assert app.bodies == [body]
    assert stored() == []


def test_other_requests_pass_untouched():
    app = Streamlit()
    assert ask(app, form(LARGE), path="/_stcore/health") == 204
    assert app.bodies == [form(LARGE)]


def test_file_beyond_the_limit_is_refused_while_it_comes(monkeypatch):
    monkeypatch.setenv("EPOCHSCOPE_OWN_UPLOAD_MB", "1")
    app = Streamlit()
    assert ask(app, form(LARGE)) == 413
    assert (app.bodies, stored()) == ([], [])


def test_files_of_one_session_wait_within_its_share(monkeypatch):
    everybody = SimpleNamespace(is_active_session=lambda name: True)
    monkeypatch.setattr(uploads.runtime, "get_instance", lambda: everybody)
    monkeypatch.setattr(uploads, "_SHARE", 0)
    first, second = ADDRESS, ADDRESS.replace("file-1", "file-2")
    assert ask(Streamlit(), form(LARGE), path=first) == 204
    assert ask(Streamlit(), form(LARGE), path=second) == 507
    assert ask(Streamlit(), form(LARGE), path=second.replace("session-1", "session-2")) == 204
    assert len(stored()) == 2


def test_no_more_comes_at_once_than_there_is_room_for(monkeypatch):
    app = Streamlit()
    monkeypatch.setattr(incoming, "_COMING", 0)
    assert ask(app, form(LARGE)) == 503
    assert (app.bodies, incoming._coming.total()) == ([], 0)


def test_no_more_uploads_wait_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(uploads, "_WAITING", 0)
    app = Streamlit()
    ask(app, form(LARGE))
    assert ask(app, form(LARGE), path=ADDRESS.replace("file-1", "file-2")) == 507
    assert len(stored()) == 1


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (form(LARGE), "text/plain"),
        (form(LARGE), "multipart/form-data"),
        (form(LARGE), "multipart/form-data; boundary=other"),
        (b"", KIND),
        (b"no form at all", KIND),
        (form(LARGE)[: len(LARGE) // 2], KIND),
    ],
)
def test_broken_form_is_refused_and_nothing_is_kept(body, kind):
    app = Streamlit()
    assert ask(app, body, kind=kind) in (400, 0)
    assert (app.bodies, stored()) == ([], [])


@pytest.mark.parametrize(
    "slip",
    [
        b"{}",
        b"[]",
        b'{"epochscope-upload": "../../secret"}',
        b'{"epochscope-upload": 5}',
        b'{"epochscope-upload": null}',
        json.dumps({"epochscope-upload": "a" * 64 + "/.."}).encode(),
    ],
)
def test_forged_slip_is_taken_for_a_file_of_that_content(slip):
    found = uploads.upload_of(file_of(form(slip)))
    assert found.path.parent == settings().home / "uploads"
    assert found.path.read_bytes() == slip


def test_only_old_uploads_are_swept_away():
    ask(Streamlit(), form(LARGE))
    (path,) = (settings().home / "uploads").glob("*")
    uploads.sweep()
    assert path.exists()
    os.utime(path, (time.time() - 7_200,) * 2)
    folder = uploads.new_folder()
    uploads.sweep()
    assert (path.exists(), folder.exists()) == (False, True)
