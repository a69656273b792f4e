"""How far what is expected of a run is from what it takes, for every preset and for texts.

`python -m tests.benchmarks.estimates EPOCHS SAMPLES TIMES` trains them once, then some times, and
prints JSON; it is run in a process of its own, which has two workers, as the app has.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

from core.experiment import Experiment
from core.experiment.presets import PRESETS
from core.jobs import Jobs
from core.jobs.estimate import Estimator
from core.records import Status
from core.runs import RunStore
from tests.benchmarks.processes import measured_by
from tests.benchmarks.table import Row
from tests.benchmarks.workers import started

WITHIN = 0.30
TEXTS = {
    f"novels, {reader}": Experiment.model_validate(
        {"data": {"dataset": "novels"}, "model": {"kind": "text", "reader": reader}}
    )
    for reader in ("average", "convolution", "gru")
}
EXPERIMENTS = {**PRESETS, **TEXTS}
_LIMIT_S = 1_800


def estimates(quick: bool) -> Iterator[Row]:
    """The second run of each experiment against what was expected of it after the first."""
    found = _in_a_process(*(("3", "1000", "1") if quick else ("8", "2000", "3")))
    for name, (first, second, *later) in found.items():
        seconds, memory = _error(second, "seconds"), _error(second, "bytes")
        yield Row(
            f"Expected, {name}",
            f"{seconds:+.0%} of {second['took']['seconds']:.1f} s",
            f"± {WITHIN:.0%}",
            max(abs(seconds), abs(memory)) <= WITHIN,
            f"after one run of it; memory {memory:+.0%} of "
            f"{second['took']['bytes'] / 1e9:.2f} GB; {_others(first, later)}",
        )


def _others(first: Any, later: list[Any]) -> str:
    text = f"its first run, from those of others: {_error(first, 'seconds'):+.0%}"
    if later:
        errors = [f"{_error(run, 'seconds'):+.0%}" for run in later]
        text += f"; the ones after: {', '.join(errors)}"
    return text


def _error(run: Any, key: str) -> float:
    """How much more was expected than it took, as a share of that."""
    return float(run["expected"][key] / run["took"][key] - 1)


def _in_a_process(*arguments: object) -> Any:
    return measured_by("tests.benchmarks.estimates", *arguments, limit_s=_LIMIT_S)


def _trained_again(epochs: int, samples: int, times: int) -> dict[str, list[Any]]:
    """Each in turn, one run at a time, then all of them some times more."""
    found: dict[str, list[Any]] = {name: [] for name in EXPERIMENTS}
    with started(2) as (jobs, store, _):
        for name in list(EXPERIMENTS) * (1 + times):
            found[name].append(_trained(_short(name, epochs, samples), jobs, store))
    return found


def _trained(experiment: Experiment, jobs: Jobs, store: RunStore) -> dict[str, Any]:
    """What was expected of a run and what it took: seconds, and bytes at most."""
    expected = Estimator(store).estimate(experiment).stored()
    run_id = store.create(experiment, expected=expected).id
    jobs.submit(run_id)
    began, pause = time.monotonic(), threading.Event()
    while not (run := store.get(run_id)).status.final:
        if time.monotonic() - began > _LIMIT_S:
            raise RuntimeError("a run does not end")
        pause.wait(0.02)
    if run.status is not Status.FINISHED:
        raise RuntimeError(run.reason)
    took = {"seconds": run.measured["seconds"], "bytes": run.measured["peak_bytes"]}
    return {"expected": expected, "took": took}


def _short(name: str, epochs: int, samples: int) -> Experiment:
    """One with fewer epochs; images for convolutions and texts are fewer too."""
    settings = EXPERIMENTS[name].model_dump()
    settings["training"]["epochs"] = epochs
    if name.startswith(("cnn", "novels")):
        settings["data"]["training_samples"] = samples
    return Experiment.model_validate(settings)


if __name__ == "__main__":
    print(json.dumps(_trained_again(*map(int, sys.argv[1:]))))
