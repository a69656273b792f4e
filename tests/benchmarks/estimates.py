"""How far what is expected of a run is from what it takes, for every preset and for texts.

`python -m tests.benchmarks.estimates EPOCHS SAMPLES TIMES` trains them once, then some times, and
prints JSON; it is run in a process of its own, since it imports TensorFlow.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from core.experiment import Experiment
from core.experiment.presets import PRESETS
from core.jobs.estimate import Estimate, Estimator
from core.jobs.measure import Meter
from core.records import Status
from core.runs import RunStore
from tests.benchmarks.processes import measured_by
from tests.benchmarks.table import Row

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
    """Later runs of each experiment against what was expected of it after the first."""
    found = _in_a_process(*(("3", "1000", "1") if quick else ("8", "2000", "3")))
    for name, (first, *later) in found.items():
        seconds, memory = _error(later, "seconds"), _error(later, "bytes")
        yield Row(
            f"Expected, {name}",
            f"{seconds:+.0%} of {later[0]['took']['seconds']:.1f} s",
            f"± {WITHIN:.0%}",
            max(abs(seconds), abs(memory)) <= WITHIN,
            f"after one run of it, in the middle of {len(later)}; memory {memory:+.0%} of "
            f"{later[0]['took']['bytes'] / 1e9:.2f} GB; before its first run, from those of the "
            f"experiments before it: {_error([first], 'seconds'):+.0%}",
        )


def _error(runs: list[Any], key: str) -> float:
    """How much more was expected than it took, as a share of that, in the middle."""
    return median(run["expected"][key] / run["took"][key] - 1 for run in runs)


def _in_a_process(*arguments: object) -> Any:
    return measured_by("tests.benchmarks.estimates", *arguments, limit_s=_LIMIT_S)


def _trained_again(epochs: int, samples: int, times: int) -> dict[str, list[Any]]:
    """Each in turn, in one process as in a worker, then all of them some times more."""
    from core.training import Programs, warm_up

    programs, found = Programs(keep=4), {name: [] for name in EXPERIMENTS}
    warm_up(programs)
    with TemporaryDirectory() as folder:
        store = RunStore(f"sqlite:///{Path(folder) / 'runs.sqlite3'}")
        for name in list(EXPERIMENTS) * (1 + times):
            experiment = _short(name, epochs, samples)
            expected = Estimator(store).estimate(experiment)
            took = _trained(experiment, expected, store, programs)
            found[name].append({"expected": expected.stored(), "took": took})
        store.close()
    return found


def _trained(
    experiment: Experiment, expected: Estimate, store: RunStore, programs: Any
) -> dict[str, float]:
    """As a worker does it: stored with what was measured. Seconds and bytes it took."""
    from core.jobs.workplace import tidy
    from core.training import train

    run = store.create(experiment, expected=expected.stored())
    lease = store.claim(run.id)
    with Meter() as meter:

        def on_epoch(record: Any) -> None:
            lease.add_epoch(record)
            meter.epoch(record)

        trained = train(experiment, on_epoch, programs=programs)
        measured = meter.measured()
    programs.give_back(experiment, trained.program)
    lease.settle(Status.FINISHED, measured=measured)
    tidy()
    return {"seconds": measured["seconds"], "bytes": measured["peak_bytes"]}


def _short(name: str, epochs: int, samples: int) -> Experiment:
    """One with fewer epochs; images for convolutions and texts are fewer too."""
    settings = EXPERIMENTS[name].model_dump()
    settings["training"]["epochs"] = epochs
    if name.startswith(("cnn", "novels")):
        settings["data"]["training_samples"] = samples
    return Experiment.model_validate(settings)


if __name__ == "__main__":
    print(json.dumps(_trained_again(*map(int, sys.argv[1:]))))
