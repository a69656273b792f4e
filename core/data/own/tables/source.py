"""What every table of a stranger is read as: columns by name, a portion of rows at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa

from core.data.own.facts import TableFound
from core.data.own.names import tidy
from core.errors import UnusableUpload

# What pyarrow raises where a file is broken, besides its own errors.
BROKEN = (pa.ArrowException, OSError, ValueError, OverflowError, KeyError, IndexError)
MOST_ROWS = 10_000_000


class Table:
    """The columns of a file by tidy names, and its rows in portions."""

    names: tuple[str, ...]
    warnings: list[str]
    found: TableFound
    comma: bool = False  # whether a comma is rather a decimal one, where it might be either

    def portions(self, columns: Sequence[str]) -> Iterator[tuple[dict[str, pa.Array], float]]:
        """These columns of some rows at a time, and the share of the file that is read then.

        Raises:
            UnusableUpload: the file is damaged.
        """
        raise NotImplementedError


def damaged(name: str, error: Exception) -> UnusableUpload:
    """What to say of a table that cannot be read."""
    if isinstance(error, MemoryError):  # pyarrow's is of both kinds
        raise error
    reason = str(error).split("\n")[0]
    return UnusableUpload(
        f"{tidy(name)} cannot be read as a table: {tidy(reason, 'it is damaged')}. Save it again "
        "with the program it comes from, as CSV in UTF-8 or as Parquet."
    )


def check_rows(rows: int, name: str) -> None:
    """Refuse more rows than are read.

    Raises:
        UnusableUpload: there are more.
    """
    if rows > MOST_ROWS:
        raise UnusableUpload(
            f"{tidy(name)} has more than {MOST_ROWS:,} rows, the most that are read. Save a part "
            "of them, drawn at random."
        )
