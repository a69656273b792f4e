"""Streamlit's files: compressed once, for everyone, and nothing else is touched."""

from __future__ import annotations

import asyncio
import gzip

import pytest
from starlette.responses import FileResponse

from core.ui.compression import CompressedFiles

FILE = "/static/js/index.abc123.js"
BODY = b"const answer = 42;\n" * 500
GZIP = {"accept-encoding": "gzip, deflate, br"}
LASTING = {
    "cache-control": "public, immutable, max-age=31536000",
    "content-type": "text/javascript",
}


class Files:
    """Stands in for Streamlit: sends the same file whatever is asked for, and counts."""

    def __init__(self, body=BODY, status=200, **headers):
        self.body, self.status, self.headers = body, status, LASTING | headers
        self.asked = []

    async def __call__(self, scope, receive, send):
        self.asked.append(dict(scope["headers"]))
        named = self.headers | {"content-length": str(len(self.body)), "set-cookie": "secret=1"}
        raw = [(name.encode(), value.encode()) for name, value in named.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": raw})
        half = len(self.body) // 2
        for part, more in ((self.body[:half], True), (self.body[half:], False)):
            await send({"type": "http.response.body", "body": part, "more_body": more})


async def leaves_at_once():
    """What a server receives from a browser whose tab is closed before the answer is there."""
    return {"type": "http.disconnect"}


def ask(app, path=FILE, headers=GZIP, method="GET", kind="http", receive=None):
    """Status, headers and body of an answer."""
    sent = []

    async def keep(message):
        sent.append(message)

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    asyncio.run(app({"type": kind, "method": method, "path": path, "headers": raw}, receive, keep))
    found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], found, b"".join(part.get("body", b"") for part in sent[1:])


def test_file_comes_compressed_and_whole():
    status, headers, body = ask(CompressedFiles(Files()))
    assert (status, headers["content-encoding"]) == (200, "gzip")
    assert gzip.decompress(body) == BODY
    assert int(headers["content-length"]) == len(body) < len(BODY) / 10


def test_file_is_made_once_for_all():
    files = Files()
    app = CompressedFiles(files)
    assert ask(app) == ask(app) == ask(app, f"{FILE}")
    assert len(files.asked) == 1


def test_first_visitor_who_leaves_half_way_leaves_a_whole_file_for_all_others(tmp_path):
    file = tmp_path / "index.abc123.js"
    file.write_bytes(BODY * 1_000)  # more than one piece of a file as it is sent
    app = CompressedFiles(FileResponse(file, headers=LASTING))
    ask(app, receive=leaves_at_once)
    assert gzip.decompress(ask(app)[2]) == BODY * 1_000


def test_answer_that_breaks_off_is_not_kept():
    class Broken(Files):
        async def __call__(self, scope, receive, send):
            async def send_until_the_last(message):
                if message["type"] == "http.response.start" or message["more_body"]:
                    await send(message)

            await super().__call__(scope, receive, send_until_the_last)

    files = Broken()
    app = CompressedFiles(files)
    for _ in range(2):
        ask(app)
    assert len(files.asked) == 4, "made and passed on, twice"


def test_what_is_kept_knows_no_visitor():
    files = Files()
    _, headers, _ = ask(CompressedFiles(files), headers=GZIP | {"cookie": "who=anna"})
    assert "set-cookie" not in headers
    assert b"cookie" not in files.asked[0]


def test_browser_is_told_to_keep_the_file_and_a_cache_that_it_is_compressed():
    _, headers, _ = ask(CompressedFiles(Files()))
    assert headers["cache-control"] == LASTING["cache-control"]
    assert headers["vary"].lower() == "accept-encoding"


def test_font_is_kept_as_it_is():
    files = Files(**{"content-type": "font/woff2"})
    app = CompressedFiles(files)
    for _ in range(2):
        _, headers, body = ask(app)
        assert (body, headers.get("content-encoding")) == (BODY, None)
    assert len(files.asked) == 1


@pytest.mark.parametrize(
    ("path", "headers", "method"),
    [
        (FILE, {}, "GET"),
        (FILE, {"accept-encoding": "br"}, "GET"),
        (FILE, GZIP | {"range": "bytes=0-99"}, "GET"),
        (FILE, GZIP | {"if-none-match": "x"}, "GET"),
        (FILE, GZIP, "HEAD"),
        ("/_stcore/upload_file/a/b", GZIP, "PUT"),
        ("/media/picture.png", GZIP, "GET"),
        ("/", GZIP, "GET"),
        ("/static/js/./index.abc123.js", GZIP, "GET"),
        ("/static//js/index.abc123.js", GZIP, "GET"),
    ],
)
def test_all_else_passes_as_it_is(path, headers, method):
    files = Files()
    app = CompressedFiles(files)
    for _ in range(2):
        _, answered, body = ask(app, path, headers, method)
        assert (body, answered["set-cookie"]) == (BODY, "secret=1")
        assert "content-encoding" not in answered
    assert len(files.asked) == 2


@pytest.mark.parametrize("how", [{"status": 404}, {"cache-control": "no-cache"}])
def test_what_may_change_is_not_kept(how):
    status = how.pop("status", 200)
    files = Files(status=status, **how)
    app = CompressedFiles(files)
    ask(app)
    before = len(files.asked)
    assert ask(app)[2] == BODY
    assert len(files.asked) > before


def test_websocket_is_passed_on():
    files = Files()
    ask(CompressedFiles(files), "/static/_stcore/stream", kind="websocket")
    assert len(files.asked) == 1
