"""How long each part of the Data page takes, for every dataset that is on this computer."""

from __future__ import annotations

import gc
import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from unittest.mock import patch

import streamlit as st
from streamlit.testing.v1 import AppTest

from core import data
from core.data import registry
from core.experiment import DATASETS, Data
from core.ui import data_tabs, data_view, likeness_view, platform
from tests.benchmarks.table import Row

ROOT = Path(__file__).parents[2]
PART_S = 0.300
MODULES = (data_view, likeness_view)
DATASET_KEY = "form.data.dataset"
TIMEOUT_S = 60.0
Times = dict[str, list[float]]


class _NoJobs:
    """No training processes: the page does without."""

    problem, state = None, "ready"

    def __init__(self, *_: object) -> None: ...

    def workers(self) -> tuple[()]:
        return ()

    def slots(self) -> int:
        return 1

    def close(self) -> None: ...


def data_page(quick: bool) -> Iterator[Row]:
    """Each part of the page, drawn as nobody has seen it yet, in a process that has."""
    logging.disable(logging.WARNING)  # Streamlit misses a server
    with TemporaryDirectory() as home, ExitStack() as stack:
        stack.enter_context(patch.dict(os.environ, {"EPOCHSCOPE_HOME": home}))
        stack.enter_context(patch.object(platform, "Jobs", _NoJobs))
        names = [name for name in DATASETS if data.is_local(name)]
        yield from _rows({name: _measured(name, 2 if quick else 5) for name in names})
        platform.end()
    logging.disable(logging.NOTSET)


def _measured(name: str, times: int) -> Times:
    """Seconds of each part; `unpacked` is opening a set that no process has opened yet."""
    found: Times = {}
    began = time.perf_counter()
    registry.raw_data(Data(dataset=name), 0)
    found["unpacked"] = [time.perf_counter() - began]
    with ExitStack() as stack:
        for module in MODULES:
            for part, draw in list(vars(module).items()):
                if part.startswith("show_") and draw.__module__ == module.__name__:
                    timed = _timed(draw, found.setdefault(part.removeprefix("show_"), []))
                    stack.enter_context(patch.object(module, part, timed))
        _open(name)  # the first time, the process learns what all sets need
        for seconds in list(found)[1:]:
            found[seconds].clear()
        for _ in range(times):
            st.cache_data.clear()
            registry.forget()
            gc.collect()
            _open(name)
    return {part: seconds for part, seconds in found.items() if seconds}


def _timed(draw: Callable[..., None], seconds: list[float]) -> Callable[..., None]:
    def timed(*given: object) -> None:
        began = time.perf_counter()
        draw(*given)
        seconds.append(time.perf_counter() - began)

    return timed


def _open(name: str) -> None:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT_S)
    page.session_state[DATASET_KEY] = name
    page.run()
    page.switch_page("pages/data.py")
    for tab in data_tabs.TABS:
        page.session_state[data_tabs.TABS_KEY] = tab
        page.run()
        if page.exception or page.error:
            raise RuntimeError(f"the Data page of {name} shows an error")


def _rows(found: dict[str, Times]) -> Iterator[Row]:
    """Each set with its slowest part, and all parts."""
    for name, parts in found.items():
        middles = {part: median(seconds) for part, seconds in parts.items()}
        unpacked = middles.pop("unpacked")
        slowest = max(middles, key=middles.__getitem__)
        yield Row(
            DATASETS[name].title,
            f"{1000 * middles[slowest]:.0f} ms, {slowest}",
            f"≤ {1000 * PART_S:.0f} ms",
            middles[slowest] <= PART_S,
            ", ".join(f"{part} {1000 * value:.0f}" for part, value in middles.items())
            + f"; all parts {1000 * sum(middles.values()):.0f}; opened for the first time on this "
            f"computer in {1000 * unpacked:.0f}",
        )
