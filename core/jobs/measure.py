"""`Meter`: what a run took of a worker's time and memory, in the form the store keeps."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from statistics import median
from types import TracebackType

import psutil

from core.records import EpochRecord

_CLEAR = Path("/proc/self/clear_refs")
_STATUS = Path("/proc/self/status")
_RESET_PEAK = "5"  # proc(5), /proc/pid/clear_refs
_SAMPLE_S = 0.2


class Meter:
    """Measures one run in this process, from `with Meter() as meter` to `meter.measured()`.

    `meter.epoch(record)` is told of each epoch that has been trained and stored. A run that is
    taken up again is measured from there.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._began = clock()
        self._peak = PeakMemory()
        self._ends: list[float] = []
        self._durations: list[float] = []
        self._earlier_s = 0.0

    def __enter__(self) -> Meter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._peak.close()

    def epoch(self, record: EpochRecord) -> None:
        """An epoch has ended just now."""
        self._ends.append(self._clock())
        self._durations.append(record.duration_s)

    def trained_before(self, epochs: Iterable[EpochRecord]) -> None:
        """The run is taken up again: these epochs were trained before this meter began."""
        self._earlier_s = sum(record.duration_s for record in epochs)

    def measured(self) -> dict[str, float]:
        """Seconds and bytes so far, for `Lease.settle(measured=...)`.

        `seconds` is all since this run was taken up, `earlier_seconds` what its epochs before that
        had taken; `setup_seconds` until the first epoch began; `epoch_seconds` an epoch's
        with everything around it; `trace_seconds` what the first epoch took beyond that (not
        there when it was the only one); `end_seconds` after the last epoch. `peak_bytes` is the
        most this process held in memory, `base_bytes` what it held before.
        """
        now = self._clock()
        found = {
            "seconds": now - self._began,
            "epochs": float(len(self._ends)),
            "peak_bytes": float(self._peak.bytes()),
            "base_bytes": float(self._peak.base),
        }
        if self._earlier_s:
            found["earlier_seconds"] = self._earlier_s
        if self._ends:
            found["setup_seconds"] = max(0.0, self._ends[0] - self._durations[0] - self._began)
            found["end_seconds"] = now - self._ends[-1]
            found["epoch_seconds"] = self._durations[0]
        if len(self._ends) > 1:
            pairs = zip(self._ends, self._ends[1:], strict=False)
            found["epoch_seconds"] = median(after - before for before, after in pairs)
            found["trace_seconds"] = max(0.0, self._durations[0] - found["epoch_seconds"])
        return found


class PeakMemory:
    """The most this process holds in memory from now on: Linux knows, elsewhere it is sampled."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self.base = self._resident()
        self._most = self.base
        self._closed = threading.Event()
        self._linux = _reset_peak()
        if not self._linux:
            threading.Thread(target=self._sample, name="epochscope-memory", daemon=True).start()

    def bytes(self) -> int:
        """The most so far."""
        self._most = max(self._most, _peak() if self._linux else self._resident())
        return self._most

    def close(self) -> None:
        """Stop looking."""
        self._closed.set()

    def _sample(self) -> None:
        while not self._closed.wait(_SAMPLE_S):
            self._most = max(self._most, self._resident())

    def _resident(self) -> int:
        return int(self._process.memory_info().rss)


def _reset_peak() -> bool:
    """Have Linux forget the peak of earlier runs; False where it cannot."""
    with suppress(OSError):
        _CLEAR.write_text(_RESET_PEAK, encoding="ascii")
        return _peak() > 0
    return False


def _peak() -> int:
    """`VmHWM` in bytes; 0 where there is none."""
    with suppress(OSError, ValueError, IndexError):
        for line in _STATUS.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return 1024 * int(line.split()[1])
    return 0
