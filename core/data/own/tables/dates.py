"""Dates and times of day as people write them: a column's format, and its values as numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.data.arrays import Array
from core.data.own.tables.numerals import float64

Moment = Literal["date", "time"]
_ISO = "ISO8601"
_DAY_S, _HOUR_S = 86_400, 3_600
_SAMPLE = 60
_ENOUGH = 0.9  # of a sample, so many must be dates for a format to be counted
_MOST_FORMATS = 8
# What a date may look like; only such texts are worth the many formats tried.
_LIKELY = re.compile(
    r"\d{1,4}\s?[-/.년年 ]\s?\d{1,2}|(?:\b|\d)(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"|\d:\d\d|^\d{8}$|^\d{14}$",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(T|,? +|:|)(\d{1,2}:\d\d.*)$")
_COMPACT = re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(\d{6})?")
_ORDINAL = r"(\d)(?:st|nd|rd|th)\b"
_DAY_FIRST = tuple(f"%d{sep}%m{sep}%{year}" for sep in "/-. " for year in "Yy")
_MONTH_FIRST = tuple(f"%m{sep}%d{sep}%{year}" for sep in "/-" for year in "Yy")
_DATES = (
    *("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y. %m. %d.", "%Y. %m. %d"),
    *_DAY_FIRST,
    *_MONTH_FIRST,
    *(
        form
        for month in ("%b", "%B")
        for form in (
            *(f"%d {month} %Y", f"%d-{month}-%Y", f"%d-{month}-%y", f"%d/{month}/%Y"),
            *(f"{month} %d %Y", f"{month} %d, %Y", f"{month}. %d, %Y", f"%d. {month} %Y"),
            *(f"%d {month}, %Y", f"%d {month} %y", f"%Y-{month}-%d", f"%Y {month} %d"),
            *(f"%a {month} %d %Y", f"%a, %d {month} %Y", f"%A, {month} %d, %Y", f"%d{month}%Y"),
            *(f"{month}-%d-%Y", f"{month}/%d/%Y", f"%a %d {month} %Y", f"{month} %d,%Y"),
        )
    ),
    *("%Y년 %m월 %d일", "%Y년%m월%d일", "%Y年%m月%d日"),
)
_MONTHS = (
    *("%b %Y", "%B %Y", "%b-%Y", "%B-%Y", "%b-%y", "%b %y", "%Y-%b", "%Y %b", "%b, %Y", "%B, %Y"),
    *("%Y/%m", "%m/%Y", "%Y-%m", "%Y.%m.", "%Y년 %m월", "%Y年%m月"),
)
_CLOCKS = (
    *("%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%I:%M %p", "%I:%M:%S %p", "%I:%M%p", "%I:%M:%S%p"),
    *("%H:%M:%S %z", "%H:%M %z"),
)
_SPECIAL = (
    "%a %b %d %H:%M:%S %Y",
    "%a %b %d %H:%M:%S %z %Y",
    "%d/%b/%Y:%H:%M:%S %z",
    "%Y%m%d%H%M%S",
    "%Y%m%d %H%M%S",
)


@dataclass
class DateFormats:
    """The formats that a column's texts may have, and how many of its texts have each."""

    counts: dict[str, int] | None = None
    # Of a pair of formats that differ by day and month: whether either is always 1.
    _days: set[int] = field(default_factory=set)
    _months: set[int] = field(default_factory=set)

    def add(self, texts: pa.Array) -> None:
        """Take the texts of a portion into account."""
        there = texts.drop_null()
        if self.counts is None and len(there):
            self.counts = dict.fromkeys(_possible(there.slice(0, 2_000)), 0)
        for form in self.counts or ():
            self.counts[form] += int(np.isfinite(_seconds(texts, form)).sum())  # type: ignore[index]
        pair = [form for form in self.counts or () if _swapped(form) in (self.counts or ())]
        if pair and len(self._days | self._months) < 64:
            day, month = _parts(there, next(form for form in pair if form.startswith("%d")))
            self._days |= day
            self._months |= month

    def best(self, day_first: bool | None = None) -> tuple[str | None, int]:
        """The format that most texts have, and how many these are."""
        if not self.counts:
            return None, 0
        most = max(self.counts.values())
        fitting = [form for form, count in self.counts.items() if count == most]
        form = fitting[0]
        if _swapped(form) in fitting and self._month_first(form, day_first):
            form = _swapped(form) if form.startswith("%d") else form
        elif _swapped(form) in fitting and form.startswith("%m"):
            form = _swapped(form)
        return form, most

    def is_ambiguous(self) -> bool:
        """Whether nothing tells if the day or the month comes first."""
        form, most = self.best()
        counts = self.counts or {}
        return bool(form and most and counts.get(_swapped(form)) == most) and (
            not (self._days == {1}) ^ (self._months == {1})
        )

    def _month_first(self, form: str, day_first: bool | None) -> bool:
        if day_first is not None:
            return not day_first
        if (self._days == {1}) ^ (self._months == {1}):  # the first of each month
            return self._months == {1}
        return "." not in form


def moment(form: str) -> Moment:
    """Whether a format is one of dates or of times of day."""
    return "time" if form in _CLOCKS else "date"


def as_numbers(array: pa.Array, texts: pa.Array, form: str | None) -> Array:
    """float64 (n,): days since 1970 of dates, hours of times of day, NaN where there is none.

    `texts` are those of the array, which have the format `form` unless it has a type of its own.
    """
    kind = array.type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        seconds = pc.cast(pc.cast(array, pa.timestamp("ms"), safe=False), pa.int64())
        return float64(pc.cast(seconds, pa.float64(), safe=False)) / 1_000 / _DAY_S
    if pa.types.is_time(kind):
        form = _CLOCKS[2] if pc.any(pc.match_substring(texts, ".")).as_py() else _CLOCKS[1]
    if form is None:
        return np.full(len(array), np.nan)
    seconds = _seconds(texts, form)
    return seconds / _HOUR_S if moment(form) == "time" else seconds / _DAY_S


def _possible(texts: pa.Array) -> list[str]:
    """The formats that nearly all of some texts have."""
    sample = pc.unique(texts).slice(0, _SAMPLE)
    words = [_spelled(text) for text in sample.to_pylist()]
    if sum(bool(_LIKELY.search(word)) for word in words) < _ENOUGH * len(words):
        return []
    if all(word.isdigit() for word in words):
        if not all(_COMPACT.fullmatch(word) for word in words):
            return []
        return _fitting(("%Y%m%d", "%Y%m%d%H%M%S"), words)
    if sum(":" in word for word in words) * 2 <= len(words):
        return _fitting((*(_ISO,) * any("-" in word for word in words), *_DATES, *_MONTHS), words)
    if found := _fitting((_ISO, *_CLOCKS, *_SPECIAL), words):
        return found
    pieces = [
        (word[: match.start()], *match.groups()) for word in words if (match := _CLOCK.search(word))
    ]
    if not pieces:
        return []
    days, separators, clocks = (list(piece) for piece in zip(*pieces, strict=True))
    separator = max(set(separators), key=separators.count)
    return [
        f"{day}{separator}{clock}"
        for day in _fitting(_DATES, days)
        for clock in _fitting(_CLOCKS, clocks)[:1]
    ]


def _fitting(tried: Sequence[str], words: Sequence[str]) -> list[str]:
    """Those formats that nearly all words have, and what they are with day and month swapped."""
    few = pa.array(words[:8])
    rough = [form for form in tried if np.isfinite(_seconds(few, form)).mean() >= _ENOUGH / 2]
    whole = pa.array(words)
    found = [form for form in rough if np.isfinite(_seconds(whole, form)).mean() >= _ENOUGH]
    return _with_partners(found, rough)[:_MOST_FORMATS]


def _with_partners(found: list[str], rough: list[str]) -> list[str]:
    """The formats, each with the one that swaps day and month if that fits some as well."""
    pairs = [form for form in map(_swapped, found) if form in rough and form not in found]
    return [*found, *pairs]


def _swapped(form: str) -> str:
    """The format with day and month in the other order, if that is a question; else no format."""
    for one, other in (("%d/%m/", "%m/%d/"), ("%d-%m-", "%m-%d-")):
        if form.startswith(one):
            return form.replace(one, other)
        if form.startswith(other):
            return form.replace(other, one)
    return ""


def _parts(texts: pa.Array, form: str) -> tuple[set[int], set[int]]:
    """The days and the months of texts that have a format with the day first."""
    separator = form[2]
    pieces = pc.split_pattern(texts, separator, max_splits=2).to_pylist()
    numbers = [piece for piece in pieces if len(piece) == 3 and all(map(str.isdigit, piece[:2]))]
    return {int(piece[0]) for piece in numbers}, {int(piece[1]) for piece in numbers}


def _spelled(text: str) -> str:
    return re.sub(_ORDINAL, r"\1", text).replace("Sept ", "Sep ").replace("Sept-", "Sep-")


def _seconds(texts: pa.Array, form: str) -> Array:
    """float64 (n,): seconds since 1970, or of the day; NaN where a text has another format."""
    import pandas as pd  # noqa: PLC0415  # slow, and most tables have no dates

    texts = pc.replace_substring_regex(texts, _ORDINAL, r"\1")
    texts = pc.replace_substring_regex(texts, r"\b(Sep)t\b", r"\1")
    words = pd.Series(texts.to_pylist(), dtype="str")
    found = pd.to_datetime(words, format=form, errors="coerce", utc=True).dt.as_unit("ms")
    values = found.to_numpy("datetime64[ms]")
    seconds: Array = np.where(np.isnat(values), np.nan, values.astype(np.int64) / 1_000)
    return seconds - _MIDNIGHT if form in _CLOCKS else seconds


# What a time of day without a date is taken to be on.
_MIDNIGHT = -2_208_988_800.0  # 1900-01-01
