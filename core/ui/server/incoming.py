"""What is being uploaded: how much of it may come at once, and how slowly."""

from __future__ import annotations

import asyncio
import time
from collections import Counter

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

from core.settings import settings

_COMING = 10  # as many of the largest files may be on their way at once
_COMING_SHARE = 2  # and as many of one session's
_AT_ONCE = 4  # uploads of one session on their way, of whatever size
# In each stretch of so many seconds an upload brings so many bytes at least, or it has stalled.
_STRETCH_S, _LEAST_BYTES = 30.0, 100_000
_FORM_BYTES = 10_000  # what a form has around its file

_coming: Counter[str] = Counter()  # bytes by session
_at_once: Counter[str] = Counter()  # uploads by session


class Incoming:
    """A form that is being received; between `begin` and `end` it counts among all that come.

    All together lie in the temporary folder meanwhile, so that they are bounded as well.
    """

    def __init__(self, receive: Receive, session: str) -> None:
        self._receive, self._session = receive, session
        self._largest = settings().own.upload_mb * 1_000_000 + _FORM_BYTES
        self._bytes = 0
        self._stretch_began, self._stretch_bytes = time.monotonic(), 0
        self._begun = False

    def begin(self) -> None:
        """Count it among the session's.

        Raises:
            HTTPException: the session sends as many as it may already.
        """
        if _at_once[self._session] >= _AT_ONCE:
            raise HTTPException(429, "Wait until the other files have been uploaded.")
        _at_once[self._session] += 1
        self._begun = True

    async def receive(self) -> Message:
        """The next piece.

        Raises:
            HTTPException: this form, the session's or all together are too large, or it stalled.
        """
        try:
            message = await asyncio.wait_for(self._receive(), _STRETCH_S)
        except TimeoutError:
            raise _stalled() from None
        size = len(message.get("body", b""))
        self._bytes += size
        _coming[self._session] += size
        self._check_pace(size)
        if self._bytes > self._largest:
            raise HTTPException(413, "The file is too large.")
        if _coming[self._session] > _COMING_SHARE * self._largest:
            raise HTTPException(429, "Wait until the other files have been uploaded.")
        if _coming.total() > _COMING * self._largest:
            raise HTTPException(503, "Too many files are being uploaded. Try again in a minute.")
        return message

    def end(self) -> None:
        """It takes no more room."""
        _coming[self._session] -= self._bytes
        _at_once[self._session] -= self._begun
        self._bytes, self._begun = 0, False
        for counter in (_coming, _at_once):
            if not counter[self._session]:
                del counter[self._session]

    def _check_pace(self, size: int) -> None:
        self._stretch_bytes += size
        if time.monotonic() - self._stretch_began < _STRETCH_S:
            return
        if self._stretch_bytes < _LEAST_BYTES:
            raise _stalled()
        self._stretch_began, self._stretch_bytes = time.monotonic(), 0


def _stalled() -> HTTPException:
    return HTTPException(408, "The upload came to a halt. Send the file again.")
