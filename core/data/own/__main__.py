"""The reading process: `python -m core.data.own SCRATCH`, with a request in that folder."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from pathlib import Path

from core.data.own.confinement import confine
from core.data.own.exchange import REPLY, REQUEST
from core.data.own.reading import answer


def end_with_parent(folder: Path) -> threading.Event:
    """End as soon as the app has ended, however it did, and leave nothing in `folder`.

    The app holds the other end of this process's standard input and writes nothing to it. The
    event is set when that end is gone.
    """
    ended = threading.Event()

    def wait() -> None:
        sys.stdin.buffer.read()
        ended.set()
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
    return ended


def main(scratch: Path) -> None:
    """Answer the request in `scratch`; the reply appears there whole or not at all."""
    request = REQUEST.validate_json((scratch / "request.json").read_bytes())
    confine(request.limits)
    reply = answer(request, scratch)
    part = scratch / "reply.part"
    part.write_bytes(REPLY.dump_json(reply))
    part.rename(scratch / "reply.json")


if __name__ == "__main__":
    given = Path(sys.argv[1])
    app_has_ended = end_with_parent(given.parent)
    try:
        main(given)
    finally:
        if app_has_ended.is_set():  # what was read is being removed: the other thread ends this
            threading.Event().wait()
