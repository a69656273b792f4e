"""What the server is doing: training processes, queue, memory, and where things are kept."""

from __future__ import annotations

import psutil
import streamlit as st

from core.settings import settings
from core.ui import live, platform, wording

INTERVAL_S = 5.0
HOSTING_BYTES = 2_700_000_000  # what the smallest hosting gives


def follow() -> None:
    """Draw it now, and again while the page is open."""
    live.redraw(_show, INTERVAL_S)()


def _show() -> None:
    jobs, line = platform.jobs(), platform.line()
    if jobs.problem:
        st.error(jobs.problem, icon=":material/error:")
    workers = jobs.workers()
    busy = sum(worker.busy for worker in workers)
    web_bytes = psutil.Process().memory_info().rss
    total = web_bytes + sum(worker.memory_bytes for worker in workers)
    figures = {
        "Processes at work": f"{busy} of {len(workers)}",
        "Training now": f"{len(line.training)}",
        "In the queue": f"{len(line.waiting)}",
        "Memory": wording.memory(total),
    }
    for column, (title, value) in zip(st.columns(len(figures)), figures.items(), strict=True):
        column.metric(title, value)
    share = total / HOSTING_BYTES
    st.progress(
        min(1.0, share),
        text=f"{share:.0%} of {wording.memory(HOSTING_BYTES)}, what small hosting gives: "
        f"{wording.memory(web_bytes)} for pages, the rest for training",
    )
    here = settings()
    st.caption(
        f"Runs are kept in {_kind(here.database_url)}, their files in {_kind(here.artifacts_url)}; "
        + (
            "training processes belong to a Dask scheduler elsewhere."
            if here.scheduler
            else "training processes run on this computer."
        )
    )


def _kind(url: str) -> str:
    """Where a URL leads, without its host and password: a page is for everybody."""
    kinds = {"sqlite": "an SQLite file", "postgresql": "a PostgreSQL database"}
    kinds |= {"file": "a folder", "s3": "an S3 bucket", "memory": "memory"}
    scheme = url.partition(":")[0].partition("+")[0]
    return kinds.get(scheme, scheme)
