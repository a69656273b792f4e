"""Pages of other sites, and names that were made to lead here, get nothing from this server."""

from __future__ import annotations

import asyncio
import socket

import pytest
import streamlit as st
from streamlit import config, net_util
from streamlit.web.server import server_util

from core.ui.server import lookups
from core.ui.server.sites import KnownSites

FOREIGN = "http://evil.example"


async def _app(scope, receive, send):
    await send({"type": "passed"})


def ask(host="localhost:8501", origin=None, kind="websocket", method="GET", path="/_stcore/stream"):
    """What the server sends first."""
    sent = []

    async def keep(message):
        sent.append(message)

    given = {"host": host, "origin": origin}
    headers = [(name.encode(), value.encode()) for name, value in given.items() if value]
    scope = {"type": kind, "path": path, "headers": headers, "method": method}
    asyncio.run(KnownSites(_app)(scope, None, keep))
    return sent[0]["type"], sent[0].get("status", sent[0].get("code")), sent[-1].get("body", b"")


def passes(**given) -> bool:
    return ask(**given)[0] == "passed"


@pytest.fixture
def option(monkeypatch):
    """Sets one of Streamlit's options for a test."""

    def put(name, value):
        real = config.get_option
        monkeypatch.setattr(config, "get_option", lambda key: value if key == name else real(key))
        monkeypatch.setattr(st, "get_option", config.get_option)

    return put


@pytest.mark.parametrize(
    "origin", [FOREIGN, "null", "http://localhost:9999", "localhost:8501", "http://"]
)
def test_foreign_site_gets_no_websocket(origin):
    assert ask(origin=origin)[:2] == ("websocket.close", 1008)


@pytest.mark.parametrize("origin", [FOREIGN, "null"])
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_foreign_site_can_put_no_file(origin, method):
    kind, status, body = ask(origin=origin, kind="http", method=method)
    assert (kind, status) == ("http.response.start", 403)
    assert origin.encode() in body
    assert b"corsAllowedOrigins" in body


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8501",
        "localhost.evil.example",
        "localhost@evil.example",
        "",
        "[::1",
    ],
)
def test_name_that_is_not_ours_gets_nothing(host):
    assert ask(host=host, origin=f"http://{host}")[:2] == ("websocket.close", 1008)
    assert ask(host=host, kind="http", path="/")[1] == 403


@pytest.mark.parametrize("host", ["epochscope.streamlit.app", "me-epochscope.hf.space"])
def test_name_that_hosting_gives_is_answered_to(host):
    assert passes(host=host, origin=f"https://{host}")
    assert not passes(host=f"{host}.evil.example", origin=f"https://{host}.evil.example")


def test_refusal_says_what_was_asked_for_and_what_to_do():
    said = ask(host="evil.example" + "x" * 5_000, kind="http", path="/")[2].decode()
    assert said.startswith("Epochscope was asked for as 'evil.examplexxx")
    assert "--server.allowedHosts NAME" in said
    assert len(said) < 400


@pytest.mark.parametrize(
    "host",
    [
        *("localhost:8501", "LOCALHOST", "app.localhost:1", socket.gethostname()),
        *("127.0.0.1:8501", "[::1]:8501", "192.168.1.20"),
    ],
)
def test_own_page_gets_its_websocket(host):
    assert passes(host=host, origin=f"http://{host}")


def test_usual_port_may_be_left_out():
    assert passes(host="localhost:443", origin="https://localhost")
    assert not passes(host="localhost:443", origin="http://localhost")


def test_program_without_origin_is_answered():
    assert passes(origin=None)


def test_health_is_told_under_any_name():
    assert passes(host="evil.example", kind="http", path="/_stcore/health")


def test_names_can_be_given(option):
    option("server.allowedHosts", ["app.example.com", "*.school.example"])
    assert passes(host="app.example.com", origin="https://app.example.com")
    assert passes(host="a.school.example", origin="https://a.school.example")
    assert not passes(host="localhost:8501")


def test_site_can_be_allowed(option):
    option("server.corsAllowedOrigins", ["https://school.example"])
    assert passes(origin="https://school.example")
    assert not passes(origin="http://school.example")


def test_nothing_is_asked_for_outside_when_streamlit_compares_origins(monkeypatch):
    asked = []
    monkeypatch.setattr(net_util, "get_external_ip", net_util.get_external_ip)
    monkeypatch.setattr(
        net_util, "_make_blocking_http_get", lambda *given, **_: asked.append(given)
    )
    server_util.is_url_from_allowed_origins(FOREIGN)
    assert asked  # else `lookups` is no longer needed
    asked.clear()
    lookups.prevent()
    assert not server_util.is_url_from_allowed_origins(FOREIGN)
    assert asked == []
