"""What a column of a table holds: its values as numbers or as texts, and what they are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.data.arrays import Array
from core.data.own.facts import Column, ColumnKind

MOST_DISTINCT = 300
_FEW_LEVELS = 10
# Of a column's values, so many must be numbers (or dates) for it to be one of numbers.
_ENOUGH = 0.95
_NUMBER = r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,4})?$"
# Currencies, per cent and what separates thousands: $1,234.50, 1.234,50 €, 12 %.
_SIGN_BEFORE, _SIGN_AFTER = r"^([-+]?)[€$£¥]\s?", r"\s?[€$£¥%]$"
_THOUSANDS = r"^[-+]?\d{1,3}(,\d{3})+(\.\d*)?$"
# A single point before three digits may be a decimal one, even where there are commas.
_THOUSANDS_OF_COMMA = r"^[-+]?\d{1,3}((\.\d{3})+,\d+|(\.\d{3}){2,})$"
# 2026-01-31, 2026/01/31 and 31.1.2026, in which the day is always first. In 1/2/2026 the day or the
# month may be first: such texts stay texts.
_DATE = r"^(\d{4}-\d{2}-\d{2}|\d{4}/\d{2}/\d{2}|\d{1,2}\.\d{1,2}\.\d{4})([T ]\d{2}:\d{2}|$)"
_AS_ISO = (
    (r"^(\d)\.", r"0\1."),
    (r"^(\d\d)\.(\d)\.", r"\1.0\2."),
    (r"^(\d\d)\.(\d\d)\.(\d{4})", r"\3-\2-\1"),
    (r"^(\d{4})/(\d\d)/(\d\d)", r"\1-\2-\3"),
)
_DAY_S = 86_400
_LONGEST = 200


def as_numbers(array: pa.Array, comma: bool = False) -> Array:
    """float64 (n,), NaN where there is no number; `comma` allows a decimal comma in texts."""
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if _is_text(array.type):
        return _parsed(array, comma)
    if not _is_number(array.type):
        return np.full(len(array), np.nan)
    return _float64(pc.cast(array, pa.float64(), safe=False))


def as_texts(array: pa.Array) -> pa.Array:
    """The values as trimmed texts, null where there is none; long ones are cut."""
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    kind = array.type
    if not (_is_text(kind) or _is_number(kind) or pa.types.is_date(kind)):
        if not pa.types.is_timestamp(kind):
            return pa.nulls(len(array), pa.string())
        array = pc.cast(array, pa.timestamp("s"), safe=False)
    if pa.types.is_decimal(kind):
        array = pc.cast(array, pa.float64(), safe=False)
    if pa.types.is_floating(array.type):
        array = pc.if_else(pc.is_finite(array), array, pa.scalar(None, array.type))
    texts = pc.utf8_trim_whitespace(pc.cast(array, pa.string()))
    texts = pc.utf8_slice_codeunits(texts, 0, _LONGEST)
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)


@dataclass
class Summary:
    """What is known of a column from the portions seen so far."""

    name: str
    comma: bool
    rows: int = 0
    present: int = 0
    numbers: int = 0
    dates: int = 0
    levels: Counter[str] = field(default_factory=Counter)
    many: bool = False
    counts_rows: bool = True
    first: float = 0.0

    def add(self, array: pa.Array) -> None:
        """Take a portion into account."""
        values = as_numbers(array, self.comma)
        self.numbers += int(np.isfinite(values).sum())
        self._watch_counting(values)
        self.rows += len(array)
        texts = as_texts(array)
        self.present += len(texts) - texts.null_count
        self.dates += _dates(texts)
        if not self.many:
            self._count(texts)

    def kind(self) -> ColumnKind:
        """What the column holds."""
        if len(self.levels) <= 1 and not self.many:
            return "constant"
        if self.dates >= _ENOUGH * self.present:
            return "date"
        if self.numbers >= _ENOUGH * self.present:
            return "number"
        levels = len(self.levels)
        if self.many or levels > max(_FEW_LEVELS, self.present / 2):
            return "text"
        return "category"

    def column(self) -> Column:
        """The same for people."""
        missing = 1 - self.present / self.rows if self.rows else 1.0
        distinct = MOST_DISTINCT if self.many else len(self.levels)
        return Column(self.name, self.kind(), missing, distinct, self.many)

    def _count(self, texts: pa.Array) -> None:
        for entry in pc.value_counts(texts.drop_null()).to_pylist():
            self.levels[entry["values"]] += entry["counts"]
            if len(self.levels) > MOST_DISTINCT:
                self.many = True
                self.levels.clear()  # too many to be of use, and there may be many such columns
                return

    def _watch_counting(self, values: Array) -> None:
        """Whether the column only counts the rows so far, from 0 or 1."""
        if self.counts_rows and len(values):
            self.first = values[0] if not self.rows else self.first
            expected = self.first + self.rows + np.arange(len(values))
            self.counts_rows = self.first in (0, 1) and bool(np.all(values == expected))


def as_days(array: pa.Array) -> Array:
    """float64 (n,) of dates or of texts that begin like one: days since 1970, NaN for others."""
    if not pa.types.is_temporal(array.type):
        array = _timestamps(as_texts(array))
    elif pa.types.is_time(array.type) or pa.types.is_duration(array.type):
        return np.full(len(array), np.nan)
    seconds = pc.cast(pc.cast(array, pa.timestamp("s"), safe=False), pa.int64())
    return _float64(pc.cast(seconds, pa.float64(), safe=False)) / _DAY_S


def is_whole(text: str) -> bool:
    """Whether a text is a whole number."""
    try:
        return float(text).is_integer()
    except (ValueError, OverflowError):
        return False


def _timestamps(texts: pa.Array) -> pa.Array:
    for pattern, iso in _AS_ISO:
        texts = pc.replace_substring_regex(texts, pattern, iso)
    try:
        return pc.cast(texts, pa.timestamp("s"))
    except pa.ArrowInvalid:  # one or more are no dates, or have fractions of seconds
        days = pc.utf8_slice_codeunits(texts, 0, 10)
        return pc.strptime(days, format="%Y-%m-%d", unit="s", error_is_null=True)


def _parsed(array: pa.Array, comma: bool) -> Array:
    try:
        return _float64(pc.cast(array, pa.float64()))
    except pa.ArrowInvalid:  # not all are plain numbers
        texts = _plain(pc.utf8_trim_whitespace(array), comma)
    if comma:
        texts = pc.replace_substring(texts, ",", ".")
    matches = pc.match_substring_regex(texts, _NUMBER)
    return _float64(pc.cast(pc.if_else(matches, texts, None), pa.float64()))


def _plain(texts: pa.Array, comma: bool) -> pa.Array:
    """Numbers without currency, per cent and what separates thousands."""
    texts = pc.replace_substring_regex(texts, _SIGN_BEFORE, r"\1")
    texts = pc.replace_substring_regex(texts, _SIGN_AFTER, "")
    grouped = pc.match_substring_regex(texts, _THOUSANDS_OF_COMMA if comma else _THOUSANDS)
    return pc.if_else(grouped, pc.replace_substring(texts, "." if comma else ",", ""), texts)


def _dates(texts: pa.Array) -> int:
    """How many texts begin like a date; none if the first ones do not."""
    if not pc.any(pc.match_substring_regex(texts.drop_null().slice(0, 100), _DATE)).as_py():
        return 0
    return pc.sum(pc.match_substring_regex(texts, _DATE)).as_py() or 0


def _float64(array: pa.Array) -> Array:
    values: Array = np.asarray(array.to_numpy(zero_copy_only=False), np.float64)
    return values


def _is_number(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind)
        or pa.types.is_boolean(kind)
    )


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))
