"""Downloads from where the files lie: Streamlit would read each whole into memory, and keep it.

What a page gives its download button is a slip of paper that says which file is meant, signed by
this server. A middleware finds it in Streamlit's answer, and sends the file in its place, piece by
piece. A slip is made when the button is pressed, for a visitor who may see the run then.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from itsdangerous import BadSignature, Signer
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.errors import EpochscopeError
from core.settings import settings
from core.ui import platform, uploads
from core.ui.secret import server_secret

_ADDRESS = re.compile(r"/media/[0-9a-f]+\.\w+$")
_MARK = b"epochscope-download "
_LONGEST = 1_000  # bytes of a slip
_PIECE = 1 << 20
_log = logging.getLogger(__name__)


def of_run(run_id: str, name: str) -> bytes:
    """The slip for one of a run's files."""
    return _slip({"run": run_id, "name": name})


def of_made(path: Path) -> bytes:
    """The slip for a file that was made to be taken away, in a folder of `uploads.new_folder`."""
    return _slip({"made": f"{path.parent.name}/{path.name}"})


class Downloads:
    """ASGI middleware that sends files in place of the slips that name them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; where the answer is a slip, answer with the file."""
        if scope["type"] != "http" or not _ADDRESS.search(scope["path"]):
            await self._app(scope, receive, send)
            return
        answer = _Answer(send)
        await self._app(_whole(scope), receive, answer.send)
        found = answer.slip()
        if found is not None:
            await _response(found, answer.headers())(scope, receive, send)
        else:
            await answer.give()


class _Answer:
    """Streamlit's answer; a short one is held until it is known whether it is a slip."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._held: list[Message] = []
        self._is_long = False

    async def send(self, message: Message) -> None:
        """Hold a message of a short answer, pass on one of a long one."""
        if message["type"] == "http.response.start":
            length = Headers(raw=message["headers"]).get("content-length", "")
            self._is_long = not length.isdigit() or int(length) > _LONGEST
        if self._is_long:
            await self._send(message)
        else:
            self._held.append(message)

    async def give(self) -> None:
        """Pass on what was held."""
        for message in self._held:
            await self._send(message)

    def slip(self) -> dict[str, str] | None:
        """What the slip says that was held; None if it is none of this server's."""
        body = b"".join(message.get("body", b"") for message in self._held)
        if not body.startswith(_MARK):
            return None
        try:
            found: dict[str, str] = json.loads(_signer().unsign(body.removeprefix(_MARK)))
        except (BadSignature, ValueError):
            return None
        return found

    def headers(self) -> dict[str, str]:
        """Those that say what is done with the file."""
        given = Headers(raw=self._held[0]["headers"])
        kept = ("content-disposition", "content-type", "x-content-type-options")
        return {name: given[name] for name in kept if name in given}


def _slip(what: dict[str, str]) -> bytes:
    # Nobody can work out its address in Streamlit, which is a hash of what is in it.
    content = json.dumps(what | {"nonce": secrets.token_urlsafe(16)}).encode()
    return _MARK + bytes(_signer().sign(content))


def _signer() -> Signer:
    return Signer(server_secret(settings()), salt="epochscope.download")


def _whole(scope: Scope) -> Scope:
    """The request for all of a file: a part of a slip is of no use."""
    headers = MutableHeaders(raw=list(scope["headers"]))
    del headers["range"]
    return {**scope, "headers": headers.raw}


def _response(slip: dict[str, Any], headers: dict[str, str]) -> Response:
    try:
        if "made" in slip:
            file, size = uploads.made_file(slip["made"])
        else:
            file, size = platform.artifacts().open_file(slip["run"], slip["name"])
    except EpochscopeError as error:
        return PlainTextResponse(str(error), 404)
    headers |= {"content-length": str(size), "cache-control": "no-store"}
    return StreamingResponse(_pieces(file), headers=headers)


def _pieces(file: Any) -> Iterator[bytes]:
    """What is in an open file; it is closed when nobody wants more."""
    with file:
        while piece := file.read(_PIECE):
            yield piece
