"""Who is looking: the signed-in user, else the browser by a signed cookie, else the session."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from functools import lru_cache

import streamlit as st
from itsdangerous import BadSignature, Signer
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.settings import settings
from core.ui.secret import server_secret

LASTS_S = 400 * 24 * 60 * 60  # browsers keep no cookie for longer
_SESSION = "epochscope.visitor"
_MET = "epochscope.visitor_met"


def meet() -> None:
    """Find out, at the start of a script run, who it is for.

    To ask who has signed in reads Streamlit's secrets anew, and a page asks a dozen times.
    """
    brought = _cookie_brought()
    st.session_state[_MET] = brought, _whose(brought)


def visitor() -> str:
    """The id of whoever this script run is for; at most 64 characters."""
    brought = _cookie_brought()
    met = st.session_state.get(_MET)
    if met and met[0] == brought:  # else another browser has taken up the session
        return str(met[1])
    return _whose(brought)


def cookie_name() -> str:
    """Another one for each secret: browsers tell hosts apart, but not ports."""
    return _name(server_secret(settings()))


def new_cookie() -> str:
    """A cookie's signed value for a visitor nobody has seen before."""
    value = f"browser-{secrets.token_urlsafe(18)}"
    return _signer(server_secret(settings())).sign(value).decode()


def read_cookie(value: object) -> str | None:
    """The visitor a cookie's value names; None when this server has not signed it."""
    if not isinstance(value, str):
        return None
    return _read(server_secret(settings()), value)


class VisitorCookies:
    """ASGI middleware that gives each browser its cookie with the page it asks for.

    The WebSocket the page then opens brings it. It is given again with every page: it lasts from
    the last visit.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and if it asks for a page, add the cookie to the answer."""
        if scope["type"] != "http" or not _asks_for_page(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        name, connection = cookie_name(), HTTPConnection(scope)
        brought = connection.cookies.get(name)
        value = brought if brought and read_cookie(brought) else new_cookie()
        cookie = f"{name}={value}; Path=/; Max-Age={LASTS_S}; HttpOnly; SameSite=Lax"
        if _is_https(connection):
            cookie += "; Secure"

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.append("set-cookie", cookie)
                # No cache on the way may hand one visitor's cookie to another.
                headers["cache-control"] = "private, no-cache"
            await send(message)

        await self._app(scope, receive, send_with_cookie)


def _asks_for_page(headers: Headers) -> bool:
    return "text/html" in headers.get("accept", "")


def _is_https(connection: HTTPConnection) -> bool:
    forwarded = connection.headers.get("x-forwarded-proto", "")
    return connection.scope.get("scheme") == "https" or forwarded.split(",")[0].strip() == "https"


@lru_cache(maxsize=4)
def _name(secret: str) -> str:
    mark = hashlib.sha256(b"name " + secret.encode()).hexdigest()
    return f"epochscope_visitor_{mark[:8]}"


@lru_cache(maxsize=1_024)
def _read(secret: str, value: str) -> str | None:
    """Whom a cookie names; kept, since every redraw of a live part asks again."""
    try:
        return _signer(secret).unsign(value.encode()).decode()
    except (BadSignature, UnicodeError):
        return None


def _signer(secret: str) -> Signer:
    return Signer(secret, salt="epochscope.visitor", digest_method=hashlib.sha256)


def _cookie_brought() -> object:
    return st.context.cookies.get(cookie_name())


def _signed_in() -> str | None:
    """A stable id for the signed-in user, if there is one, that does not tell who it is."""
    user: Mapping[str, object] = st.user.to_dict()
    by_proxy = bool(st.get_option("server.trustedUserHeaders"))
    if not (user.get("is_logged_in") or by_proxy):
        return None
    if user.get("sub"):
        who = ["subject", user.get("iss"), user["sub"]]
    elif user.get("email"):
        who = ["e-mail", user["email"]]
    else:
        return None
    return f"user-{hashlib.sha256(json.dumps(who).encode()).hexdigest()[:48]}"


def _whose(brought: object) -> str:
    return _signed_in() or read_cookie(brought) or _of_session()


def _of_session() -> str:
    found: str = st.session_state.setdefault(_SESSION, f"session-{secrets.token_urlsafe(18)}")
    return found
