"""What a table is probably for: which column to predict, as classes or numbers, and from which."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.data.own import targets
from core.data.own.facts import Column
from core.data.own.limits import FEWEST_SAMPLES
from core.data.own.tables.columns import Summary, is_whole
from core.experiment.card import Task

# By how surely a column of this name is what is to be predicted.
_NAMES = (
    r"target|label|labels|class|classes|y|outcome|result|ground_?truth|정답|결과|标签|ラベル|目的変数",
    r"species|diagnosis|survived|quality|price|saleprice|medv|churn|default|fraud|spam|sentiment|"
    r"income|category|type|grade|rating|score|charges|stroke|disease|approved|purchased|exited",
    r".*[_\s.\-](?:target|label|class|outcome)|(?:target|label|class|outcome)[_\s.\-].*",
    r".*(?:price|type|category|quality|species|status)",
)
_IN_CLASSES = 0.9  # of the rows, so many must be in classes with enough of them
_TEXT_LABELS, _WHOLE_LABELS = 4, 3


def columns(found: Mapping[str, Summary], has_names: bool) -> tuple[Column, ...]:
    """The columns for people, each with what suggests itself."""
    described = [
        replace(
            summary.column(),
            task=task(summary),
            left_out=summary.counting.reason(name, not index and not has_names),
        )
        for index, (name, summary) in enumerate(found.items())
    ]
    return tuple(described)


def target(described: Sequence[Column], found: Mapping[str, Summary], has_names: bool) -> str:
    """The column that is probably to be predicted."""
    likely = [one for one in described if one.is_usable and not one.left_out]
    possible = [one for one in likely if _is_possible(one, found[one.name])]
    likely = possible or likely
    likely = [one for one in likely if one.kind not in ("date", "time")] or likely
    if not likely:
        likely = [one for one in described if one.kind != "constant"] or list(described)
    for pattern in _NAMES:
        for one in reversed(likely):
            if re.fullmatch(pattern, one.name.strip(), re.IGNORECASE):
                return one.name
    if has_names:
        return likely[-1].name
    first, last = likely[0], likely[-1]
    return max((last, first), key=lambda one: _like_labels(one, found)).name


def task(summary: Summary) -> Task:
    """Whether a column, if it is predicted, is rather one of classes or of numbers."""
    column = summary.column()
    if column.kind in ("date", "time"):
        return "regression"
    if column.kind != "number":
        return "classification" if column.kind != "constant" else "regression"
    whole = not summary.many and all(is_whole(level) for level in summary.levels)
    few = len(summary.levels) <= targets.LIKELY_CLASSES
    enough = column.classes >= 2 and column.in_classes >= _IN_CLASSES
    return "classification" if whole and few and enough else "regression"


def kept_features(described: Sequence[Column], wanted: str) -> tuple[Column, ...]:
    """The columns with none left out if nothing else were there to predict `wanted` from."""
    others = [one for one in described if one.name != wanted and one.is_usable]
    if all(one.left_out for one in others):
        return tuple(replace(one, left_out="") for one in described)
    return tuple(described)


def _is_possible(column: Column, summary: Summary) -> bool:
    """Whether enough rows have a value, and of categories enough have the same."""
    return summary.present >= FEWEST_SAMPLES and (column.kind != "category" or column.classes >= 2)


def _like_labels(column: Column, found: Mapping[str, Summary]) -> tuple[float, ...]:
    """How much a column is like labels: of few kinds, unlike the others', all of them frequent."""
    levels = found[column.name].levels
    if column.kind == "category":
        others = [one.levels for name, one in found.items() if name != column.name]
        shared = any(set(levels) == set(other) for other in others)
        return _TEXT_LABELS, not shared, len(levels) == 2
    if column.task == "classification":
        most = max(levels.values(), default=0) / max(1, found[column.name].present)
        return _WHOLE_LABELS, -most
    return (0,)
