"""How soon Pause, Step, Resume and Stop act, in the middle of an epoch that takes seconds.

`python -m tests.benchmarks.control TIMES` prints what it found as JSON; it is run in a process of
its own, which has a worker.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

from core.experiment import Experiment
from core.experiment.presets import PRESETS
from core.jobs import PROGRESS_KEY, Inbox, Jobs
from core.records import Status
from core.runs import RunStore
from tests.benchmarks.processes import measured_by
from tests.benchmarks.table import Row
from tests.benchmarks.workers import started

AIM_S = 1.0
_LIMIT_S = 600
_MID_EPOCH_S = 0.6
_HOW = {
    "Pause": "from the request until the store says paused",
    "Step": "from the request until a worker has trained the first batches of the epoch",
    "Resume": "as for Step; both read back what was paused",
    "Stop": "from the request until training has ended; the test follows",
}


def control(quick: bool) -> Iterator[Row]:
    """Pause, step, resume and stop a CNN on Fashion-MNIST, one epoch of which takes seconds."""
    times = 3 if quick else 10
    found = measured_by("tests.benchmarks.control", times, limit_s=_LIMIT_S)
    for name, how in _HOW.items():
        longest = max(found[name])
        yield Row(
            f"{name} in the middle of an epoch",
            f"{median(found[name]):.2f} s",
            f"≤ {AIM_S:g} s",
            longest <= AIM_S,
            f"{how}; the longest of {times}: {longest:.2f} s, an epoch: {found['epoch_s']:.1f} s",
        )
    yield Row(
        "Stopped, tested and kept",
        f"{median(found['Kept']):.2f} s",
        how="from the request to stop; with the test of 2,000 images and the model's files",
    )


def _measured(times: int) -> dict[str, list[float] | float]:
    with started(1) as (jobs, store, mailroom):
        runs = [_Controlled(jobs, store, mailroom.open()) for _ in range(times)]
        found = [run.measured() for run in runs]
        return {
            **{name: [one[name] for one in found] for name in (*_HOW, "Kept")},
            "epoch_s": median(run.epoch_s for run in runs),
        }


class _Controlled:
    """A run that is paused, resumed and stopped."""

    def __init__(self, jobs: Jobs, store: RunStore, inbox: Inbox) -> None:
        self._jobs, self._store, self._inbox = jobs, store, inbox
        settings = PRESETS["cnn-small"].model_dump()
        settings["data"] |= {"dataset": "fashion_mnist_10k", "training_samples": None}
        settings["training"] |= {"epochs": 1000}
        self._id = store.create(Experiment.model_validate(settings)).id
        inbox.watch(self._id)

    def measured(self) -> dict[str, float]:
        """Seconds that each request took."""
        self._jobs.submit(self._id)
        found = {}
        self._wait_until_mid_epoch()
        found["Pause"] = self._seconds(self._jobs.pause, lambda: self._is(Status.PAUSED))
        found["Step"] = self._seconds(self._step, lambda: self._tells("Training"))
        self._jobs.pause(self._id)
        _wait(lambda: self._is(Status.PAUSED))
        found["Resume"] = self._seconds(self._jobs.resume, lambda: self._tells("Training"))
        self._wait_until_mid_epoch()
        began = time.monotonic()
        found["Stop"] = self._seconds(self._jobs.stop, self._has_stopped)
        _wait(lambda: self._is(Status.STOPPED))
        return {**found, "Kept": time.monotonic() - began}

    @property
    def epoch_s(self) -> float:
        """What an epoch took."""
        return median(record.duration_s for record in self._store.epochs(self._id))

    def _wait_until_mid_epoch(self) -> None:
        done = self._store.get(self._id).epochs_done
        _wait(lambda: self._store.get(self._id).epochs_done > done)
        threading.Event().wait(_MID_EPOCH_S)

    def _is(self, status: Status) -> bool:
        return self._store.get(self._id).status is status

    def _step(self, run_id: str) -> bool:
        return self._jobs.resume(run_id, step=True)

    def _has_stopped(self) -> bool:
        return self._tells("Testing") or self._is(Status.STOPPED)  # a short test is not told of

    def _tells(self, phase: str) -> bool:
        """Whether the worker has told of batches of this phase since it was last asked."""
        news: dict[str, Any] = {}
        self._inbox.empty_into(news)
        progress = news.get(f"{PROGRESS_KEY}.{self._id}")
        return progress is not None and progress.phase == phase and progress.batch > 0

    def _seconds(self, ask: Callable[[str], object], happened: Callable[[], bool]) -> float:
        self._inbox.empty_into({})
        began = time.monotonic()
        ask(self._id)
        _wait(happened)
        return time.monotonic() - began


def _wait(condition: Callable[[], bool]) -> None:
    began, pause = time.monotonic(), threading.Event()
    while not condition():
        if time.monotonic() - began > _LIMIT_S:
            raise RuntimeError("a run does not do what it was asked to")
        pause.wait(0.01)


if __name__ == "__main__":
    print(json.dumps(_measured(int(sys.argv[1]))))
