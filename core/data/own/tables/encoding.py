"""Columns made into numbers: gaps filled, categories one-hot; fitted to the training part alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.data.arrays import Array, Floats, Indices
from core.data.own import missing
from core.data.own.names import distinct, listed, tidy
from core.data.own.parts import chunks

MOST_LEVELS = 20
_OTHER, _MISSING = "other", "missing"
_EXACT = 2**24  # up to here float32 holds every whole number


@dataclass(frozen=True)
class Feature:
    """A column chosen; of a category the `levels` that its numbers 0, 1, … stand for."""

    name: str
    levels: tuple[str, ...] | None = None


class Encoding:
    """Maps rows (n, columns), NaN where a value is missing, to float32 (n, `len(names)`)."""

    def __init__(self, x: Array, train: Indices, features: Sequence[Feature]) -> None:
        """Fit to the rows `train` of x."""
        found = _statistics(x, train, features)
        lacking = missing.incomplete(x)
        is_number = np.array([feature.levels is None for feature in features])
        medians = missing.medians(x, train, lacking & is_number)
        self._columns: list[tuple[int, _Number | _Category]] = []
        names: list[str] = []
        self._constant, self._grouped, self._rounded, filled = [], [], [], []
        for index, feature in enumerate(features):
            column: _Number | _Category
            if feature.levels is not None:
                column = _Category(feature, found.counts[index], bool(lacking[index]))
                if column.is_grouped:
                    self._grouped.append(feature.name)
            else:
                column = _Number(feature, medians[index], found.low[index] < found.high[index])
                if lacking[index] and column.names:
                    filled.append(feature.name)
                if column.names and max(-found.low[index], found.high[index]) > _EXACT:
                    self._rounded.append(feature.name)
            if column.names:
                self._columns.append((index, column))
                names += column.names
            else:
                self._constant.append(feature.name)
        self.names = distinct(names)
        self._filled = filled

    def encode(self, x: Array) -> Floats:
        """Some rows as they are stored."""
        pieces = [column.encode(x[:, index]) for index, column in self._columns]
        return np.concatenate(pieces, axis=1) if pieces else np.zeros((len(x), 0), np.float32)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What became of columns that people should know of."""
        said = list(missing.told(self._filled))
        if self._constant:
            said.append(
                f"Left out, as all training samples have the same value: {listed(self._constant)}."
            )
        if self._grouped:
            said.append(
                f"Only the {MOST_LEVELS} most frequent values have a column of their own, the rest "
                f"are one, “{_OTHER}”: {listed(self._grouped)}."
            )
        if self._rounded:
            said.append(
                "Large numbers are kept to seven digits, with which networks compute: "
                f"{listed(self._rounded)}."
            )
        return tuple(said)


class _Number:
    """A column of numbers, its gaps filled with the median."""

    def __init__(self, feature: Feature, median: float, varies: bool) -> None:
        self._median = np.float32(median)
        self.names = [feature.name] if varies else []

    def encode(self, values: Array) -> Floats:
        return missing.filled(values[:, np.newaxis], self._median)


class _Category:
    """One column for each frequent level, one for all others, and one for missing values."""

    def __init__(self, feature: Feature, counts: Indices, lacks: bool) -> None:
        levels = feature.levels or ()
        frequent = np.argsort(-counts, kind="stable")[:MOST_LEVELS]
        # In the order of the file's levels, so that the same file gives the same columns.
        frequent = np.sort(frequent[counts[frequent] > 0])
        self.names = [f"{feature.name} = {tidy(levels[index])}" for index in frequent.tolist()]
        self.is_grouped = int((counts > 0).sum()) > len(frequent)
        # A level that the training part lacks has no column, unless it is one of the others.
        self._places = np.full(len(levels) + 1, -1)
        if self.is_grouped:
            self._places[:] = len(self.names)
            self.names.append(f"{feature.name} = {_OTHER}")
        self._places[frequent] = np.arange(len(frequent))
        self._places[-1] = len(self.names) if lacks else -1
        if lacks:
            self.names.append(f"{feature.name} = {_MISSING}")
        if len(self.names) < 2:
            self.names = []

    def encode(self, values: Array) -> Floats:
        codes = np.where(np.isfinite(values), values, len(self._places) - 1).astype(np.int64)
        places = self._places[codes]
        columns = np.arange(len(self.names))
        return np.asarray(places[:, np.newaxis] == columns, np.float32)


@dataclass(frozen=True, eq=False)
class _Statistics:
    """Of each column over the training rows; `counts` those of a category's levels."""

    low: Floats
    high: Floats
    counts: dict[int, Indices]


def _statistics(x: Array, train: Indices, features: Sequence[Feature]) -> _Statistics:
    low = np.full(x.shape[1], np.inf, np.float32)
    high = np.full(x.shape[1], -np.inf, np.float32)
    counts = {
        index: np.zeros(len(feature.levels), np.int64)
        for index, feature in enumerate(features)
        if feature.levels is not None
    }
    for chunk in chunks(train, x[:1].nbytes):
        values = x[chunk]
        low = np.fmin(low, np.fmin.reduce(values, axis=0))
        high = np.fmax(high, np.fmax.reduce(values, axis=0))
        for index, count in counts.items():
            there = values[np.isfinite(values[:, index]), index]
            np.add.at(count, there.astype(np.int64), 1)
    return _Statistics(low, high, counts)
