"""Columns that only number the rows, or name each of them: nothing can be learnt from these."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np

from core.data.arrays import Array

_MOST_KEPT = 200_000
_ID = re.compile(
    r"(?:^|[\s_.\-#])(?:id|ids|idx|index|key|uuid|guid|row|rows|rownames?|rownum|record|serial|"
    r"no|nr|num|number|sno|srno|번호|순번|编号|序号|番号|#)$|^unnamed|^column 1$|^x\.?1$|"
    r"[a-z](?:ID|Id|No|Nr|Index|Number)$|^(?:id|index|no)(?:$|[\s_.\-])|^#$",
)
# The order of rows means something where it is one in time or space.
_ORDER = re.compile(
    r"^(?:t|time|date|day|days|week|month|hour|minute|second|year|yr|step|epoch|period|age|"
    r"distance|depth|position|lag|dose|temperature|temp)s?$",
    re.IGNORECASE,
)


@dataclass
class Counting:
    """Whether numbers go up by one from row to row, and whether each stands there once."""

    counts_rows: bool = True
    rises: bool = True
    seen: int = 0
    _last: float = np.nan
    _first: float = np.nan
    _step: float = 0.0
    _whole: bool = True
    _values: list[Array] = field(default_factory=list)
    _kept: int = 0

    def add(self, values: Array) -> None:
        """Take a portion into account: float64 (n,), NaN where there is no number."""
        if not len(values) or not (self._whole or self.counts_rows):
            return
        whole = bool(np.all(np.isfinite(values)) and np.all(values == np.floor(values)))
        self._whole &= whole
        self.counts_rows &= whole
        if not whole:
            self._values.clear()
            return
        joined = values if not self.seen else np.concatenate([[self._last], values])
        steps = np.diff(joined)
        if not self.seen:
            self._first = values[0]
        if len(steps):
            self._step = self._step or float(steps[0])
            self.counts_rows &= abs(self._step) == 1 and bool(np.all(steps == self._step))
            self.rises &= bool(np.all(steps > 0))
        self.seen += len(values)
        self._last = float(values[-1])
        if self._kept < _MOST_KEPT:
            self._values.append(values[: _MOST_KEPT - self._kept])
            self._kept += len(self._values[-1])

    def reason(self, name: str, first_without_name: bool) -> str:
        """Why the column is no feature, as the end of a sentence; "" if it may be one.

        `first_without_name` says that it is the first of a table without names.
        """
        if self.seen < 2 or _ORDER.match(name):
            return ""
        begins = {self._first, self._last} & {0.0, 1.0}
        named = is_id(name)
        years = min(self._first, self._last) >= 1_000 and max(self._first, self._last) <= 2_200
        if self.counts_rows and (begins or named or not years):
            return "it counts the rows"
        dense = self.rises and self._last - self._first < 2 * self.seen
        if self._whole and (named or first_without_name) and self._is_unique():
            return "it numbers each row" if dense or self.rises else "each row has its own"
        return ""

    def _is_unique(self) -> bool:
        if self.rises:
            return True
        values = np.concatenate(self._values) if self._values else np.zeros(0)
        return len(np.unique(values)) == len(values)


def is_id(name: str) -> bool:
    """Whether a column's name says that it names the rows."""
    return bool(_ID.search(name) or _ID.search(name.lower()))
