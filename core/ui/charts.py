"""Shows a chart with its sentence for whoever does not see it, and its numbers as a table."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from core.figures import Chart
from core.figures.chart import Table
from core.ui import kept, live_chart, wording

Info = TypeVar("Info")
# Plotly's bar of buttons, without the one that leads to its maker.
_CONFIG = {"displaylogo": False}
_MOST_DRAWN = 16  # kept, for all visitors
_TABLE = "Numbers as a table"


def show(
    chart: Chart[Info],
    info: Info,
    key: str,
    table: bool = True,
    *,
    height: str = "",
    again: bool = False,
) -> None:
    """Draw `info` as a chart named `key`; `table=False` where the numbers stand beside it.

    The table is drawn when somebody opens it. A chart that is drawn again while it is looked at is
    given its `height` in CSS: then zoom and hidden curves stay. It is kept for the next time, and
    so is one drawn `again`, whose info must be hashable.
    """
    sentence = chart.sentence(info)
    if height:
        live_chart.show(_drawn(chart, info), key, height, sentence)
    else:
        figure = _figure(chart, info) if again else chart.figure(info)
        st.plotly_chart(figure, key=key, config=_CONFIG, alt=sentence)
    if table:
        show_table(chart, info, key)


@lru_cache(maxsize=_MOST_DRAWN)
def _figure(chart: Chart[Any], info: object) -> Any:
    return chart.figure(info)


@lru_cache(maxsize=_MOST_DRAWN)
def _drawn(chart: Chart[Any], info: object) -> str:
    """A chart as Plotly's JSON: what draws itself again mostly draws what stands there."""
    return str(chart.figure(info).to_json())


def show_table(chart: Chart[Info], info: Info, key: str) -> None:
    """The numbers of the chart named `key`, in a part that is closed at first."""
    part = kept.expander(_TABLE, f"{key}-table")
    if part.open:
        with part:
            st.caption(wording.inert(chart.sentence(info)))
            st.dataframe(frame_of(chart.table(info)), hide_index=True, width="stretch")


def frame_of(table: Table) -> pd.DataFrame:
    """A chart's numbers as a table that can be saved: no cell is taken for a formula."""
    names = wording.columns(table)
    columns = (_cells(values) for values in table.values())
    return pd.DataFrame(dict(zip(names, columns, strict=True)))


def _cells(values: Sequence[object]) -> list[object]:
    return [wording.cell(value) if isinstance(value, str) else value for value in values]
