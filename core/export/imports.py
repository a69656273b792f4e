"""The import lines of a script, in order."""

from __future__ import annotations

from collections.abc import Iterable

_OF_PYTHON = ("math", "pathlib")


def import_block(lines: Iterable[str]) -> list[str]:
    """`lines` once each: those of Python's own modules, then the others, by the module's name."""
    by_module = sorted(set(lines), key=lambda line: line.split()[1])
    own = [line for line in by_module if line.split()[1] in _OF_PYTHON]
    others = [line for line in by_module if line not in own]
    return [*own, "", *others] if own else others
