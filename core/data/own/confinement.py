"""What the reading process may take of this computer, whatever is in the file."""

from __future__ import annotations

import resource
import signal

from core.data.own.limits import ReadLimits

# Libraries, and the files that are mapped rather than held.
_MAPPED_BYTES = 1_000_000_000


def confine(limits: ReadLimits) -> None:
    """Limit this process for good: memory, seconds of computing and waiting, and sizes of files."""
    _lower(resource.RLIMIT_DATA, limits.memory_bytes)
    _lower(resource.RLIMIT_AS, limits.memory_bytes + 2 * limits.unpacked_bytes + _MAPPED_BYTES)
    _lower(resource.RLIMIT_CPU, limits.seconds)
    _lower(resource.RLIMIT_FSIZE, largest_file(limits))
    _lower(resource.RLIMIT_CORE, 0)
    signal.alarm(limits.seconds)  # ends the process: nobody waits longer


def largest_file(limits: ReadLimits) -> int:
    """The size in bytes up to which the reading process may write a file."""
    return max(4 * limits.upload_bytes, limits.unpacked_bytes) + 2**20


def _lower(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (allowed, allowed))
