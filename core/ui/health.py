"""What the server is doing: training processes, queue, memory, and where things are kept."""

from __future__ import annotations

import re

import streamlit as st

from core import formats
from core.jobs import Worker, machine
from core.runs import database_name
from core.settings import Settings, settings
from core.ui import live, platform, wording

INTERVAL_S = 5.0
_KINDS = {
    "sqlite": "an SQLite file",
    "postgresql": "a PostgreSQL database",
    "postgres": "a PostgreSQL database",
    "file": "a folder",
    "s3": "an S3 bucket",
    "memory": "memory",
}
_NAME = re.compile(r"\w[\w.-]{0,62}")  # no user, password or port is one


def follow() -> None:
    """Draw it now, and again while the page is open."""
    live.redraw(_show, INTERVAL_S)()


def _show() -> None:
    here, jobs, line = settings(), platform.jobs(), platform.line()
    if jobs.problem:
        st.error(jobs.problem, icon=":material/error:")
    workers, memory = jobs.workers(), machine.memory_in_use()
    busy = sum(worker.busy for worker in workers)
    figures = {
        "Processes at work": f"{busy} of {len(workers)}",
        "Training now": f"{len(line.training)}",
        "In the queue": f"{len(line.waiting)}",
        "Memory": wording.memory(memory.total),
    }
    for column, (title, value) in zip(st.columns(len(figures)), figures.items(), strict=True):
        column.metric(title, value)
    _show_memory(memory, here)
    if here.scheduler:
        _show_memory_elsewhere(workers)
    st.caption(
        f"Runs are kept in {_database(here.database_url)}, their files in "
        f"{_folder(here.artifacts_url)}; "
        + (
            "training processes belong to a Dask scheduler elsewhere."
            if here.scheduler
            else "training processes run on this computer."
        )
    )


def _show_memory(memory: machine.InUse, here: Settings) -> None:
    """What all processes of this computer take of what they may."""
    limit = machine.memory_limit(here)
    rest = "reading uploads" if here.scheduler else "training and reading uploads"
    _bar(
        memory.total / limit,
        f"of {wording.memory(limit)} on this computer: {wording.memory(memory.own)} for pages, "
        f"{wording.memory(memory.children)} for {rest}",
    )


def _show_memory_elsewhere(workers: tuple[Worker, ...]) -> None:
    """What training processes of other computers take of what Dask lets them."""
    limited = [worker for worker in workers if worker.memory_limit_bytes]
    if limited:
        used = sum(worker.memory_bytes for worker in limited)
        limit = sum(worker.memory_limit_bytes for worker in limited)
        fullest = max(worker.memory_bytes / worker.memory_limit_bytes for worker in limited)
        _bar(
            used / limit,
            f"of {wording.memory(limit)} for training elsewhere: {wording.memory(used)}; "
            f"the fullest process takes {formats.percent(fullest)} of its own",
        )
    if free := [worker.memory_bytes for worker in workers if not worker.memory_limit_bytes]:
        st.caption(f"Training elsewhere without a limit takes {wording.memory(sum(free))}.")


def _bar(share: float, of_what: str) -> None:
    st.progress(min(1.0, share), text=f"{formats.percent(share)} {of_what}")


def _database(url: str) -> str:
    """Where runs are, without host, user and folders: a page is for everybody."""
    return _named(url, database_name(url))


def _folder(url: str) -> str:
    """Where files are: the last folder's name on a disk, else the bucket's."""
    bucket = url.partition("://")[2].partition("/")[0]
    return _named(url, bucket or re.split(r"[/\\]", url.rstrip("/\\"))[-1])


def _named(url: str, name: str) -> str:
    scheme = url.partition(":")[0].partition("+")[0]
    kind = _KINDS.get(scheme, scheme)
    return f"{kind} (`{name}`)" if _NAME.fullmatch(name) and scheme != "memory" else kind
