"""Unpacks a stored set: `python -m core.data NAME`; see `core.data.unpacking`."""

from __future__ import annotations

import sys

from core.data.registry import unpack
from core.data.unpacking import UNAVAILABLE
from core.errors import DatasetUnavailable

if __name__ == "__main__":
    try:
        unpack(sys.argv[1])
    except DatasetUnavailable as error:
        sys.stdout.write(str(error))
        sys.exit(UNAVAILABLE)
