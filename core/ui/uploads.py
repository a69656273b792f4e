"""Uploads on the disk: Streamlit would hold each in memory as long as its visitor stays.

Streamlit's uploader sends a file as a form, by PUT, to an address that was issued to the session.
A middleware takes the file out of it, piece by piece, and passes on a form with a slip of paper in
its place that says where the file lies. Streamlit checks the token against forged requests as
ever; where it refuses the slip, the file goes too.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import re
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import BinaryIO

from starlette.datastructures import Headers, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.errors import RunNotFound
from core.settings import settings
from core.ui.server import issued
from core.ui.server.incoming import Incoming

_ADDRESS = re.compile(r"/_stcore/upload_file/([\w-]{1,64})/([\w-]{1,64})$")
_STORED = re.compile(r"[0-9a-f]{64}")
_MARK = "epochscope-upload"
_KEPT_S = 3600.0  # a file nobody has done anything with
_WAITING = 10  # as many of the largest files may wait for what their owners choose
_SHARE = 3  # and as many of one session's
_SESSION_DIGITS = 32  # of a stored file's name
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Upload:
    """A file on this computer's disk, and the name it had on the visitor's."""

    path: Path
    name: str


def upload_of(file: UploadedFile) -> Upload:
    """The file behind what Streamlit's uploader returned.

    Where no middleware was in between, as in a test of a page, the content itself is there.
    """
    slip = _read_slip(file)
    if slip is not None:
        return slip
    path = _folder() / _stored_name(_MARK, file.file_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(file.getvalue())
    return Upload(path, file.name)


class Uploads:
    """ASGI middleware that keeps uploads out of memory, and those nobody was to send out at all."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; an upload without its file, which is put on the disk."""
        found = _ADDRESS.search(scope["path"]) if scope["type"] == "http" else None
        if found is None or not _is_active(found[1]):
            await self._app(scope, receive, send)
            return
        session, file = found.groups()
        path = _folder() / _stored_name(session, file)
        accepted = True
        if scope["method"] == "PUT":
            try:
                if not issued.is_issued(session, file):
                    raise HTTPException(404, "No upload was asked for under this address.")
                form = await _lightened(scope, Incoming(receive, session), path)
            except HTTPException as error:
                await PlainTextResponse(error.detail, error.status_code)(scope, receive, send)
                return
            except ClientDisconnect:  # nobody is there to be answered
                return
            accepted = await _passed_on(self._app, _with_form(scope, form), _once(form), send)
        else:
            await self._app(scope, receive, send)
        if not accepted or scope["method"] == "DELETE":
            await asyncio.to_thread(path.unlink, missing_ok=True)


def sweep(older_than_s: float = _KEPT_S) -> None:
    """Delete files that were uploaded and left."""
    limit = time.time() - older_than_s
    for path in _folder().glob("*"):
        with suppress(OSError):
            if path.stat().st_mtime < limit:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def forget(session: str) -> None:
    """Delete the files that a session which has ended has uploaded."""
    mark = _stored_name(session, "")[:_SESSION_DIGITS]
    for path in _folder().glob(f"{mark}*"):
        with suppress(OSError):
            path.unlink()


async def _lightened(scope: Scope, incoming: Incoming, path: Path) -> bytes:
    """The form of an upload; its file is put at `path`, with a slip in its place.

    Raises:
        HTTPException: the form is too large or too slow, or no form with one file.
    """
    request = Request(scope, incoming.receive)
    boundary = _boundary(request)
    try:
        incoming.begin()
        async with request.form(max_files=1, max_fields=4) as form:
            files = [value for value in form.values() if isinstance(value, UploadFile)]
            if len(files) != 1:
                raise HTTPException(400, "A form with one file is expected.")
            file = files[0]
            await asyncio.to_thread(_store, file.file, path)
            content = json.dumps({_MARK: path.name}).encode()
            return _form(boundary, file.filename or "file", content)
    except MultiPartException as error:
        raise HTTPException(400, "A form with one file is expected.") from error
    except OSError as error:
        _log.warning("an upload could not be stored: %s", error)
        raise HTTPException(507, "There is no room for this file on the server.") from error
    finally:
        incoming.end()


def _form(boundary: str, name: str, content: bytes) -> bytes:
    """One file as browsers send it (RFC 7578)."""
    for sign, escaped in {'"': "%22", "\r": "%0D", "\n": "%0A", "\\": "/"}.items():
        name = name.replace(sign, escaped)
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    return head.encode() + content + f"\r\n--{boundary}--\r\n".encode()


def _store(source: BinaryIO, path: Path) -> None:
    """Copy a file to `path`, while all uploads that wait there leave room for it."""
    sweep()
    path.parent.mkdir(parents=True, exist_ok=True)
    largest = settings().own.upload_mb * 1_000_000
    for whose, most in ((path.name[:_SESSION_DIGITS], _SHARE), ("[0-9a-f]", _WAITING)):
        waiting = sum(other.stat().st_size for other in path.parent.glob(f"{whose}*"))
        if waiting > most * largest:
            raise OSError("too many uploads wait to be looked at")
    with path.open("wb") as target:
        shutil.copyfileobj(source, target)


def _read_slip(file: UploadedFile) -> Upload | None:
    """What a slip says; None where the content is none that this server has written."""
    if file.size > 2_000:
        return None
    try:
        slip = json.loads(file.getvalue())
        name = slip[_MARK] if _STORED.fullmatch(slip[_MARK]) else None
    except (ValueError, TypeError, KeyError):
        return None
    return Upload(_folder() / name, file.name) if name else None


async def _passed_on(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> bool:
    """Whether the app's answer was that all is well."""
    statuses: list[int] = []

    async def listening(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])
        await send(message)

    await app(scope, receive, listening)
    return bool(statuses) and statuses[0] < 300


def _boundary(request: Request) -> str:
    """What separates the parts of a form.

    Raises:
        HTTPException: it is no such form.
    """
    kind = request.headers.get("content-type", "")
    found = re.fullmatch(r'multipart/form-data;\s*boundary="?([\w\'()+,./:=?-]{1,70})"?', kind)
    if found is None:
        raise HTTPException(400, "A form with one file is expected.")
    return found.group(1)


def _with_form(scope: Scope, form: bytes) -> Scope:
    headers = Headers(scope=scope).mutablecopy()
    headers["content-length"] = str(len(form))
    del headers["transfer-encoding"]
    return {**scope, "headers": headers.raw}


def _once(body: bytes) -> Receive:
    """A request that was received already."""
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return messages.pop() if messages else {"type": "http.disconnect"}

    return receive


def _is_active(session: str) -> bool:
    """Whether somebody is there: for others Streamlit refuses a file before it reads it."""
    return runtime.exists() and runtime.get_instance().is_active_session(session)


def _stored_name(session: str, file: str) -> str:
    """No part of it can be chosen: whoever knows a session's secret id alone can name its file."""
    parts = (hashlib.sha256(text.encode()).hexdigest() for text in (session, f"{session}/{file}"))
    return "".join(part[:_SESSION_DIGITS] for part in parts)


def new_folder() -> Path:
    """A folder for what is made of an upload; swept away as uploads are."""
    _folder().mkdir(parents=True, exist_ok=True)
    return Path(mkdtemp(dir=_folder(), prefix="made-"))


def made_file(name: str) -> tuple[BinaryIO, int]:
    """A file of a folder of `new_folder`, by its folder's and its own name, opened; its size.

    Raises:
        RunNotFound: it was swept away.
    """
    path = _folder() / name
    try:
        return path.open("rb"), path.stat().st_size
    except OSError as error:
        raise RunNotFound("This file is no longer here. Press the button again.") from error


def _folder() -> Path:
    return settings().home / "uploads"
