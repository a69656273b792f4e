"""Parts of a page that redraw themselves, with Streamlit's own session on a loop that lags."""

from __future__ import annotations

import asyncio
from pathlib import Path
from unittest.mock import MagicMock

import pytest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.script_data import ScriptData
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
WITHIN_S = 10.0


@pytest.fixture(autouse=True)
def one_runtime(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for the server's files, and Streamlit's own way of rerunning, before and after."""
    monkeypatch.setattr(Runtime, "_instance", MagicMock())
    monkeypatch.setattr(AppSession, "request_rerun", reruns._request_rerun)


@pytest.fixture
def page(tmp_path: Path) -> str:
    path = tmp_path / "page.py"
    path.write_text(SCRIPT)
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


async def _opened(page: str) -> tuple[AppSession, str, str]:
    """A session that has drawn the page, and the ids of its part and its number."""
    files = MemoryUploadedFileManager("/upload")
    session = AppSession(ScriptData(page, is_hello=False), files, ScriptCache(), None, {})
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
    async with asyncio.timeout(WITHIN_S):
        while session._scriptrunner:
            await asyncio.sleep(0.005)
    return session.flush_browser_queue()


def _texts(messages: list[ForwardMsg]) -> list[str]:
    return [message.delta.new_element.markdown.body for message in messages]
