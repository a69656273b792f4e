"""How many connections there may be, and how long one may take to ask for something.

uvicorn waits for ever for the head of a request; a thousand of such connections took all the files
that the system lets a process open, and nobody else was let in.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import h11
import websockets.http11
from uvicorn.protocols.http.h11_impl import H11Protocol

# Between one and two of these stretches, in seconds, the head of a request has to arrive.
HEAD_S = 10.0
# What h11 lets through, which answers for longer ones: a handshake with more in a line, or with
# more lines, got no answer at all.
_HEAD_BYTES, _HEAD_LINES = 65_536, 16_384
_connected = H11Protocol.connection_made


def limit() -> None:
    """In the whole process, from now on."""
    _open_more_files()
    websockets.http11.MAX_LINE_LENGTH = _HEAD_BYTES
    websockets.http11.MAX_NUM_HEADERS = _HEAD_LINES
    H11Protocol.connection_made = _connected_and_watched  # type: ignore[assignment, method-assign]


def _open_more_files() -> None:
    """As many as the system lets a process have that asks for it."""
    with suppress(ImportError, ValueError, OSError):  # another system, or it refuses
        import resource  # noqa: PLC0415

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _connected_and_watched(protocol: H11Protocol, transport: asyncio.Transport) -> None:
    _connected(protocol, transport)
    _watch(protocol, None)


def _watch(protocol: H11Protocol, last: Any) -> None:
    """Close the connection if no request has begun since `last` did; else look again."""
    protocol.loop.call_later(HEAD_S, _look, protocol, last)


def _look(protocol: H11Protocol, last: Any) -> None:
    if protocol not in protocol.connections:  # it has ended, or is a WebSocket now
        return
    waits = protocol.cycle is None or protocol.cycle.response_complete
    if waits and protocol.cycle is last and protocol.conn.their_state is h11.IDLE:
        protocol.transport.close()
        return
    _watch(protocol, protocol.cycle)
