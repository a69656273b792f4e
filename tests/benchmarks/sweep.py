"""What many short runs cost beyond their training, on one worker and on two.

`python -m tests.benchmarks.sweep swept COUNT WORKERS`, `… alone COUNT 1` and `… checkpointed NAME
EPOCHS` print what they found as JSON. Each is run in a process of its own: the first prints what
its workers log, the others import TensorFlow.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from core.experiment import Experiment
from core.jobs import Jobs
from core.records import Status
from core.runs import RunStore
from tests.benchmarks.processes import measured_by
from tests.benchmarks.table import Row
from tests.benchmarks.workers import started

OVERHEAD_MS = 50
SPEEDUP = 1.7
CHECKPOINTS = 0.05
_LIMIT_S = 1_800
# A worker has one core's worth of threads, whether there is another worker or not.
_ONE_CORE = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS")
CHECKPOINTED: dict[str, dict[str, Any]] = {
    "digits": {"model": {"kind": "mlp", "units": 128}, "training": {"epochs": 200}},
    "large": {
        "model": {"kind": "mlp", "hidden_layers": 3, "units": 1024},
        "training": {"epochs": 40},
    },
}


@dataclass(frozen=True)
class Sweep:
    """Seconds from the first run submitted to the last ended, and what workers measured of each."""

    wall_s: float
    run_s: list[float]
    end_s: list[float]

    @property
    def overhead_s(self) -> float:
        """A run's share of the time in which no worker was at work on one."""
        return (self.wall_s - sum(self.run_s)) / len(self.run_s)


def sweep(quick: bool) -> Iterator[Row]:
    """Tiny runs through `Jobs`, one after the other and two at a time."""
    count = 40 if quick else 200
    one, two = (Sweep(**_in_a_process("swept", count, workers)) for workers in (1, 2))
    alone = _in_a_process("alone", count, 1)
    overhead_ms = 1000 * one.overhead_s
    yield Row(
        f"Scheduling of a run, {count} runs",
        f"{overhead_ms:.0f} ms",
        f"≤ {OVERHEAD_MS} ms",
        overhead_ms <= OVERHEAD_MS,
        f"time in which the one worker had no run, a run; it has one for "
        f"{1000 * median(one.run_s):.0f} ms in the middle, of them "
        f"{1000 * median(one.end_s):.0f} ms after the last epoch: the test, results and model "
        f"files. Trained by itself, nothing kept, it takes {1000 * median(alone):.0f} ms",
    )
    speedup = one.wall_s / two.wall_s
    yield Row(
        "Two workers against one",
        f"× {speedup:.2f}",
        f"≥ × {SPEEDUP:g}",
        speedup >= SPEEDUP,
        f"the same {count} runs, {one.wall_s:.1f} s and {two.wall_s:.1f} s; a worker has one "
        "thread for TensorFlow in both",
    )


def checkpoints(quick: bool) -> Iterator[Row]:
    """The share of a run's time that checkpoints take."""
    for name in CHECKPOINTED:
        found = _in_a_process("checkpointed", name, 10 if quick else 0)
        share = found["spent_s"] / found["run_s"]
        yield Row(
            f"Checkpoints, {name}",
            f"{share:.1%}",
            f"≤ {CHECKPOINTS:.0%}",
            share <= CHECKPOINTS,
            f"of a run of {found['run_s']:.1f} s with {found['parameters']:,} parameters and "
            f"{found['epochs']} epochs: {found['count']} checkpoints",
        )


def _swept(count: int, workers: int) -> Sweep:
    with pytest.MonkeyPatch.context() as patch:
        for name in _ONE_CORE:
            patch.setenv(name, "1")
        with started(workers) as (jobs, store, _):
            _ended(jobs, store, [_tiny(seed) for seed in range(2 * workers)])  # traced once
            return _ended(jobs, store, [_tiny(seed) for seed in range(count)])


def _alone(count: int) -> list[float]:
    """Seconds that the same runs take in this process, with one thread, and nothing around them."""
    with pytest.MonkeyPatch.context() as patch:
        for name in _ONE_CORE:
            patch.setenv(name, "1")
        from core.training import Programs, train, warm_up

        programs, seconds = Programs(keep=4), []
        warm_up(programs)
        for experiment in [_tiny(0), *map(_tiny, range(count))]:
            began = time.perf_counter()
            trained = train(experiment, lambda epoch: None, programs=programs)
            seconds.append(time.perf_counter() - began)
            programs.give_back(experiment, trained.program)
    return seconds[1:]


def _tiny(seed: int) -> Experiment:
    """One of the runs of a sweep: over learning rates, as people do."""
    return Experiment.model_validate(
        {
            "data": {"dataset": "digits"},
            "model": {"kind": "mlp", "units": 16},
            "training": {"epochs": 3, "learning_rate": 0.001 * (1 + seed % 10)},
            "seed": seed // 10,
        }
    )


def _ended(jobs: Jobs, store: RunStore, wanted: list[Experiment]) -> Sweep:
    run_ids = [store.create(one).id for one in wanted]
    began, pause = time.monotonic(), threading.Event()
    for run_id in run_ids:
        jobs.submit(run_id)
    while store.count(Status.QUEUED) + store.count(Status.RUNNING):
        if time.monotonic() - began > _LIMIT_S:
            raise RuntimeError("the runs do not end")
        pause.wait(0.02)
    wall_s = time.monotonic() - began
    runs = [store.get(run_id) for run_id in run_ids]
    if failed := [run.reason for run in runs if run.status is not Status.FINISHED]:
        raise RuntimeError(failed[0])
    seconds, after = ([run.measured[key] for run in runs] for key in ("seconds", "end_seconds"))
    return Sweep(wall_s, seconds, after)


def _in_a_process(*arguments: object) -> Any:
    return measured_by("tests.benchmarks.sweep", *arguments, limit_s=_LIMIT_S)


def _checkpointed(name: str, epochs: int) -> dict[str, float]:
    """Train a run as a worker does, and see what its checkpoints take."""
    from core.jobs import commits, work, workplace
    from core.training import warm_up

    spent: dict[str, list[float]] = {"_checkpoint": [], "_replace": []}  # and delete the last one

    def timed(method: Callable[..., Any], seconds: list[float]) -> Callable[..., Any]:
        def run(*arguments: Any) -> Any:
            began = time.perf_counter()
            try:
                return method(*arguments)
            finally:
                seconds.append(time.perf_counter() - began)

        return run

    warm_up(workplace.programs())
    settings = {"data": {"dataset": "digits"}, **CHECKPOINTED[name]}
    if epochs:
        settings["training"] = {"epochs": epochs}
    experiment = Experiment.model_validate(settings)
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        for step, seconds in spent.items():
            patch.setattr(commits.Commits, step, timed(getattr(commits.Commits, step), seconds))
        patch.setattr(work, "_send", lambda events: None)  # there is no Dask worker to send them
        database = f"sqlite:///{folder}/runs.sqlite3"
        places = workplace.Places(database, f"file://{folder}/artifacts")
        store = RunStore(places.database_url)
        run_id = store.create(experiment).id
        work.run_job(run_id, places)
        run = store.get(run_id)
        store.close()
    if run.status is not Status.FINISHED:
        raise RuntimeError(run.reason)
    return {
        "spent_s": sum(map(sum, spent.values())),
        "count": len(spent["_checkpoint"]),
        "run_s": run.measured["seconds"],
        "epochs": run.epochs_done,
        "parameters": experiment.parameter_count,
    }


if __name__ == "__main__":
    what, first, second = sys.argv[1:]
    if what == "swept":
        print(json.dumps(asdict(_swept(int(first), int(second)))))
    elif what == "alone":
        print(json.dumps(_alone(int(first))))
    else:
        print(json.dumps(_checkpointed(first, int(second))))
