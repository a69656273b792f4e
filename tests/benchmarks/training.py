"""What training reaches and what it costs, each measured in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from typing import Any

from core import data
from core.experiment import DATASETS
from tests.benchmarks.figures import MEGABYTE
from tests.benchmarks.processes import measured_by
from tests.benchmarks.table import Row

ACCURACY = 0.90
EPOCHS = 5
FIRST_EPOCH_S = 0.4
GROWTH_MB = 20
_LIMIT_S = 3_600
# Named as in `tests.benchmarks.works`, which imports TensorFlow: title, least and wished ratio.
WORKS = (
    ("digits-mlp", "digits, MLP 128 + dropout", 8.0, 10.0),
    ("moons-mlp", "moons, 500 points, MLP 16-16, batch 10", 8.0, 10.0),
    ("digits-cnn", "digits, CNN of 16 filters", 2.0, 2.0),
    ("fashion-mlp", "Fashion-MNIST 48,000, mlp-basic", 3.5, 5.0),
    ("fashion-cnn", "Fashion-MNIST 48,000, cnn-small", 1.5, 2.0),
)
VARIED = (
    ("digits-mlp", "digits, MLP 128 + dropout"),
    ("digits-cnn", "digits, CNN of 16 filters"),
    ("clothes-mlp", "Fashion-MNIST 10k, mlp-basic"),
    ("clothes-cnn", "Fashion-MNIST 10k, cnn-small"),
)


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
    """Our epochs against those of plain `model.fit`, each work in a process of its own."""
    for name, title, least, aim in WORKS:
        if name.startswith("fashion") and (quick or not data.is_local("fashion_mnist")):
            continue
        found = _in_a_process("speed", name, 3 if quick else 5)
        ours, plain = ([1000 * pair[side] for pair in found["pairs"]] for side in (0, 1))
        ratio = median(other / one for one, other in found["pairs"])
        yield Row(
            title,
            f"× {ratio:.1f}: {_milliseconds(ours)} to {_milliseconds(plain)}",
            f"≥ × {least:g} (aim {aim:g})",
            ratio >= least,
            f"epoch with validation against plain model.fit, median of {len(ours)} pairs that take "
            f"turns in one process, which took {found['peak_bytes'] / MEGABYTE:,.0f} MB at most",
        )


def augmentation(quick: bool) -> Iterator[Row]:
    """What varying the images costs an epoch, each work in a process of its own."""
    for name, title in VARIED:
        if name.startswith("clothes") and quick:
            continue
        found = _in_a_process("augmentation", name, 3 if quick else 7)
        for kind, pairs in found["pairs"].items():
            plain, varied = ([1000 * pair[side] for pair in pairs] for side in (0, 1))
            added = median(two / one for one, two in pairs) - 1
            yield Row(
                f"{title}: {kind}",
                f"{added:+.0%}: {_milliseconds(plain)} to {_milliseconds(varied)}",
                how=f"epoch with validation in the compiled loop, without and with; median of "
                f"{len(pairs)} pairs that take turns in one process",
            )


def start(quick: bool) -> Iterator[Row]:
    """How soon a run has its first epoch."""
    found = _in_a_process("first_epoch", 3 if quick else 9)
    known = median(found["known_s"])
    yield Row(
        "Start of a run → first epoch, digits",
        f"median {known:.2f} s",
        f"≤ {FIRST_EPOCH_S:g} s",
        known <= FIRST_EPOCH_S,
        f"of a structure trained before, with another learning rate; {len(found['known_s'])} runs; "
        f"of a new structure, in a process that has not trained yet: {found['new_s']:.2f} s",
    )


def arithmetic(quick: bool) -> Iterator[Row]:
    """How much of the processor `cnn-small` uses."""
    if quick or not data.is_local("fashion_mnist"):
        return
    found = _in_a_process("arithmetic")
    yield Row(
        "cnn-small, share of matrix-product peak",
        f"{found['reached'] / found['peak']:.0%}",
        how=f"{found['reached'] / 1e9:.0f} of {found['peak'] / 1e9:.0f} thousand million "
        "operations a second; those of the best epoch against those of a product of two "
        "2,048 × 2,048 matrices",
    )


def growth(quick: bool) -> Iterator[Row]:
    """What many runs leave in a worker's memory."""
    runs = 30 if quick else 100
    found = _in_a_process("growth", runs)
    grown = (found["after"] - found["before"]) / MEGABYTE
    yield Row(
        f"Growth of a worker over {runs} runs",
        f"{grown:+.0f} MB",
        f"≤ {GROWTH_MB} MB",
        grown <= GROWTH_MB,
        f"resident, after 20 runs before; digits, every second run of another structure; "
        f"{found['after'] / MEGABYTE:,.0f} MB at the end",
    )


def _milliseconds(times: list[float]) -> str:
    return f"{median(times):,.0f} ms"


def _in_a_process(*arguments: object) -> Any:
    """What `tests.benchmarks.fitting` prints; TensorFlow stays out of this process."""
    return measured_by("tests.benchmarks.fitting", *arguments, limit_s=_LIMIT_S)
