"""What answers tell browsers, so that another site can neither frame nor read them."""

from __future__ import annotations

import asyncio

import pytest

from core.errors import InvalidSetting
from core.settings import settings
from core.ui.server.headers import GuardedAnswers, policy


async def _app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"secret"})


def ask(path="/"):
    """Status, headers and body of an answer."""
    sent = []

    async def keep(message):
        sent.append(message)

    scope = {"type": "http", "path": path, "headers": [], "method": "GET"}
    asyncio.run(GuardedAnswers(_app)(scope, None, keep))
    found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], found, sent[1]["body"]


def test_each_answer_is_guarded():
    _, headers, _ = ask()
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["content-security-policy"] == policy()


def test_no_other_site_may_show_pages_in_a_frame():
    assert policy().endswith("; frame-ancestors 'self'")


def test_embedding_is_a_setting(monkeypatch):
    monkeypatch.setenv("EPOCHSCOPE_EMBED_IN", "https://school.example, https://*.uni.example:8000")
    assert ask()[1]["content-security-policy"].endswith(
        "; frame-ancestors 'self' https://school.example https://*.uni.example:8000"
    )


@pytest.mark.parametrize(
    "text", ["school.example", "https://a; script-src *", "javascript:x", "'none'"]
)
def test_setting_cannot_open_anything_else(monkeypatch, text):
    monkeypatch.setenv("EPOCHSCOPE_EMBED_IN", text)
    with pytest.raises(InvalidSetting, match="EPOCHSCOPE_EMBED_IN"):
        settings()


def test_scripts_in_a_page_are_allowed_by_their_hashes_alone():
    [scripts] = [part for part in policy().split("; ") if part.startswith("script-src")]
    assert scripts.startswith("script-src 'self' blob: 'wasm-unsafe-eval' 'sha256-")
    assert scripts.count("'sha256-") == 2
    assert "unsafe-inline" not in scripts


def test_figures_of_the_server_are_closed():
    status, headers, body = ask("/_stcore/metrics")
    assert (status, body) == (404, b"Not found")
    assert "content-security-policy" in headers


def test_figures_of_the_server_can_be_opened(monkeypatch):
    monkeypatch.setenv("EPOCHSCOPE_METRICS", "1")
    assert ask("/_stcore/metrics")[2] == b"secret"
