"""Which names this server answers to, and which sites may talk to it.

A page of somebody else's site can have a visitor's browser open a WebSocket to this server, or,
after its name has been made to lead here (DNS rebinding), ask for pages as if it were this one.
Browsers tell both: by `Origin` the site, by `Host` the name.
"""

from __future__ import annotations

import ipaddress
import socket
from functools import lru_cache
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

# Names that hosting gives, and those that end in .localhost: nobody can make them lead elsewhere.
_SAFE_ENDINGS = (".localhost", ".streamlit.app", ".hf.space")
_READING = ("GET", "HEAD", "OPTIONS")
_DEFAULT_PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}
_LONGEST = 100
_FORBIDDEN = 403
_VIOLATION = 1008  # a WebSocket's close code (RFC 6455)
# Asked by whoever looks after the server, under whatever name.
_HEALTH = ("/_stcore/health", "/healthz")


class KnownSites:
    """ASGI middleware that refuses what comes under another name or from another site.

    Without `server.allowedHosts`, the names are this computer's, those that hosting gives, and any
    address in numbers: nobody's name can be made to be one. A site of another origin is one of
    `server.corsAllowedOrigins`.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it and say why."""
        if scope["type"] not in ("http", "websocket") or scope["path"].endswith(_HEALTH):
            await self._app(scope, receive, send)
            return
        problem = _problem(scope, Headers(scope=scope))
        if problem is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await PlainTextResponse(problem, _FORBIDDEN)(scope, receive, send)
        else:  # the handshake is refused: a browser is told no more than that
            await send({"type": "websocket.close", "code": _VIOLATION, "reason": ""})


def _problem(scope: Scope, headers: Headers) -> str | None:
    """Why a request is refused, and what to do; None if it is not."""
    host, origin = headers.get("host"), headers.get("origin")
    if not _is_known(host):
        return (
            f"Epochscope was asked for as {(host or '')[:_LONGEST]!r}, a name it does not know. "
            "It answers to this computer's names and to addresses in numbers. Whoever runs it can "
            "add names: streamlit run app.py --server.allowedHosts NAME"
        )
    acts = scope["type"] == "websocket" or scope["method"] not in _READING
    if acts and origin is not None and not _is_friend(origin, host):
        return (
            f"The site {origin[:_LONGEST]!r} may not talk to Epochscope. Whoever runs it can allow "
            "it: streamlit run app.py --server.corsAllowedOrigins SITE"
        )
    return None


def _is_known(host: str | None) -> bool:
    if st.get_option("server.allowedHosts"):
        return is_host_allowed(host)
    name = _name(f"//{host or ''}")
    if name is None:
        return False
    return name in _own_names() | _configured() or name.endswith(_SAFE_ENDINGS) or _is_number(name)


def _is_friend(origin: str, host: str | None) -> bool:
    allowed = {site.strip().rstrip("/") for site in st.get_option("server.corsAllowedOrigins")}
    if origin in allowed or not st.get_option("server.enableCORS"):
        return True
    parts = urlsplit(origin)
    if not parts.netloc or host is None:
        return False
    usual = _DEFAULT_PORTS.get(parts.scheme)
    return _place(f"//{parts.netloc}", usual) == _place(f"//{host}", usual)


def _place(address: str, usual_port: int | None) -> tuple[str | None, int | None]:
    """Name and port; of an address that is none, an empty name."""
    try:
        parts = urlsplit(address)
        return parts.hostname, parts.port or usual_port
    except ValueError:
        return None, None


def _name(address: str) -> str | None:
    """The name in an address, None if there is none or anything beside it but a port."""
    try:
        parts = urlsplit(address)
        name, _ = parts.hostname, parts.port
    except ValueError:
        return None
    if not name or "@" in parts.netloc or parts.path or parts.query or parts.fragment:
        return None
    return name.lower().rstrip(".")


def _configured() -> set[str]:
    """Names that somebody has given this server elsewhere in Streamlit's settings."""
    sites = [*st.get_option("server.corsAllowedOrigins"), st.get_option("browser.serverAddress")]
    found = (_name(site if "//" in site else f"//{site}") for site in sites if site)
    return {name for name in found if name}


@lru_cache(maxsize=1)
def _own_names() -> frozenset[str]:
    name = socket.gethostname().lower()
    return frozenset({"localhost", name, f"{name}.local", name.partition(".")[0]})


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
