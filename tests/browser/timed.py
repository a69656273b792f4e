"""app.py with a stopwatch: a line of JSON for every script run, in the file EPOCHSCOPE_TIMES names.

`tests.browser.app` copies this file beside app.py and runs it in its place. Only whole runs of
the script pass through here; the fragments that redraw a part of a page do not.
"""

import json
import os
import time
from pathlib import Path

import streamlit as st

import app as epochscope


def main() -> None:
    began = clocks()
    try:
        epochscope.main()
    finally:
        passed = {name: now - began[name] for name, now in clocks().items()}
        with Path(os.environ["EPOCHSCOPE_TIMES"]).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"page": page_title(), **passed}) + "\n")


def clocks() -> dict[str, float]:
    """Seconds by the clock; of this thread on a core; and of this thread waiting for a core."""
    return {
        "wall_s": time.perf_counter(),
        "cpu_s": time.thread_time(),
        "queued_s": queued_s(),
    }


def queued_s() -> float:
    """What other threads and programs kept this one waiting: only Linux tells, else 0."""
    try:
        nanoseconds = Path("/proc/thread-self/schedstat").read_text(encoding="ascii").split()[1]
    except OSError:
        return 0.0
    return int(nanoseconds) / 1e9


def page_title() -> str:
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    context = get_script_run_ctx()
    page = context.pages_manager.get_pages().get(context.page_script_hash) if context else None
    return page["page_name"] if page else ""


if __name__ == "__main__":
    main()
else:
    app = st.App(__file__, lifespan=epochscope.prepared, middleware=epochscope.middleware)
