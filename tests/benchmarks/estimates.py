"""How far what is expected of a run is from what it takes, for every preset.

`python -m tests.benchmarks.estimates EPOCHS SAMPLES` trains them twice and prints JSON; it is run
in a process of its own, since it imports TensorFlow.
"""

from __future__ import annotations

import json
import subprocess
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
from tests.benchmarks.table import Row
from tests.browser.app import ROOT

WITHIN = 0.30
_LIMIT_S = 1_800


def estimates(quick: bool) -> Iterator[Row]:
    """The second run of each preset against what was expected of it after the first."""
    found = _in_a_process(3 if quick else 8, 1_000 if quick else 2_000)
    for name, runs in found.items():
        seconds, memory = (_errors(runs["second"], key) for key in ("seconds", "bytes"))
        yield Row(
            f"Expected, {name}",
            f"{seconds:+.0%} of {runs['second']['took']['seconds']:.1f} s",
            f"± {WITHIN:.0%}",
            max(abs(seconds), abs(memory)) <= WITHIN,
            f"after one run of it; memory {memory:+.0%} of "
            f"{runs['second']['took']['bytes'] / 1e9:.2f} GB; before its first run, from the other "
            f"presets' before it: {_errors(runs['first'], 'seconds'):+.0%}",
        )
    errors = [abs(_errors(runs["second"], "seconds")) for runs in found.values()]
    yield Row("Expected, all presets", f"median error {median(errors):.0%}")


def _errors(run: dict[str, Any], key: str) -> float:
    return float(run["expected"][key] / run["took"][key] - 1)


def _in_a_process(epochs: int, samples: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.estimates", str(epochs), str(samples)],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
        timeout=_LIMIT_S,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr else "it ended")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _trained_twice(epochs: int, samples: int) -> dict[str, Any]:
    """Each preset in turn, in one process as in a worker, then each once more."""
    from core.training import Programs, warm_up

    programs, found = Programs(keep=4), {name: {} for name in PRESETS}
    warm_up(programs)
    with TemporaryDirectory() as folder:
        store = RunStore(f"sqlite:///{Path(folder) / 'runs.sqlite3'}")
        for which in ("first", "second"):
            for name in PRESETS:
                experiment = _short(name, epochs, samples)
                expected = Estimator(store).estimate(experiment)
                found[name][which] = _trained(experiment, expected, store, programs)
        store.close()
    return found


def _trained(
    experiment: Experiment, expected: Estimate, store: RunStore, programs: Any
) -> dict[str, Any]:
    """As a worker does it: stored with what was measured."""
    from core.jobs.work import tidy
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
    return {
        "expected": dict(expected.stored()),
        "took": {"seconds": measured["seconds"], "bytes": measured["peak_bytes"]},
    }


def _short(name: str, epochs: int, samples: int) -> Experiment:
    """A preset with fewer epochs, those with convolutions with fewer samples too."""
    settings = PRESETS[name].model_dump()
    settings["training"]["epochs"] = epochs
    if name.startswith("cnn"):
        settings["data"]["training_samples"] = samples
    return Experiment.model_validate(settings)


if __name__ == "__main__":
    print(json.dumps(_trained_twice(int(sys.argv[1]), int(sys.argv[2]))))
