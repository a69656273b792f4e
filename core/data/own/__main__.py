"""The reading process: `python -m core.data.own SCRATCH`, with a request in that folder."""

from __future__ import annotations

import sys
from pathlib import Path

from core.data.own.confinement import confine
from core.data.own.exchange import REPLY, REQUEST
from core.data.own.reading import answer


def main(scratch: Path) -> None:
    """Answer the request in `scratch`; the reply appears there whole or not at all."""
    request = REQUEST.validate_json((scratch / "request.json").read_bytes())
    confine(request.limits)
    reply = answer(request, scratch)
    part = scratch / "reply.part"
    part.write_bytes(REPLY.dump_json(reply))
    part.rename(scratch / "reply.json")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
