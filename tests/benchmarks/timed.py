"""app.py with a stopwatch: a line of JSON for every script run, in the file EPOCHSCOPE_TIMES names.

`tests.benchmarks.app` copies this file beside app.py and runs it in its place. Only whole runs of
the script pass through here; the fragments that redraw a part of a page do not.
"""

import json
import os
import time
from importlib.machinery import ModuleSpec

__spec__ = ModuleSpec("epochscope.__main__", None)  # as in app.py, and for the same reason


def main() -> None:
    wall, cpu = time.perf_counter(), time.thread_time()
    try:
        import app

        app.main()
    finally:
        write(time.perf_counter() - wall, time.thread_time() - cpu)


def write(wall_s: float, cpu_s: float) -> None:
    line = json.dumps({"page": page_title(), "wall_s": wall_s, "cpu_s": cpu_s})
    with open(os.environ["EPOCHSCOPE_TIMES"], "a", encoding="utf-8") as file:  # noqa: PTH123
        file.write(line + "\n")


def page_title() -> str:
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    context = get_script_run_ctx()
    page = context.pages_manager.get_pages().get(context.page_script_hash) if context else None
    return page["page_name"] if page else ""


if __name__ == "__main__":
    main()
