"""What the load test says: a table with what was aimed at, and latency over time as charts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import plotly.graph_objects as go

from core.figures.theme import color, symbol
from tests.benchmarks.figures import MEGABYTE, megabytes, milliseconds, percentile
from tests.benchmarks.table import Row
from tests.load.visitor import Interaction, Log
from tests.load.watch import Use

LATENCY_S = 1.0
WEB_MB = 300
_BARS = "▁▂▃▄▅▆▇█"
_COLUMNS = 60
_SHOWN_ERRORS = 5


def rows(log: Log, use: Use) -> Iterator[Row]:
    """The whole table."""
    yield from _latencies(log.interactions)
    if log.redraws:
        yield _times("Redraw of a live part", [took for _, took in log.redraws])
    yield from _outcomes(log)
    yield from _computer(use)


def sparkline(found: Sequence[Interaction], began: float, ended: float) -> str:
    """The 95th percentile of latency in each of 60 stretches of time, as a line of bars."""
    stretches: dict[int, list[float]] = defaultdict(list)
    for one in found:
        place = int(_COLUMNS * (one.at - began) / (ended - began))
        stretches[min(_COLUMNS - 1, place)].append(one.took_s)
    heights = {place: percentile(times, 95) for place, times in stretches.items()}
    most = max(heights.values(), default=0.0)
    bars = [
        _BARS[min(7, int(8 * heights[place] / most))] if place in heights else " "
        for place in range(_COLUMNS)
    ]
    minutes = (ended - began) / 60
    return f"p95 over {minutes:.1f} minutes, █ = {most:.2f} s\n{''.join(bars)}"


def chart(found: Sequence[Interaction], began: float, file: Path) -> None:
    """Every interaction as a point over time, in an HTML file that needs no network."""
    kinds: dict[str, list[Interaction]] = defaultdict(list)
    for one in found:
        kinds[one.kind].append(one)
    figure = go.Figure(
        [
            go.Scattergl(
                name=kind,
                x=[one.at - began for one in ones],
                y=[one.took_s for one in ones],
                mode="markers",
                marker={"color": color(place), "symbol": symbol(place)},
            )
            for place, (kind, ones) in enumerate(kinds.items())
        ]
    )
    figure.add_hline(LATENCY_S, line_dash="dash", annotation_text="aim for the 95th percentile")
    figure.update_layout(
        title="Latency of what visitors did",
        template="plotly_white",
        xaxis_title="Since visitors began to come (s)",
        yaxis_title="Latency (s)",
        yaxis_rangemode="tozero",
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.write_html(file, include_plotlyjs=True)


def _latencies(found: Sequence[Interaction]) -> Iterator[Row]:
    kinds: dict[str, list[float]] = defaultdict(list)
    for one in found:
        kinds[one.kind].append(one.took_s)
    times = [one.took_s for one in found]
    yield _times("Any interaction", times, LATENCY_S)
    for kind, taken in kinds.items():
        yield _times(f"… {kind}", taken)


def _times(what: str, times: Sequence[float], aim_s: float | None = None) -> Row:
    if not times:
        return Row(what, "none", met=None if aim_s is None else False)
    return Row(
        what,
        milliseconds(times),
        "–" if aim_s is None else f"p95 ≤ {aim_s:g} s",
        None if aim_s is None else percentile(times, 95) <= aim_s,
        f"{len(times):,} times, at most {1000 * max(times):,.0f} ms",
    )


def _outcomes(log: Log) -> Iterator[Row]:
    ends = list(log.ended.values())
    how = ", ".join(f"{ends.count(end)} {end.lower()}" for end in sorted(set(ends)))
    if log.waits_s:
        how += f"; from Train until the end was seen: {milliseconds(log.waits_s)}"
    yield Row(
        "Runs",
        f"{len(log.started)} started, {len(ends)} ended",
        "all finish",
        bool(ends) and ends.count("Finished") == len(log.started),
        how,
    )
    shown = log.errors[:_SHOWN_ERRORS]
    if len(log.errors) > len(shown):
        shown.append(f"and {len(log.errors) - len(shown)} more")
    yield Row("Errors", str(len(log.errors)), "none", not log.errors, "; ".join(shown))


def _computer(use: Use) -> Iterator[Row]:
    yield Row(
        "Web process, at most",
        megabytes(use.web_most),
        f"≤ {WEB_MB} MB",
        use.web_most <= WEB_MB * MEGABYTE,
        f"resident (RSS), looked at each second; at the end {megabytes(use.web_end)}",
    )
    yield Row("Workers together, at most", megabytes(use.workers_most), how="resident (RSS)")
    yield Row(
        "Cores in use, on average",
        f"{use.web_cores:.2f} web, {use.worker_cores:.2f} workers",
        how=f"visitors' own {use.visitor_cores:.2f}; all programs together "
        f"{use.computer_share:.0%} of the computer",
    )
