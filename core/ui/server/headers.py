"""What each answer tells a browser, so that no other site can make use of this one's pages.

Streamlit's own page needs what `POLICY` allows beside `'self'`: styles within the page, pictures
and fonts as data, modules of components and workers as blobs, WebAssembly. Scripts within the page
are allowed one by one, by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache
from pathlib import Path

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.settings import settings
from core.ui import accessibility

POLICY = {
    "default-src": "'self'",
    "script-src": "'self' blob: 'wasm-unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "media-src": "'self' data: blob:",
    "worker-src": "'self' blob:",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
}
_METRICS = "/_stcore/metrics"
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)


class GuardedAnswers:
    """ASGI middleware that adds security headers, and answers no questions about the server."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and add to the answer what browsers shall do with it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["x-content-type-options"] = "nosniff"
                headers["referrer-policy"] = "same-origin"
                headers["content-security-policy"] = policy(settings().embedders)
            await send(message)

        if _METRICS in scope["path"] and not settings().metrics:
            closed = PlainTextResponse("Not found", 404)
            await closed(scope, receive, guarded)
        else:
            await self._app(scope, receive, guarded)


@lru_cache(maxsize=4)
def policy(embedders: str = "") -> str:
    """The Content-Security-Policy; sites named in `embedders` may show pages in a frame."""
    allowed = {**POLICY, "frame-ancestors": f"'self' {embedders}".strip()}
    allowed["script-src"] += "".join(f" '{digest}'" for digest in _inline_scripts())
    return "; ".join(f"{name} {sources}" for name, sources in allowed.items())


def _inline_scripts() -> list[str]:
    """Hashes of the scripts within Streamlit's page, and of our own."""
    page = Path(streamlit.__file__).with_name("static") / "index.html"
    scripts = [*_INLINE.findall(page.read_text("utf-8")), accessibility.SCRIPT]
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    return [f"sha256-{base64.b64encode(digest).decode()}" for digest in digests]
