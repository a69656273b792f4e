"""Shows a chart with its sentence for whoever does not see it, and its numbers as a table."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from core.figures import Chart
from core.ui import kept, live_chart, tables, wording

Info = TypeVar("Info")
# Plotly's bar of buttons, without the one that leads to its maker.
_CONFIG = {"displaylogo": False}
_MOST_DRAWN = 16  # kept, for all visitors
OF_FIGURE = "of the figure"  # the height that the figure's layout names
_TABLE = "Numbers as a table"


def show(chart: Chart[Info], info: Info, key: str, table: bool = True, *, height: str = "") -> None:
    """Draw `info` as a chart named `key`; `table=False` where the numbers stand beside it.

    The table is drawn when somebody opens it. A chart that is drawn again while it is looked at is
    given its `height` in CSS, or `OF_FIGURE`: then zoom and hidden curves stay, and it is kept for
    the next time. Its info must be hashable, its traces lines and bars.
    """
    sentence = chart.sentence(info)
    if height:
        figure, own_height = _drawn(chart, info)
        live_chart.show(figure, key, own_height if height == OF_FIGURE else height, sentence)
    else:
        st.plotly_chart(chart.figure(info), key=key, config=_CONFIG, alt=sentence)
    if table:
        show_table(chart, info, key)


@lru_cache(maxsize=_MOST_DRAWN)
def _drawn(chart: Chart[Any], info: object) -> tuple[str, str]:
    """A chart as Plotly's JSON, and the height it was made for, in CSS.

    Kept: what draws itself again mostly draws what stands there.
    """
    figure = chart.figure(info)
    return str(figure.to_json()), f"{figure.layout.height or 0}px"


def show_table(chart: Chart[Info], info: Info, key: str) -> None:
    """The numbers of the chart named `key`, in a part that is closed at first."""
    part = kept.expander(_TABLE, f"{key}-table")
    if part.open:
        with part:
            st.caption(wording.inert(chart.sentence(info)))
            tables.show(pd.DataFrame(chart.table(info)), width="stretch")
