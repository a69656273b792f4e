"""Streamlit's own files, compressed once and kept.

Streamlit sends them as they are and leaves compressing to a proxy, since Starlette's middleware
would compress a file again for every browser. None of these files changes while the server runs:
here the first browser's answer is kept for all others. A first visit then takes a third of the
bytes.
"""

from __future__ import annotations

import asyncio
import posixpath

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_STATIC = "/static/"
_LEVEL = 6  # a level more makes one percent less of it and takes a fifth longer
_SMALLEST = 1_000  # bytes: a smaller file is a packet or two as it is
_KEPT_HEADERS = ("content-type", "content-encoding", "vary", "cache-control", "last-modified")
# With one of these a browser asks for a part of a file, or whether it has changed.
_CONDITIONS = ("range", "if-none-match", "if-modified-since")


class CompressedFiles:
    """ASGI middleware that answers for Streamlit's files with what it has kept.

    All else passes through, and so do browsers that do not take gzip.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._compressing = GZipMiddleware(app, _SMALLEST, _LEVEL)
        self._kept: dict[str, Response] = {}
        self._one_at_a_time = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the file that is kept; keep it if it may be, else pass the request on."""
        if not _asks_for_file(scope):
            await self._app(scope, receive, send)
            return
        answer = self._kept.get(scope["path"]) or await self._make(scope)
        await (answer or self._app)(scope, receive, send)

    async def _make(self, scope: Scope) -> Response | None:
        """Compress a file and keep it; None if it is none that never changes.

        It is asked for without what tells one visitor from another: the answer is for all. What
        cannot be made smaller, such as a font, is kept as it is.
        """
        path = scope["path"]
        async with self._one_at_a_time:
            if path not in self._kept:
                asked = {**scope, "headers": [(b"accept-encoding", b"gzip")]}
                answer = await _collected(self._compressing, asked)
                if answer is None:
                    return None
                self._kept[path] = answer
        return self._kept[path]


def _asks_for_file(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET" or _STATIC not in scope["path"]:
        return False
    headers = Headers(scope=scope)
    return (
        "gzip" in headers.get("accept-encoding", "")
        and not any(name in headers for name in _CONDITIONS)
        # Another way to write a path would be kept as another file.
        and posixpath.normpath(scope["path"]) == scope["path"]
    )


async def _collected(app: ASGIApp, scope: Scope) -> Response | None:
    """The whole answer of `app`; None if it is not one that holds for good."""
    start: Message = {}
    body = bytearray()
    is_whole = False

    async def collect(message: Message) -> None:
        nonlocal is_whole
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            body.extend(message.get("body", b""))
            is_whole = not message.get("more_body", False)

    await app(scope, _nobody_leaves, collect)
    headers = MutableHeaders(raw=start["headers"])
    is_lasting = "immutable" in headers.get("cache-control", "")
    if start["status"] != 200 or not is_lasting or not is_whole:
        return None
    kept = {name: headers[name] for name in _KEPT_HEADERS if name in headers}
    return Response(bytes(body), headers=kept)


async def _nobody_leaves() -> Message:
    """Instead of the first visitor's connection: that it closes would cut the file for everyone."""
    never: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
    return await never
