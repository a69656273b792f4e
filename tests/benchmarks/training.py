"""What training reaches and what it costs, each measured in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from statistics import median
from typing import Any

from core import data
from core.experiment import DATASETS
from tests.benchmarks.table import Row
from tests.browser.app import ROOT

ACCURACY = 0.90
EPOCHS = 5
_LIMIT_S = 3_600


def accuracy(quick: bool) -> Iterator[Row]:
    """The test accuracy of `cnn-small` on all of Fashion-MNIST."""
    what = f"cnn-small, Fashion-MNIST, {EPOCHS} epochs"
    if quick or not data.is_local("fashion_mnist"):
        reason = (
            "left out by --quick" if quick else f"{DATASETS['fashion_mnist'].title} is not here"
        )
        yield Row(what, "skipped", f"≥ {ACCURACY:.2f}", None, reason)
        return
    found = _in_a_process("accuracy", EPOCHS)
    yield Row(
        what,
        f"{found['accuracy']:.4f} in {found['duration_s']:.0f} s",
        f"≥ {ACCURACY:.2f}",
        found["accuracy"] >= ACCURACY,
        f"test accuracy (10,000 images); {found['trained_on']:,} images trained on, "
        f"{found['validated_on']:,} held back; seed 0",
    )


def speed(quick: bool) -> Iterator[Row]:
    """What Epochscope's training costs beside plain Keras: pairs in one process, taking turns."""
    found = _in_a_process("speed", 4 if quick else 10)
    pairs = f"{len(found['epoch'])} pairs in one process, taking turns; digits, MLP 128 + dropout"
    for what, key, unit, how in (
        ("Epoch, against plain model.fit", "epoch", "ms", "median epoch of a run"),
        ("Run, against plain Keras", "run", "ms", "build, fit 20 epochs, test"),
    ):
        ours, plain = ([1000 * pair[side] for pair in found[key]] for side in (0, 1))
        ratio = median(one / other for one, other in zip(ours, plain, strict=True))
        yield Row(
            what,
            f"{median(ours):.0f} {unit} to {median(plain):.0f} {unit}: × {ratio:.2f}",
            how=f"{how}; median of {pairs}",
        )


def _in_a_process(*arguments: object) -> Any:
    """What `tests.benchmarks.fitting` prints; TensorFlow stays out of this process."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.fitting", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
        timeout=_LIMIT_S,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr else "it ended")
    return json.loads(done.stdout.splitlines()[-1])
