"""What a column of a table holds: its values as numbers or as texts, and what they are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.data.arrays import Array
from core.data.own.facts import Column, ColumnKind
from core.data.own.limits import FEWEST_OF_A_CLASS
from core.data.own.names import tidy
from core.data.own.tables import cells, dates, numerals
from core.data.own.tables.counting import Counting
from core.data.own.tables.numerals import STYLES, Style

MOST_DISTINCT = 300
MOST_LEVELS = 50_000  # of a column that somebody wants as categories
_FEW_LEVELS = 10
# Of a column's values, so many must be numbers (or dates) for it to be one of numbers; of one with
# many different numbers, fewer.
_ENOUGH, _ENOUGH_OF_MANY = 0.95, 0.8
_MANY_NUMBERS = 20
_MOST_WORDS = 50
_EXAMPLES = 3

Use = Literal["number", "category"]


@dataclass(frozen=True)
class Wishes:
    """What is said of all columns: see `TableReading`; `comma` is what decides in doubt."""

    comma: bool = False
    day_first: bool | None = None


@dataclass
class Summary:
    """What is known of a column from the portions seen so far; `use` is what somebody chose."""

    name: str
    wishes: Wishes = Wishes()
    use: Use | None = None
    rows: int = 0
    present: int = 0
    fitting: dict[Style, int] = field(default_factory=lambda: dict.fromkeys(STYLES, 0))
    levels: Counter[str] = field(default_factory=Counter)
    many: bool = False
    # Words that say there is no value, and texts where numbers are expected, as they were written.
    words: Counter[str] = field(default_factory=Counter)
    texts: Counter[str] = field(default_factory=Counter)
    # A number not written plainly: the first.
    written: str = ""
    formats: dates.DateFormats = field(default_factory=dates.DateFormats)
    counting: Counting = field(default_factory=Counting)
    _typed_dates: int = 0
    _without_numbers: int = 0
    _grouping: bool = False
    _decimal: bool = False

    def add(self, array: pa.Array) -> None:
        """Take a portion into account."""
        self.rows += len(array)
        shown = cells.as_written(array)
        texts = cells.as_texts(shown)
        self.present += len(texts) - texts.null_count
        self._count_words(shown, texts)
        if pa.types.is_temporal(array.type):
            self._typed_dates += int(np.isfinite(dates.as_numbers(array, texts, None)).sum())
        else:
            self._add_numbers(array, texts)
        if not self.many:
            self._count(texts)

    @property
    def style(self) -> Style:
        """How its numbers are written."""
        comma = self.fitting["comma"] - self.fitting["point"]
        if comma < 0 or (comma == 0 and not self.wishes.comma):
            return "point"
        return "comma and points" if self._grouping and not self._decimal else "comma"

    @property
    def numbers(self) -> int:
        """How many values are numbers."""
        return self.fitting[self.style]

    @property
    def dates(self) -> int:
        """How many values are dates or times."""
        return self._typed_dates or self.formats.best(self.wishes.day_first)[1]

    @property
    def kept(self) -> frozenset[str]:
        """Words that elsewhere say there is no value, and here are one: the - beside the +."""
        return frozenset("-") if set(self.levels) == {"+"} and "-" in self.words else frozenset()

    def kind(self) -> ColumnKind:
        """What the column holds."""
        levels = len(self.levels) + len(self.kept)
        if levels <= 1 and not self.many:
            return "constant"
        if self.use:
            return self.use
        solid = self.present - self._without_numbers
        if solid and self.dates >= _ENOUGH * solid and self.dates >= self.numbers:
            form = self.formats.best()[0]
            return dates.moment(form) if form else "date"
        varied = self.many or len(self.levels) > _MANY_NUMBERS
        if solid and self.numbers >= (_ENOUGH_OF_MANY if varied else _ENOUGH) * solid:
            return "number"
        if self.many or levels > max(_FEW_LEVELS, self.present / 2):
            return "text"
        return "category"

    def column(self) -> Column:
        """The same for people."""
        missing = 1 - self.present / self.rows if self.rows else 1.0
        classes = [count for count in self.levels.values() if count >= FEWEST_OF_A_CLASS]
        return Column(
            name=self.name,
            kind=self.kind(),
            missing=missing,
            distinct=MOST_DISTINCT if self.many else len(self.levels),
            many=self.many,
            numbers=self.numbers / max(1, self.present),
            examples=tuple(tidy(text) for text in self.examples()),
            classes=len(classes),
            in_classes=sum(classes) / max(1, self.present),
        )

    def examples(self) -> list[str]:
        """Cells that are no numbers, the most frequent first; of texts alone the first ones."""
        found = self.texts if self.texts else self.levels
        return [text for text, _ in found.most_common(_EXAMPLES)]

    def values(self, array: pa.Array) -> Array:
        """float64 (n,): its numbers, days or hours; NaN where there is none."""
        if self.kind() in ("date", "time"):
            form = self.formats.best(self.wishes.day_first)[0]
            return dates.as_numbers(array, cells.as_texts(array), form)
        return numerals.as_numbers(array, self.style)

    def _add_numbers(self, array: pa.Array, texts: pa.Array) -> None:
        plain = numerals.as_numbers(array) if cells.is_number(array.type) else numerals.plain(texts)
        if plain is None:
            found = self._written_numbers(texts)
        else:
            count = int(np.isfinite(plain).sum())
            for style in STYLES:
                self.fitting[style] += count
            found = plain
            self._decimal |= self.wishes.comma and numerals.has_decimal_points(texts)
        self.counting.add(found)
        few = np.isfinite(found).sum() * 2 < len(texts) - texts.null_count
        if few or _may_be_compact_dates(found):
            self.formats.add(texts)
        elif self.formats.counts is None:
            self.formats.counts = {}

    def _written_numbers(self, texts: pa.Array) -> Array:
        """Count texts that are not all plain numbers; float64 (n,) in the likeliest style."""
        tidied = numerals.tidied(texts)
        found = {style: numerals.written(tidied, style) for style in STYLES}
        for style, values in found.items():
            self.fitting[style] += int(np.isfinite(values).sum())
        self._grouping |= numerals.has_grouping_points(tidied)
        self._decimal |= numerals.has_decimal_points(tidied)
        values = found[self.style]
        none = pc.and_(pc.is_valid(texts), pa.array(~np.isfinite(values)))
        others = texts.filter(none)
        self._without_numbers += _count_of(others, cells.NO_NUMBERS)
        _count_into(self.texts, others)
        if not self.written:
            special = pc.and_(pc.is_valid(texts), pa.array(np.isfinite(values)))
            shown = [text for text in texts.filter(special).slice(0, 200).to_pylist()
                     if not _is_plain(text)]  # fmt: skip
            self.written = shown[0] if shown else ""
        return values

    def _count_words(self, shown: pa.Array, texts: pa.Array) -> None:
        if texts.null_count > shown.null_count:
            _count_into(self.words, shown.filter(pc.is_null(texts)).drop_null())

    def _count(self, texts: pa.Array) -> None:
        most = MOST_LEVELS if self.use == "category" else MOST_DISTINCT
        for entry in pc.value_counts(texts.drop_null()).to_pylist():
            self.levels[entry["values"]] += entry["counts"]
            if len(self.levels) > most:
                self.many = True
                self.levels.clear()  # too many to be of use, and there may be many such columns
                return


def is_whole(text: str) -> bool:
    """Whether a text is a whole number."""
    try:
        return float(text).is_integer()
    except (ValueError, OverflowError):
        return False


def _is_plain(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _may_be_compact_dates(values: Array) -> bool:
    """Whether numbers may be dates as 20000131."""
    there = values[np.isfinite(values)][:100]
    return bool(len(there) and np.all((there >= 19_000_101) & (there <= 20_991_231)))


def _count_of(texts: pa.Array, words: frozenset[str]) -> int:
    found = pc.is_in(pc.utf8_lower(texts), pa.array(sorted(words), pa.string()))
    return int(pc.sum(found).as_py() or 0)


def _count_into(counter: Counter[str], texts: pa.Array) -> None:
    """Count texts; of very many different ones, the first."""
    for entry in pc.value_counts(texts).to_pylist()[:_MOST_WORDS]:
        if entry["values"] and (entry["values"] in counter or len(counter) < _MOST_WORDS):
            counter[entry["values"]] += entry["counts"]
