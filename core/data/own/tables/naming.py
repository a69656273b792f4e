"""Whether the first line of a table holds the names of its columns, and what they are."""

from __future__ import annotations

from collections.abc import Sequence


def completed(first: Sequence[str], below: Sequence[Sequence[str]]) -> list[str]:
    """The names as many as there are values in each line `below`.

    Some programs end each line but the first with a separator, or the first alone; R gives no name
    to its row names.
    """
    width = len(below[0]) if below else len(first)
    names = list(first)
    if len(names) == width + 1:
        return names[:-1] if not names[-1].strip() else names
    if len(names) == width - 1:
        return [*names, ""] if not any(row[-1].strip() for row in below) else ["", *names]
    return names


def holds(first: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether the first line holds names, unlike those below: no fractions, no text twice."""
    rest = [row for row in below if len(row) == len(first)]
    if not rest:
        return True
    given = [value for value in first if value.strip()]
    if all(map(is_number, given)):
        return _are_years(given) and not any(is_number(value) for value in rest[0][:1])
    columns = list(zip(first, zip(*rest, strict=True), strict=True))
    if any(map(is_number, given)):
        alike = all(
            all(map(is_number, filter(str.strip, below)))
            for value, below in columns
            if is_number(value)
        )
        fractions = any(is_number(value) and not value.strip().isdigit() for value in given)
        again = any(value in below for value, below in columns if not is_number(value))
        texts = [value in below for value, below in columns if value and not is_number(value)]
        return not (alike and (fractions or again)) and not (len(texts) > 1 and all(texts))
    # All are texts: those of a line like all others stand below again, in most columns.
    repeated = [value.strip() in map(str.strip, below) for value, below in columns if value.strip()]
    return sum(repeated) * 2 < len(repeated)


def is_number(value: str) -> bool:
    """Whether a text is a number, with a decimal point or comma."""
    try:
        float(value.strip().replace(",", "."))
    except ValueError:
        return False
    return True


def _are_years(values: Sequence[str]) -> bool:
    return all(value.strip().isdigit() and 1800 <= int(value) <= 2200 for value in values)
