"""Waits for room on the disk of the computer that trains, as for a store that is away."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

from core.errors import StoreUnavailable

_REFUSED = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


@contextmanager
def room_needed() -> Iterator[None]:
    """Turn the errors of a disk that takes nothing more into `StoreUnavailable`."""
    try:
        yield
    except OSError as error:
        if error.errno not in _REFUSED:
            raise
        raise StoreUnavailable(
            "The computer that trains cannot write its files: "
            f"{os.strerror(error.errno)}. Make room on its disk, where temporary files are kept; "
            "the run then goes on by itself."
        ) from error
