"""`make load`: many visitors train and walk the pages. Exits 1 if an aim is missed."""

from __future__ import annotations

import argparse
import asyncio
import random
import signal
import sys
import time
from pathlib import Path

from tests.benchmarks import machine, table
from tests.browser import app as apps
from tests.load import report, said
from tests.load.visitor import Log, Visitor
from tests.load.watch import watching

ARRIVE_S = 10.0
CHART = Path(__file__).parents[2] / "build" / "load" / "latency.html"


def main() -> int:
    """Start the app, send visitors, and say how it went."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the app must not outlive this
    print(machine.describe())
    print(
        f"{options.visitors} visitors, {options.minutes:g} minutes, seed {options.seed}", end="\n\n"
    )
    sys.stdout.flush()
    log = Log()
    with apps.running() as app:
        asyncio.run(_warmed_up(app.url, log))
        with watching(app) as use:
            began = time.perf_counter()
            asyncio.run(_visits(app.url, options, log))
            ended = time.perf_counter()
        log.errors += _said(app)
    rows = list(report.rows(log, use))
    print((table.markdown if options.markdown else table.text)(rows), end="\n\n")
    print(report.sparkline(log.interactions, began, ended))
    report.chart(log.interactions, began, options.chart)
    print(f"\nEvery interaction over time: {options.chart}")
    return int(any(row.met is False for row in rows))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--visitors", type=int, default=30)
    parser.add_argument("--minutes", type=float, default=5.0, help="how long each visitor stays")
    parser.add_argument("--seed", type=int, default=1, help="of what they choose and their pauses")
    parser.add_argument("--chart", type=Path, default=CHART, help="the HTML file to write")
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    return parser.parse_args()


async def _warmed_up(url: str, log: Log) -> None:
    """One run that nobody measures: the training processes may still be starting."""
    first = Log(errors=log.errors)
    await Visitor(url, 0, first).visit(time.perf_counter() + 1)


async def _visits(url: str, options: argparse.Namespace, log: Log) -> None:
    await asyncio.gather(
        *(
            _visit(url, options.seed * 1_000 + number, options.minutes * 60, log)
            for number in range(options.visitors)
        )
    )


async def _visit(url: str, seed: int, stays_s: float, log: Log) -> None:
    """One visitor, who comes a moment after or before the others."""
    await asyncio.sleep(random.Random(seed).uniform(0.0, ARRIVE_S))
    await Visitor(url, seed, log).visit(time.perf_counter() + stays_s)


def _said(app: apps.App) -> list[str]:
    """Errors that only the server's own output tells of."""
    output = (app.folder / "output.txt").read_text(encoding="utf-8", errors="replace")
    return [f"server: {error[-200:]}" for error in said.errors(output)]


if __name__ == "__main__":
    sys.exit(main())
