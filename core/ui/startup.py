"""What the server does before it answers its first visitor, and after its last."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import logging
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from pathlib import Path

import streamlit as st

from core import data
from core.errors import EpochscopeError
from core.experiment import Experiment
from core.settings import settings
from core.ui import downloads, platform, reruns, session_entries, turns, uploads
from core.ui.server import connections, issued

WARM_S = 20.0
AGAIN_S = 5.0
M_ARENA_MAX = -8  # mallopt(3)
_OWN_ONLY = 0o077  # umask(2)
_log = logging.getLogger(__name__)


@asynccontextmanager
async def prepared(_app: st.App) -> AsyncGenerator[None]:
    """Import every view, read the default dataset, warm the workers; end them afterwards.

    A visitor who came while the workers import TensorFlow would wait longer for the page than
    the server waits here. What cannot be had is not fatal: the pages say so to whoever needs it.
    """
    _keep_to_oneself(settings().home)
    _share_arenas()
    turns.share_evenly()
    reruns.send_pages_whole()
    session_entries.look_up_singly()
    issued.remember(uploads.forget)
    connections.limit()
    for view in Path(__file__).parent.glob("*_view.py"):
        import_module(f"core.ui.{view.stem}")
    try:
        experiment = Experiment()
        data.raw_data(experiment.data, experiment.seed)
        downloads.look()
        await asyncio.to_thread(platform.jobs().wait_until_ready, WARM_S)
    except EpochscopeError as error:
        _log.warning("started with a problem: %s", error)
    gc.collect()
    gc.freeze()  # what the server was built of stays: garbage is not looked for in it
    looking = asyncio.create_task(_look_after_runs())
    yield
    looking.cancel()
    platform.end()


async def _look_after_runs() -> None:
    """Take up what was interrupted before the server started, as soon as there is a store."""
    while True:
        with suppress(EpochscopeError):
            await asyncio.to_thread(platform.jobs)
            return
        await asyncio.sleep(AGAIN_S)


def _keep_to_oneself(home: Path) -> None:
    """Let no other user of this computer read what this one writes, here or in a worker."""
    os.umask(_OWN_ONLY)
    with suppress(OSError):  # a file system without such rights; or it is not there, and cannot be
        home.mkdir(parents=True, exist_ok=True)
        home.chmod(0o777 & ~_OWN_ONLY)


def _share_arenas() -> None:
    """Have glibc's threads share two heaps: one each kept 12 MB more that nobody used."""
    with suppress(AttributeError, OSError, TypeError):  # another C library
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)
