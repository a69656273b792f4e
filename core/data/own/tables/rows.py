"""The rows of a table that are used: as numbers in a file, with a target each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.data.arrays import Array, Floats
from core.data.own import parts, targets
from core.data.own.facts import TableChoices
from core.data.own.limits import FEWEST_SAMPLES
from core.data.own.names import counted, tidy
from core.data.own.tables import encoding, numerals
from core.data.own.tables.cells import as_texts
from core.data.own.tables.columns import MOST_DISTINCT, MOST_LEVELS, Summary
from core.data.own.tables.encoding import Feature
from core.data.own.tables.source import Table
from core.data.own.targets import Target
from core.data.own.work import Work
from core.errors import UnusableUpload


@dataclass(frozen=True, eq=False)
class TableSamples:
    """`x` is float32 (n, features), NaN where a value is missing; `target.kept` leads into it."""

    x: Array
    target: Target
    features: tuple[Feature, ...]
    warnings: tuple[str, ...]


class Rows:
    """Reads the rows that have a target; of more than are allowed, some drawn at random."""

    def __init__(
        self,
        table: Table,
        found: dict[str, Summary],
        usable: Sequence[str],
        choices: TableChoices,
        work: Work,
    ) -> None:
        """`found` are the summaries of all columns chosen, of which `usable` become features."""
        self._table, self._found, self._work = table, found, work
        self._usable, self._choices = usable, choices
        self._target = found[choices.target]
        self._levels = {
            name: _ordered(found[name])
            for name in (*usable, choices.target)
            if self._is_category(name)
        }

    def read(self) -> TableSamples:
        """Read them.

        Raises:
            UnusableUpload: the target is none, or the file is damaged.
        """
        self._check_target()
        self._check_categories()
        there = self._with_target()
        if there < FEWEST_SAMPLES:
            raise UnusableUpload(
                f"Target: {self._choices.target} has a value in {counted(there, 'row')}, but at "
                f"least {FEWEST_SAMPLES} are needed. Choose another target."
            )
        chosen = parts.sampled(there, self._most(), self._work.seed)
        path = self._work.scratch / "x.raw"
        values = self._written(path, np.isin(np.arange(there), chosen))
        x = np.memmap(path, np.float32, "r", shape=(len(values), len(self._usable)))
        features = tuple(Feature(name, self._levels.get(name)) for name in self._usable)
        return TableSamples(x, self._as_target(values), features, self._warnings(there, len(x)))

    def _is_category(self, name: str) -> bool:
        if name == self._choices.target:
            return self._choices.task == "classification"
        return self._found[name].kind() == "category"

    def _check_target(self) -> None:
        target, name = self._target, tidy(self._choices.target)
        if self._choices.task == "classification":
            if target.many:
                raise UnusableUpload(
                    f"Target: {name} has more than {MOST_DISTINCT:,} different values, "
                    f"but at most {self._work.limits.classes:,} classes are allowed. Choose "
                    "another target, or numbers as the task if they are numbers."
                )
        elif target.kind() in ("text", "category") and not target.numbers:
            raise UnusableUpload(
                f"Target: {name} holds texts, which cannot be predicted as numbers. Choose "
                "classes as the task, or another target."
            )

    def _check_categories(self) -> None:
        for name in self._usable:
            if name in self._levels and self._found[name].many:
                raise UnusableUpload(
                    f"Features: {name} has more than {MOST_LEVELS:,} different values, too many "
                    "for categories. Leave it out."
                )

    def _with_target(self) -> int:
        """How many rows have one."""
        if self._choices.task == "classification":
            return self._target.present + sum(
                self._target.words[word] for word in self._target.kept
            )
        is_date = self._target.kind() in ("date", "time")
        return self._target.dates if is_date else self._target.numbers

    def _most(self) -> int:
        """How many rows may be kept: by their number, and by their size once encoded."""
        limits = self._work.limits
        if self._choices.image_shape:  # a byte a pixel, but four on the way
            size = len(self._usable) + 8
            return max(1, min(limits.samples, limits.unpacked_bytes // size, self._most_raw()))
        width = sum(
            min(len(self._levels[name]), encoding.MOST_LEVELS) + 2 if name in self._levels else 1
            for name in self._usable
        )
        return max(1, min(limits.samples, limits.unpacked_bytes // (4 * width + 8)))

    def _most_raw(self) -> int:
        """How many rows of float32 fit into the largest file that may be written."""
        return 4 * self._work.limits.upload_bytes // (4 * len(self._usable))

    def _written(self, path: Path, wanted: Array) -> Array:
        """Write the rows `wanted` of those with a target; give back the targets of these."""
        seen, kept = 0, [np.zeros(0)]
        names = (*self._usable, self._choices.target)
        with path.open("wb") as file:
            for arrays, read in self._table.portions(names):
                values = self._numbers(self._choices.target, arrays[self._choices.target])
                there = np.flatnonzero(np.isfinite(values))
                rows = there[wanted[seen : seen + len(there)]]
                seen += len(there)
                kept.append(values[rows])
                file.write(self._matrix(arrays, rows).tobytes())
                self._work.progress(0.4 + 0.4 * read)
        return np.concatenate(kept)

    def _matrix(self, arrays: dict[str, pa.Array], rows: Array) -> Floats:
        """float32 (rows, features)."""
        block = np.empty((len(rows), len(self._usable)), np.float32)
        with np.errstate(over="ignore"):
            for column, name in enumerate(self._usable):
                block[:, column] = self._numbers(name, arrays[name])[rows]
        return block

    def _numbers(self, name: str, array: pa.Array) -> Array:
        """float64: the numbers or days of a column, or which level each value is."""
        if name in self._levels:
            texts = as_texts(array, self._found[name].kept)
            codes = pc.index_in(texts, pa.array(self._levels[name], pa.string()))
            return numerals.as_numbers(codes)
        return self._found[name].values(array)

    def _as_target(self, values: Array) -> Target:
        if self._choices.task == "regression":
            return targets.numbers(values)
        names = self._levels[self._choices.target]
        return targets.classes(values.astype(np.int64), names, self._work.limits)

    def _warnings(self, there: int, used: int) -> tuple[str, ...]:
        said = []
        if lost := self._target.rows - there:
            said.append(f"Left out, as they have no target: {counted(lost, 'row')}.")
        if used < there:
            said.append(f"{used:,} of {there:,} rows are used, drawn at random.")
        return tuple(said)


def _ordered(summary: Summary) -> tuple[str, ...]:
    """The levels of a column: by number if all are numbers, else by letter."""
    levels = {*summary.levels, *summary.kept}
    try:
        return tuple(sorted(levels, key=lambda level: (float(level), level)))
    except ValueError:
        return tuple(sorted(levels))
