"""A large file is sent from where it lies: it never stands in the web process's memory."""

from __future__ import annotations

import asyncio
import hashlib
import os

import pytest

from core.records import LAST_WEIGHTS
from core.runs import Artifacts
from core.settings import settings
from core.ui import platform, uploads
from core.ui.server import outgoing

MB = 1_000_000
ADDRESS = "/media/0123456789abcdef.bin"
DISPOSITION = (b"content-disposition", b'attachment; filename="last.weights.h5"')


class Streamlit:
    """Stands behind the middleware and answers with one file."""

    def __init__(self, content: bytes, status: int = 200) -> None:
        self.content, self.status, self.asked = content, status, []

    async def __call__(self, scope, receive, send):
        self.asked.append(dict(scope["headers"]))
        length = (b"content-length", str(len(self.content)).encode())
        headers = [length, DISPOSITION, (b"content-type", b"application/octet-stream")]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.content})


def get(app: Streamlit, path: str = ADDRESS, **headers: str):
    """Status, headers and body of the answer through the middleware."""
    sent, waiting = [], asyncio.Event()

    async def receive():
        await waiting.wait()  # nobody hangs up
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": path, "headers": raw}
    scope |= {"asgi": {"version": "3.0", "spec_version": "2.4"}}
    asyncio.run(outgoing.Downloads(app)(scope, receive, send))
    body = b"".join(message.get("body", b"") for message in sent)
    return sent[0]["status"], dict(sent[0]["headers"]), body


@pytest.fixture
def content(tmp_path, monkeypatch) -> bytes:
    """A file of the run `abc`, among artifacts of their own."""
    monkeypatch.setenv("EPOCHSCOPE_ARTIFACTS_URL", f"file://{tmp_path}/files")
    monkeypatch.setattr(platform, "artifacts", lambda: Artifacts(settings().artifacts_url))
    content = os.urandom(3 * MB)
    (tmp_path / LAST_WEIGHTS).write_bytes(content)
    platform.artifacts().save_file("abc", LAST_WEIGHTS, tmp_path / LAST_WEIGHTS)
    return content


def test_slip_is_answered_with_the_file_it_names(content):
    status, headers, body = get(Streamlit(outgoing.of_run("abc", LAST_WEIGHTS)))
    assert status == 200
    assert hashlib.sha256(body).digest() == hashlib.sha256(content).digest()
    assert headers[b"content-length"] == str(len(content)).encode()
    assert headers[b"content-disposition"] == DISPOSITION[1]
    assert headers[b"cache-control"] == b"no-store"


def test_part_of_a_slip_is_never_sent(content):
    app = Streamlit(outgoing.of_run("abc", LAST_WEIGHTS))
    assert len(get(app, range="bytes=0-10")[2]) == len(content)
    assert b"range" not in app.asked[0]


def test_slip_that_this_server_has_not_signed_is_sent_as_it_is(content):
    slip = outgoing.of_run("abc", LAST_WEIGHTS)
    forged = slip.replace(b"abc", b"xyz")
    assert get(Streamlit(forged))[2] == forged


def test_other_files_are_sent_as_they_are(content):
    for other in (b"", b"epoch,loss\n0,1.0\n", bytes(5_000)):
        assert get(Streamlit(other))[2] == other


def test_slip_is_not_looked_for_elsewhere(content):
    slip = outgoing.of_run("abc", LAST_WEIGHTS)
    assert get(Streamlit(slip), "/component/x")[2] == slip


def test_file_that_is_gone_is_told(content):
    status, _, body = get(Streamlit(outgoing.of_run("abc", "gone.h5")))
    assert status == 404
    assert b"This run has no file gone.h5" in body


def test_file_that_was_made_is_sent_and_when_swept_away_told(content):
    path = uploads.new_folder() / "data.npz"
    path.write_bytes(b"arrays")
    app = Streamlit(outgoing.of_made(path))
    assert get(app)[2] == b"arrays"
    path.unlink()
    assert get(app)[0] == 404


def test_two_slips_for_one_file_have_nothing_in_common(content):
    first, second = (outgoing.of_run("abc", LAST_WEIGHTS) for _ in range(2))
    assert first != second
