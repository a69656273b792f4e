"""Parts of a page that redraw themselves, with Streamlit's own session on a loop that lags."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from unittest.mock import MagicMock

import pytest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.script_data import ScriptData
from streamlit.runtime.scriptrunner import ScriptRunner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache

from core.ui import reruns

SCRIPT = """
import streamlit as st

@st.fragment(run_every=0.5)
def part():
    st.write("part")

def note():
    st.session_state.last = st.session_state.number

part()
st.number_input("Number", key="number", on_change=note)
st.write(f"number {st.session_state.get('last', 0):.0f}")
st.write("the end of the page")
"""
PAGES = """
import time
import streamlit as st

@st.fragment(run_every=0.5)
def part():
    st.button("Count", key="count", on_click=count)

def count():
    st.session_state.counted = True

def first():
    part()
    if st.button("Go", key="go"):
        st.switch_page(second_page)

def second():
    st.session_state.going = True
    while not st.session_state.get("asked"):  # until a part of the first page has been asked for
        time.sleep(0.005)
    st.write("counted" if st.session_state.get("counted") else "the second page")

second_page = st.Page(second, url_path="second")
st.navigation([st.Page(first), second_page]).run()
"""
WITHIN_S = 10.0


@pytest.fixture(autouse=True)
def one_runtime(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for the server's files, and Streamlit's own way of rerunning, before and after."""
    monkeypatch.setattr(Runtime, "_instance", MagicMock())
    monkeypatch.setattr(AppSession, "request_rerun", reruns._request_rerun)
    monkeypatch.setattr(ScriptRunner, "_run_script", reruns._run_script)


@pytest.fixture
def page(tmp_path: Path) -> str:
    path = tmp_path / "page.py"
    path.write_text(SCRIPT)
    return str(path)


@pytest.fixture
def pages(tmp_path: Path) -> str:
    path = tmp_path / "pages.py"
    path.write_text(PAGES)
    return str(path)


def test_page_whose_part_is_due_too_soon_arrives_whole(page: str) -> None:
    reruns.send_pages_whole()
    assert "the end of the page" in _texts(asyncio.run(_after_its_end(page, is_auto_rerun=True)))


def test_part_that_was_left_out_is_drawn_when_it_is_due_again(page: str) -> None:
    reruns.send_pages_whole()
    assert "part" in _texts(asyncio.run(_due_again(page)))


def test_page_arrives_whole_when_a_control_in_a_part_is_used_too_soon(page: str) -> None:
    reruns.send_pages_whole()
    assert "the end of the page" in _texts(asyncio.run(_after_its_end(page)))


def test_what_is_set_last_stays_set(page: str) -> None:
    """A part that was due before must not bring back what its request held."""
    reruns.send_pages_whole()
    assert "number 7" in _texts(asyncio.run(_set_after_a_part_was_due(page)))


@pytest.mark.parametrize("knows", [True, False])
def test_page_somebody_was_sent_to_is_not_left_for_a_part_of_the_one_before(
    pages: str, knows: bool
) -> None:
    reruns.send_pages_whole()
    sent = asyncio.run(_sent_on(pages, knows=knows))
    assert (_last_page(sent), "the second page" in _texts(sent)) == ("second", True)


@pytest.mark.parametrize("knows", [True, False])
def test_button_in_a_part_of_the_page_before_still_counts(pages: str, knows: bool) -> None:
    reruns.send_pages_whole()
    sent = asyncio.run(_sent_on(pages, clicked="count", knows=knows))
    assert (_last_page(sent), "counted" in _texts(sent)) == ("second", True)


def test_part_asked_for_after_the_page_was_left_is_not_drawn(pages: str) -> None:
    reruns.send_pages_whole()
    assert asyncio.run(_asked_for_late(pages)) == []


def test_streamlit_alone_goes_back_to_the_page_that_was_left(pages: str) -> None:
    """Once this fails, `core.ui.reruns` need not look at pages."""
    assert _last_page(asyncio.run(_sent_on(pages))) == "first"


def test_streamlit_alone_loses_the_end_of_the_page(page: str) -> None:
    """Once this fails, `core.ui.reruns` can go."""
    sent = asyncio.run(_after_its_end(page, is_auto_rerun=True))
    assert "the end of the page" not in _texts(sent)


async def _after_its_end(page: str, is_auto_rerun: bool = False) -> list[ForwardMsg]:
    """What is sent if a part is asked for after the script's end, and before its messages."""
    session, part, _ = await _opened(page)
    _draw_unsent(session)
    session.request_rerun(ClientState(fragment_id=part, is_auto_rerun=is_auto_rerun))
    return await _sent(session)


async def _due_again(page: str) -> list[ForwardMsg]:
    session, part, _ = await _opened(page)
    due = ClientState(fragment_id=part, is_auto_rerun=True)
    _draw_unsent(session)
    session.request_rerun(due)
    await _sent(session)
    session.request_rerun(due)
    return await _sent(session)


async def _set_after_a_part_was_due(page: str) -> list[ForwardMsg]:
    session, part, number = await _opened(page)
    _draw_unsent(session)
    due = ClientState(fragment_id=part, is_auto_rerun=True)
    due.widget_states.widgets.add(id=number, double_value=1)
    session.request_rerun(due)
    changed = ClientState()
    changed.widget_states.widgets.add(id=number, double_value=7)
    session.request_rerun(changed)
    await _sent(session)
    session.request_rerun(ClientState(widget_states=changed.widget_states))
    return await _sent(session)


async def _sent_on(
    pages: str, *, clicked: str | None = None, knows: bool = True
) -> list[ForwardMsg]:
    """What is sent if a part is asked for while the page its visitor was sent to is drawn.

    Its timer asks, or a click on the button `clicked`. The session `knows` of the other page, or
    does not yet: then the script's thread alone does.
    """
    session, ids = await _first_page(pages)
    session.request_rerun(_of_first(ids, clicked="go"))
    await _until(lambda: "going" in session.session_state)
    part = _of_first(ids, clicked)
    part.fragment_id, part.is_auto_rerun = ids["part"], clicked is None
    (AppSession.request_rerun if knows else reruns._request_rerun)(session, part)
    session.session_state["asked"] = True
    return await _sent(session)


async def _asked_for_late(pages: str) -> list[ForwardMsg]:
    """What is sent if a part is asked for when the visitor has been sent to another page."""
    session, ids = await _first_page(pages)
    session.session_state["asked"] = True
    session.request_rerun(_of_first(ids, clicked="go"))
    await _sent(session)
    part = _of_first(ids)
    part.fragment_id, part.is_auto_rerun = ids["part"], True
    session.request_rerun(part)
    return await _sent(session)


async def _first_page(pages: str) -> tuple[AppSession, dict[str, str]]:
    """A session that looks at the first page, and the ids of what is on it."""
    session = _session(pages)
    session.request_rerun(ClientState())
    drawn = await _sent(session)
    ids = {}
    for message in drawn:
        if message.HasField("auto_rerun"):
            ids["part"] = message.auto_rerun.fragment_id
        if message.HasField("navigation"):
            ids["first"] = message.navigation.page_script_hash
        if button := message.delta.new_element.button.id:
            ids["go" if button.endswith("go") else "count"] = button
    return session, ids


def _of_first(ids: dict[str, str], clicked: str | None = None) -> ClientState:
    state = ClientState(page_script_hash=ids["first"])
    if clicked:
        state.widget_states.widgets.add(id=ids[clicked], trigger_value=True)
    return state


def _last_page(messages: list[ForwardMsg]) -> str:
    """Which of the two pages the browser takes for the visitor's, of all it was sent."""
    begun = [m.new_session.page_script_hash for m in messages if m.HasField("new_session")]
    named = {
        page.page_script_hash: page.url_pathname or "first"
        for message in messages
        for page in message.navigation.app_pages
    }
    return named[begun[-1]]


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not holds():
            await asyncio.sleep(0.005)


def _session(page: str) -> AppSession:
    files = MemoryUploadedFileManager("/upload")
    return AppSession(ScriptData(page, is_hello=False), files, ScriptCache(), None, {})


async def _opened(page: str) -> tuple[AppSession, str, str]:
    """A session that has drawn the page, and the ids of its part and its number."""
    session = _session(page)
    session.request_rerun(ClientState())
    drawn = await _sent(session)
    parts = [message.auto_rerun.fragment_id for message in drawn if message.HasField("auto_rerun")]
    numbers = [message.delta.new_element.number_input.id for message in drawn]
    return session, parts[0], next(filter(None, numbers))


def _draw_unsent(session: AppSession) -> None:
    """Have the script run to its end while the loop, which would send, does nothing else."""
    session.request_rerun(ClientState())
    assert session._scriptrunner
    thread = session._scriptrunner._script_thread
    assert thread
    thread.join(WITHIN_S)


async def _sent(session: AppSession) -> list[ForwardMsg]:
    """All messages until the session rests."""
    await _until(lambda: session._scriptrunner is None)
    return session.flush_browser_queue()


def _texts(messages: list[ForwardMsg]) -> list[str]:
    return [message.delta.new_element.markdown.body for message in messages]
