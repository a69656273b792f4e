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


def end_with_parent(folder: Path) -> None:
    """End as soon as the app has ended, however it did, and leave nothing in `folder`.

    The app holds the other end of this process's standard input and writes nothing to it.
    """

    def wait() -> None:
        sys.stdin.buffer.read()
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


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
    end_with_parent(given.parent)
    main(given)
