"""Where several runs ended: training beside validation, and the gap between the two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from core.analysis import gap
from core.figures.chart import Table, counted
from core.figures.compare import MANY, Shown, wrapped
from core.figures.metrics import is_share, metric_title, written
from core.figures.theme import (
    INK,
    Spec,
    axis,
    color,
    label,
    margin,
    note,
    plain,
    spec,
    styled,
    translucent,
)

# Pixels: the vertical axis counts them, since a title may take several lines.
_LINE, _BAR, _BAR_OF_MANY, _BETWEEN = 21, 20, 14, 18


@dataclass(frozen=True)
class FinalRow:
    """Where one run ended; `gap` is positive where validation is worse, None without validation.

    `place` gives the colour; `ended` says in a word what became of the run, if that has to be said.
    """

    title: str
    place: int
    train: float | None
    validation: float | None
    gap: float | None
    ended: str = ""
    diverged: bool = False


@dataclass(frozen=True)
class FinalsInfo:
    """The last epoch of several runs in one metric."""

    metric: str
    rows: tuple[FinalRow, ...]


def finals_info(runs: Sequence[Shown], metric: str = "accuracy") -> FinalsInfo:
    """Collect the last value of `metric` of runs; titles may repeat."""
    return FinalsInfo(metric, tuple(_row(run, metric) for run in runs))


def finals_figure(info: FinalsInfo) -> go.Figure:
    """Draw two bars a run: training filled, validation hatched, in the run's colour."""
    bar = _BAR_OF_MANY if len(info.rows) > MANY else _BAR
    top, ticks = _reach(info), "~g"
    if is_share(info.metric):
        top, ticks = 1.0, "~%"
    traces, headings, y = [], [], 0.0
    for row in info.rows:
        heading = _heading(info, row)
        headings.append(heading | spec(y=y))
        y += _LINE * (heading["text"].count("<br>") + 1)
        traces += _bars(info, row, (y + bar / 2, bar), top)
        y += 2 * bar + _BETWEEN
    steady = spec(fixedrange=True, zeroline=False, nticks=5, tickformat=ticks)
    return styled(
        traces,
        height=int(70 + max(y, 86)),
        revision=f"finals {info.metric}",
        margin=margin(8),
        barmode="overlay",
        showlegend=False,
        annotations=headings or [note("Choose runs to compare")],
        # The words behind the longest bar need the last third of the width.
        xaxis=axis(metric_title(info.metric), domain=[0, 0.68], range=[0, top], **steady),
        yaxis=spec(visible=False, fixedrange=True, range=[max(y, 86), 0]),
    )


def finals_sentence(info: FinalsInfo) -> str:
    """Of each run, its last value in training and validation."""
    words = f"{metric_title(info.metric)} at the last epoch of {counted(len(info.rows), 'run')}."
    return words + "".join(f" {row.title}: {_values(info, row)}." for row in info.rows)


def finals_table(info: FinalsInfo) -> Table:
    """A row a run."""
    return {
        "Run": [row.title for row in info.rows],
        "Train": [row.train for row in info.rows],
        "Validation": [row.validation for row in info.rows],
    }


def _values(info: FinalsInfo, row: FinalRow) -> str:
    named = (("training", row.train), ("validation", row.validation))
    found = [f"{name} {written(info.metric, value)}" for name, value in named if value is not None]
    return (
        ", ".join([*filter(None, [row.ended]), *found]) if found else row.ended or "no finite value"
    )


def _row(run: Shown, metric: str) -> FinalRow:
    last = run.epochs[-1].metrics if run.epochs else {}
    names = (metric, f"val_{metric}")
    train, validation = plain(last.get(name, float("nan")) for name in names)
    behind = None
    if train is not None and validation is not None:
        behind = float(gap([train], [validation], metric)[0])
    return FinalRow(run.title, run.place, train, validation, behind, run.ended, run.diverged)


def _reach(info: FinalsInfo) -> float:
    """The largest value the axis shows: a run that diverged does not flatten the others."""
    values = {
        diverged: [
            value
            for row in info.rows
            for value in (row.train, row.validation)
            if value and row.diverged == diverged
        ]
        for diverged in (False, True)
    }
    return max(values[False], default=max(values[True], default=1.0))


def _bars(info: FinalsInfo, row: FinalRow, at: tuple[float, int], top: float) -> list[Spec]:
    """The bars of a run from the vertical place and with the width of `at`, up to `top`."""
    y, width = at
    tint = color(row.place)
    hatch = spec(shape="/", fgcolor=tint, size=7, solidity=0.35)
    rim = spec(color=tint, width=1.5)
    filled = spec(color=tint, cornerradius=3)
    hatched = spec(color=translucent(tint, 0.15), cornerradius=3, line=rim, pattern=hatch)
    parts = ((row.train, 0, filled, "train"), (row.validation, 1, hatched, "validation"))
    return [
        spec(
            type="bar",
            orientation="h",
            x=(min(value, top),),
            y=(y + width * place,),
            width=width - 2,
            marker=marker,
            text=(f"{written(info.metric, value)} {split}",),
            textposition="outside",
            textfont=spec(color=INK),
            cliponaxis=False,
            hovertemplate=f"{wrapped(row.title)}<br>%{{text}}<extra></extra>",
        )
        for value, place, marker, split in parts
        if value is not None
    ]


def _heading(info: FinalsInfo, row: FinalRow) -> Spec:
    """The run's title above its bars, where it has the whole width, and the gap in words."""
    words = [row.ended] if row.ended else []
    if row.gap is not None:
        size = f"{abs(row.gap):.3g}"
        if is_share(info.metric):
            size = f"{100 * abs(row.gap):.1f} points"
        words.append(f"gap {size}" if row.gap >= 0 else f"validation ahead by {size}")
    elif row.train is None:
        words.append("no value" if row.ended else "no epoch yet")
    title = wrapped(row.title).replace("<br>", "</b><br><b>")
    at = spec(xref="paper", x=0, xanchor="left", yanchor="top", align="left", font=spec(color=INK))
    return label(f"<b>{title}</b>" + "".join(f" · {word}" for word in words), **at)
