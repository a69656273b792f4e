"""What was measured, as rows of a table for the terminal or for Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

COLUMNS = ("What", "Measured", "Aim", "Met", "How")
_WIDTHS = (34, 30, 12, 3, 48)
_GAP = "  "


@dataclass(frozen=True)
class Row:
    """One measurement. `met` is None where there is no aim, or nothing was measured."""

    what: str
    measured: str
    aim: str = "–"
    met: bool | None = None
    how: str = ""
    failed: bool = False

    @property
    def cells(self) -> tuple[str, ...]:
        """The row's texts, in the order of `COLUMNS`."""
        verdict = "–" if self.met is None else "yes" if self.met else "no"
        return (self.what, self.measured, self.aim, verdict, self.how)


def not_measured(what: str, error: Exception) -> Row:
    """The row of a measurement that could not be made."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    reason = f"{type(error).__name__}: {lines[0] if lines else 'no reason given'}"
    return Row(what, "could not be measured", how=reason, failed=True)


def text(rows: Sequence[Row]) -> str:
    """The table for a terminal, long texts wrapped in their columns."""
    lines = [_line(COLUMNS), _line(["─" * width for width in _WIDTHS])]
    for row in rows:
        columns = [
            textwrap.wrap(cell, width) for cell, width in zip(row.cells, _WIDTHS, strict=True)
        ]
        for number in range(max(map(len, columns))):
            lines.append(
                _line([column[number] if number < len(column) else "" for column in columns])
            )
    return "\n".join(lines)


def markdown(rows: Sequence[Row]) -> str:
    """The table in Markdown, for the README to quote."""
    lines = [COLUMNS, ("---",) * len(COLUMNS), *(row.cells for row in rows)]
    return "\n".join(f"| {' | '.join(cell.replace('|', '∣') for cell in line)} |" for line in lines)


def _line(cells: Sequence[str]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, _WIDTHS, strict=True))
    return _GAP.join(padded).rstrip()
