"""`make bench`: measures, prints a table. Exits 0 unless something could not be measured."""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import psutil
from playwright.sync_api import Error

from tests.benchmarks import (
    attacks,
    control,
    data_page,
    estimates,
    machine,
    sweep,
    table,
    training,
    web,
)
from tests.benchmarks.table import Row

Measurement = Callable[[bool], Iterator[Row]]
PARTS: dict[str, dict[str, Measurement]] = {
    "web": {"visits": web.visits, "charts": web.charts, "clicks": web.clicks, "walk": web.walk},
    "data": {"data_page": data_page.data_page},
    "attacks": {"attacks": attacks.attacks},
    "training": {
        "accuracy": training.accuracy,
        "start": training.start,
        "speed": training.speed,
        "augmentation": training.augmentation,
        "arithmetic": training.arithmetic,
        "growth": training.growth,
    },
    "jobs": {
        "control": control.control,
        "estimates": estimates.estimates,
        "sweep": sweep.sweep,
        "checkpoints": sweep.checkpoints,
    },
}
FAILURES = (Error, OSError, RuntimeError, psutil.Error, subprocess.SubprocessError)


def main() -> int:
    """Measure what the command line asks for."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the app must not outlive this
    print(machine.describe(), end="\n\n", flush=True)
    rows = [
        row
        for name, measure in _chosen(options.parts)
        for row in _rows(name, measure, options.quick)
    ]
    print((table.markdown if options.markdown else table.text)(rows), end="\n\n")
    print(machine.describe_disturbance())
    return int(any(row.failed for row in rows))


def _options() -> argparse.Namespace:
    names = [*PARTS, *(name for part in PARTS.values() for name in part)]
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(names)}; or all")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions, no long training")
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(names):
        parser.error(f"unknown part {', '.join(sorted(unknown))}; choose from {', '.join(names)}")
    return options


def _chosen(wanted: list[str]) -> list[tuple[str, Measurement]]:
    return [
        (name, measure)
        for part, members in PARTS.items()
        for name, measure in members.items()
        if not wanted or {part, name} & set(wanted)
    ]


def _rows(name: str, measure: Measurement, quick: bool) -> list[Row]:
    print(f"measuring: {name} …", file=sys.stderr, flush=True)
    rows: list[Row] = []
    try:
        for row in measure(quick):
            rows.append(row)
    except FAILURES as error:
        rows.append(table.not_measured(name, error))
    return rows


if __name__ == "__main__":
    sys.exit(main())
