"""Reads many broken files as the reading process would, in forks that each read some.

`python fuzz_driver.py FOLDER`: FOLDER holds a folder for each request, with `request.json`. What
Python opens for writing, makes, renames or removes elsewhere is refused, and ends that fork.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

from core.data.own.__main__ import main
from core.data.own.confinement import confine
from core.data.own.limits import ReadLimits

AT_ONCE, FORBIDDEN = 50, 66
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGING = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.symlink", "os.link", "os.chmod")
PROGRAMS = ("os.system", "os.exec", "os.posix_spawn", "subprocess.Popen", "socket.connect")


class Guard:
    """Lets this process write below `folder` only."""

    def __init__(self) -> None:
        self.folder = ""
        sys.addaudithook(self.watch)

    def watch(self, event: str, arguments: tuple) -> None:
        if event == "open":
            path, _, flags = arguments
            outside = isinstance(flags, int) and flags & WRITING and not self.holds(path)
        else:
            outside = event in CHANGING and not self.holds(arguments[0])
        if outside or event in PROGRAMS:
            os.write(2, f"{event} {arguments}\n".encode())
            os._exit(FORBIDDEN)

    def holds(self, path: object) -> bool:
        if not isinstance(path, str | bytes | os.PathLike):
            return False
        return os.path.realpath(os.fsdecode(path)).startswith(f"{self.folder}{os.sep}")


def read(requests: list[Path]) -> int:
    """Read some in a fork; how it ended: 0 with all replies, 66 for a forbidden act."""
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    guard = Guard()
    for scratch in requests:
        guard.folder = os.path.realpath(scratch.parent)
        try:
            main(scratch)
        except BaseException as error:  # noqa: BLE001  # told to the test, which fails
            os.write(2, f"{scratch}\n{''.join(traceback.format_exception(error))}\n".encode())
            os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    confine(ReadLimits(memory_bytes=600_000_000, seconds=900))  # all of them, on a busy computer
    every = sorted(Path(sys.argv[1]).glob("*/.reading"))
    for start in range(0, len(every), AT_ONCE):
        some = every[start : start + AT_ONCE]
        sys.stdout.write(f"{start} {read(some)}\n")
        sys.stdout.flush()  # before the next fork, which would tell it again
