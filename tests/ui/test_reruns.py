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
from streamlit.runtime.scriptrunner.script_cache import ScriptCache

from core.ui import reruns

SCRIPT = """
import streamlit as st

@st.fragment(run_every=0.5)
def part():
    st.write("part")

part()
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


def test_page_whose_part_is_redrawn_too_soon_arrives_whole(page: str) -> None:
    reruns.keep_in_order()
    assert "the end of the page" in _texts(asyncio.run(_redrawn_at_its_end(page)))


def test_part_that_had_to_wait_is_redrawn(page: str) -> None:
    reruns.keep_in_order()
    *_, last = (m for m in asyncio.run(_redrawn_at_its_end(page)) if m.HasField("script_finished"))
    assert last.metadata.run.fragment_ids


def test_part_that_had_to_wait_is_forgotten_when_its_visitor_leaves(
    page: str, caplog: pytest.LogCaptureFixture
) -> None:
    reruns.keep_in_order()
    asyncio.run(_left_at_its_end(page, lambda: "Discarding rerun" in caplog.text))


def test_streamlit_alone_loses_the_end_of_the_page(page: str) -> None:
    """Once this fails, `core.ui.reruns` can go."""
    assert "the end of the page" not in _texts(asyncio.run(_redrawn_at_its_end(page)))


async def _redrawn_at_its_end(page: str) -> list[ForwardMsg]:
    """What the browser is sent if a part is due after the script's end, and before its messages."""
    session, part = await _opened(page)
    _draw_unsent(session)
    session.request_rerun(ClientState(fragment_id=part, is_auto_rerun=True))
    messages: list[ForwardMsg] = []
    async with asyncio.timeout(WITHIN_S):
        while not any(message.metadata.run.fragment_ids for message in messages):
            messages += await _sent(session)
    session.shutdown()
    return messages


async def _left_at_its_end(page: str, until: Callable[[], bool]) -> None:
    """Go away while a part is due that has to wait."""
    session, part = await _opened(page)
    _draw_unsent(session)
    session.request_rerun(ClientState(fragment_id=part, is_auto_rerun=True))
    session.shutdown()
    async with asyncio.timeout(WITHIN_S):
        while not until():
            await asyncio.sleep(reruns.AGAIN_S)
    assert session._scriptrunner is None


async def _opened(page: str) -> tuple[AppSession, str]:
    """A session that has drawn the page, and the id of its part."""
    files = MemoryUploadedFileManager("/upload")
    session = AppSession(ScriptData(page, is_hello=False), files, ScriptCache(), None, {})
    session.request_rerun(ClientState())
    parts = [
        message.auto_rerun.fragment_id
        for message in await _sent(session)
        if message.WhichOneof("type") == "auto_rerun"
    ]
    return session, parts[0]


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
        await asyncio.sleep(0)
        while session._scriptrunner:
            await asyncio.sleep(reruns.AGAIN_S)
    return session.flush_browser_queue()


def _texts(messages: list[ForwardMsg]) -> list[str]:
    return [message.delta.new_element.markdown.body for message in messages]
