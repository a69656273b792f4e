"""Names out of a stranger's file: short, printable, and each different from the others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 60
# Control characters, and marks without a width: they reverse or hide the text around them.
_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn"}


def tidy(name: str, instead: str = "?") -> str:
    """One line of at most 60 printable characters; `instead` where nothing is left.

    Nothing else is changed: whoever shows a name must show it as plain text.
    """
    spaced = re.sub(r"\s+", " ", name[: 20 * LONGEST])
    text = "".join(c for c in spaced if unicodedata.category(c) not in _INVISIBLE).strip()
    shown = text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
    return shown or instead


def distinct(names: Iterable[str], instead: str = "column {}") -> tuple[str, ...]:
    """The names made tidy; those that are the same then are numbered, those empty are filled in."""
    taken: dict[str, int] = {}
    found = []
    for index, name in enumerate(names, start=1):
        base = tidy(name, instead.format(index))
        unique, number = base, taken.get(base, 1)
        while unique in taken:
            number += 1
            end = f" ({number})"
            unique = base[: LONGEST - len(end)] + end
        taken[base] = number
        taken.setdefault(unique, 1)
        found.append(unique)
    return tuple(found)


def counted(count: int, noun: str) -> str:
    """A number with its noun: `1 file`, `1,200 files`."""
    return f"{count:,} {noun}{'s' * (count != 1)}"


def listed(names: Iterable[str], most: int = 5) -> str:
    """The first of some names for a sentence: `a, b, c and 7 others`."""
    every = list(names)
    shown = ", ".join(every[:most])
    rest = len(every) - most
    return f"{shown} and {rest:,} {'other' if rest == 1 else 'others'}" if rest > 0 else shown
