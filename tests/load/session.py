"""One tab without a browser: speaks Streamlit's own protocol over a WebSocket.

It does what costs the server: the rerun after every change with all widgets' values, the timers of
fragments, and the hashes of large messages it keeps. It does not load scripts, styles and pictures.
"""

from __future__ import annotations

import asyncio
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qs

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState, ContextInfo
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.load.elements import Elements, problem

ANSWER_S = 60.0
KEPT_RUNS = 2  # a browser keeps large messages for as many script runs
_FINISHED = ForwardMsg.ScriptFinishedStatus


class Failed(Exception):
    """The tab cannot go on: the server did not answer, or the connection broke."""


@dataclass
class _Wait:
    """A rerun that was asked for: the ids of runs that began since, and its end."""

    fragment_id: str
    done: asyncio.Future[None]
    sent: float = field(default_factory=time.perf_counter)
    began: set[str] = field(default_factory=set)


class Session:
    """A tab of the app: `async with Session(url) as tab: await tab.open()`."""

    def __init__(self, url: str, on_error: Callable[[str], None] = lambda _: None) -> None:
        self.elements = Elements()
        self.pages: dict[str, str] = {}
        self.query_string = ""
        self.redraws: list[tuple[float, float]] = []
        self._url, self._on_error = url, on_error
        self._page = self._main_script = self._run = ""
        self._waits: list[_Wait] = []
        self._timers: dict[str, tuple[float, asyncio.Task[None]]] = {}
        self._kept: dict[str, tuple[ForwardMsg, int]] = {}
        self._redrawing: set[asyncio.Task[None]] = set()
        self._seen: set[str] = set()
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stop_timers()
        if self._reader:
            self._reader.cancel()
        if self._socket:
            with suppress(ConnectionClosed):
                await self._socket.close()

    async def open(self) -> float:
        """Ask for the page, connect with its cookie, and run the script; the seconds it took."""
        began = time.perf_counter()
        cookie = await asyncio.to_thread(_cookie_of, self._url)
        self._socket = await connect(
            self._url.replace("http", "ws", 1) + "/_stcore/stream",
            origin=self._url,  # type: ignore[arg-type]
            subprotocols=["streamlit"],  # type: ignore[list-item]
            additional_headers={"Cookie": cookie},
            max_size=None,
            ping_interval=None,  # a browser sends none
            open_timeout=ANSWER_S,
            proxy=None,
        )
        self._reader = asyncio.create_task(self._read())
        await self._rerun()
        return time.perf_counter() - began

    async def open_page(self, title: str) -> float:
        """Go to another page; the seconds until it is drawn."""
        self._stop_timers()
        self.elements.keep_only_frame(self._main_script)
        self._page, self.query_string = self.pages[title], ""
        return await self._rerun()

    async def choose(self, label: str, option: str) -> float:
        """Pick an option of a select box."""
        box = self.elements.labelled("selectbox", label)
        if option not in box.options:
            raise LookupError(f"{label!r} has no option {option!r}")
        return await self._set(WidgetState(id=box.id, string_value=option))

    async def set_number(self, label: str, value: float) -> float:
        """Type a number into its field."""
        number = self.elements.labelled("number_input", label)
        return await self._set(WidgetState(id=number.id, double_value=value))

    async def press(self, label: str) -> float:
        """Press a button."""
        button = self.elements.labelled("button", label)
        if button.disabled:
            raise LookupError(f"the button {label!r} cannot be pressed")
        return await self._rerun(pressed=button.id)

    async def clear_caches(self) -> None:
        """Ask the server to empty what it keeps for all: in a browser, the key C of developers."""
        assert self._socket
        await self._socket.send(BackMsg(clear_cache=True).SerializeToString())

    def run_id(self) -> str:
        """The run in the tab's address; empty without one."""
        return parse_qs(self.query_string).get("run", [""])[0]

    def texts(self) -> Iterator[str]:
        """Every piece of Markdown on the page; badges are among them."""
        for proto in self.elements.of_kind("markdown"):
            yield proto.body

    async def _set(self, state: WidgetState) -> float:
        self.elements.set(state)
        return await self._rerun()

    async def _rerun(self, pressed: str = "") -> float:
        """Have the script run, and wait until it has; the seconds from asking to its end."""
        with self._waiting("") as wait:
            await self._send(pressed=pressed)
            await self._answer(wait)
            return time.perf_counter() - wait.sent

    @contextmanager
    def _waiting(self, fragment_id: str) -> Iterator[_Wait]:
        wait = _Wait(fragment_id, asyncio.get_running_loop().create_future())
        self._waits.append(wait)
        try:
            yield wait
        finally:
            self._waits.remove(wait)

    async def _answer(self, wait: _Wait) -> None:
        assert self._reader
        await asyncio.wait(
            {wait.done, self._reader}, timeout=ANSWER_S, return_when=asyncio.FIRST_COMPLETED
        )
        if wait.done.done():
            return
        if not self._reader.done():
            raise Failed(f"no answer within {ANSWER_S:g} s")
        broken = self._reader.exception()
        raise Failed(f"the connection broke: {broken or 'the server closed it'}") from broken

    async def _send(self, pressed: str = "", fragment_id: str = "", auto: bool = False) -> None:
        assert self._socket
        state = ClientState(
            query_string=self.query_string,
            widget_states=self.elements.widget_states(pressed),
            page_script_hash=self._page,
            fragment_id=fragment_id,
            is_auto_rerun=auto,
            cached_message_hashes=list(self._kept),
            context_info=ContextInfo(
                timezone="UTC", timezone_offset=0, locale="en-GB", url=self._url
            ),
        )
        try:
            await self._socket.send(BackMsg(rerun_script=state).SerializeToString())
        except ConnectionClosed as error:
            raise Failed(f"the connection broke: {error}") from error

    async def _read(self) -> None:
        assert self._socket
        async for data in self._socket:
            message = ForwardMsg()
            message.ParseFromString(data if isinstance(data, bytes) else data.encode())
            self._take(message)

    def _take(self, message: ForwardMsg) -> None:
        match message.WhichOneof("type"):
            case "new_session":
                self._began(message)
            case "delta":
                if message.metadata.cacheable:
                    self._kept[message.hash] = (message, 0)
                self._place(message)
            case "ref_hash":
                self._place(self._remembered(message))
            case "navigation":
                self._page = message.navigation.page_script_hash
                pages = message.navigation.app_pages
                self.pages = {page.page_name: page.page_script_hash for page in pages}
            case "page_info_changed":
                self.query_string = message.page_info_changed.query_string
            case "page_not_found":
                self._on_error("page not found")
            case "auto_rerun":
                self._start_timer(message.auto_rerun.fragment_id, message.auto_rerun.interval)
            case "stop_auto_rerun":
                for fragment_id in message.stop_auto_rerun.fragment_ids:
                    self._stop_timer(fragment_id)
            case "script_finished":
                self._finished(message)

    def _began(self, message: ForwardMsg) -> None:
        run, fragment_ids = message.metadata.run.script_run_id, message.metadata.run.fragment_ids
        self._run = run  # what is drawn from now on, it draws
        if not fragment_ids:
            self._stop_timers()
            self._main_script = message.new_session.main_script_hash
            self._page = message.new_session.page_script_hash
        for wait in self._waits:
            if wait.fragment_id in fragment_ids or not (wait.fragment_id or fragment_ids):
                wait.began.add(run)

    def _place(self, message: ForwardMsg) -> None:
        placed = self.elements.take(message, self._run)
        said = problem(placed) if placed else None
        if said and said not in self._seen:  # a page says it again each time it is drawn
            self._seen.add(said)
            self._on_error(said)

    def _remembered(self, message: ForwardMsg) -> ForwardMsg:
        """The kept message that `message` stands for, in the place it names."""
        kept, _ = self._kept[message.ref_hash]
        self._kept[message.ref_hash] = (kept, 0)
        whole = ForwardMsg()
        whole.CopyFrom(kept)
        whole.metadata.CopyFrom(message.metadata)
        return whole

    def _finished(self, message: ForwardMsg) -> None:
        run, status = message.metadata.run, message.script_finished
        if status == _FINISHED.FINISHED_WITH_COMPILE_ERROR:
            self._on_error("the script could not be compiled")
        if status == _FINISHED.FINISHED_EARLY_FOR_RERUN:
            return
        fragment_ids = list(run.fragment_ids)
        self.elements.drop_stale(run.script_run_id, fragment_ids)
        if not fragment_ids:
            self._forget_old()
        for wait in self._waits:
            if run.script_run_id in wait.began and not wait.done.done():
                wait.done.set_result(None)

    def _forget_old(self) -> None:
        older = {name: (kept, age + 1) for name, (kept, age) in self._kept.items()}
        self._kept = {name: held for name, held in older.items() if held[1] <= KEPT_RUNS}

    def _start_timer(self, fragment_id: str, interval_s: float) -> None:
        if fragment_id in self._timers and self._timers[fragment_id][0] == interval_s:
            return
        self._stop_timer(fragment_id)
        task = asyncio.create_task(self._tick(fragment_id, interval_s))
        self._timers[fragment_id] = (interval_s, task)

    def _stop_timer(self, fragment_id: str) -> None:
        _, task = self._timers.pop(fragment_id, (0.0, None))
        if task:
            task.cancel()

    def _stop_timers(self) -> None:
        """Forget the fragments of a page that is left or drawn anew."""
        for fragment_id in list(self._timers):
            self._stop_timer(fragment_id)
        for redraw in self._redrawing:
            redraw.cancel()

    async def _tick(self, fragment_id: str, interval_s: float) -> None:
        """Have a fragment run at its interval, as a browser does: without waiting for its end."""
        due = time.perf_counter()
        while True:
            due = max(due + interval_s, time.perf_counter())
            await asyncio.sleep(due - time.perf_counter())
            redraw = asyncio.create_task(self._redraw(fragment_id))
            self._redrawing.add(redraw)
            redraw.add_done_callback(self._redrawing.discard)

    async def _redraw(self, fragment_id: str) -> None:
        """One turn of a fragment: timed, unless the page is left or drawn anew meanwhile."""
        with self._waiting(fragment_id) as wait, suppress(Failed):
            await self._send(fragment_id=fragment_id, auto=True)
            with suppress(TimeoutError):
                await asyncio.wait_for(wait.done, ANSWER_S)
                self.redraws.append((wait.sent, time.perf_counter() - wait.sent))


def _cookie_of(url: str) -> str:
    """The cookies the server gives with the page, as a browser brings them back."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(url, headers={"Accept": "text/html"})
    with direct.open(request, timeout=ANSWER_S) as answer:
        answer.read()
        given: list[Any] = answer.headers.get_all("Set-Cookie") or []
    return "; ".join(cookie.partition(";")[0] for cookie in given)
