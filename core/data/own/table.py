"""A visitor's table: a look at its columns, and their conversion into features and a target."""

from __future__ import annotations

from collections.abc import Sequence

from core.data.own import parts, sources, targets
from core.data.own.columns import Summary, is_whole
from core.data.own.encoding import Encoding
from core.data.own.facts import Column, OwnFacts, TableChoices, TableLook
from core.data.own.limits import FEWEST_SAMPLES
from core.data.own.names import listed, tidy
from core.data.own.parts import Part
from core.data.own.rows import Rows
from core.data.own.work import Outcome, Work
from core.errors import UnusableUpload
from core.experiment.card import Task

_LIKELY_TARGETS = ("target", "label", "class", "y", "species", "outcome", "quality", "price")


def look(work: Work) -> TableLook:
    """The columns of the file, and what is probably to be predicted.

    Raises:
        UnusableUpload: it cannot be used.
    """
    table = sources.opened(work.path, work.name, work.limits)
    found = _summaries(table, table.names, work, 1.0)
    columns = tuple(summary.column() for summary in found.values())
    if sum(column.is_usable for column in columns) < 2:
        raise UnusableUpload(
            f"{tidy(work.name)} has fewer than two columns to learn from: "
            f"{listed(f'{column.name} ({column.kind})' for column in columns)}. Bring columns of "
            "numbers, dates or categories that vary."
        )
    target = _likely_target(columns)
    counting = [name for name, summary in found.items() if summary.counts_rows]
    said = [f"Counts the rows, so leave it out of the features: {listed(counting)}."]
    return TableLook(
        rows=next(iter(found.values())).rows,
        columns=columns,
        target=target,
        task=_likely_task(found[target]),
        warnings=(*table.warnings, *(said if counting else ())),
    )


def convert(work: Work, choices: TableChoices) -> Outcome:
    """Write the arrays of the columns chosen.

    Raises:
        UnusableUpload: it cannot be used.
    """
    table = sources.opened(work.path, work.name, work.limits)
    _check_choices(table.names, choices)
    wanted = (*choices.features, choices.target)
    found = _summaries(table, wanted, work, 0.4)
    usable = tuple(name for name in choices.features if found[name].column().is_usable)
    _check_usable(usable, found, choices)
    samples = Rows(table, found, usable, choices, work).read()
    x, target = samples.x, samples.target
    train, test = parts.divided(target.values, work.seed)
    encoding = Encoding(x, target.kept[train], samples.features)
    _check_width(len(encoding.names), work)
    parts.write(
        work.folder,
        Part(x, target.kept[train], target.values[train]),
        Part(x, target.kept[test], target.values[test]),
        encoding,
        lambda share: work.progress(0.8 + 0.2 * share),
    )
    facts = OwnFacts(
        choices.task,
        (len(encoding.names),),
        target.classes,
        encoding.names,
        None,
        len(train),
        len(test),
    )
    dropped = [found[name].column() for name in choices.features if name not in usable]
    said = (
        *table.warnings,
        *_dropped(dropped),
        *samples.warnings,
        *encoding.warnings(),
        *target.warnings,
    )
    return Outcome(facts, said)


def _summaries(
    table: sources.Table, names: Sequence[str], work: Work, share: float
) -> dict[str, Summary]:
    found = {name: Summary(name, table.comma) for name in names}
    for arrays, read in table.portions(tuple(names)):
        for name, array in arrays.items():
            found[name].add(array)
        work.progress(share * read)
    rows = next(iter(found.values())).rows
    if rows < FEWEST_SAMPLES:
        raise UnusableUpload(
            f"{tidy(work.name)} has {rows:,} rows, but at least {FEWEST_SAMPLES} are needed. "
            "Bring more."
        )
    return found


def _likely_target(columns: Sequence[Column]) -> str:
    usable = [column.name for column in columns if column.is_usable]
    for wanted in _LIKELY_TARGETS:
        for name in usable:
            if name.lower() == wanted:
                return name
    return usable[-1]


def _likely_task(target: Summary) -> Task:
    if target.kind() == "category":
        return "classification"
    whole = not target.many and all(is_whole(level) for level in target.levels)
    few = len(target.levels) <= targets.LIKELY_CLASSES
    return "classification" if whole and few else "regression"


def _check_choices(names: Sequence[str], choices: TableChoices) -> None:
    unknown = {choices.target, *choices.features}.difference(names)
    if unknown:
        raise UnusableUpload(
            f"The table has no column {listed(map(tidy, sorted(unknown)))}. Choose of those it has."
        )
    if choices.target in choices.features:
        raise UnusableUpload(
            f"{choices.target} is both the target and a feature: the answer would be given away. "
            "Remove it from the features."
        )
    if not choices.features or len(set(choices.features)) < len(choices.features):
        raise UnusableUpload("Features: choose one or more columns, each of them once.")


def _check_usable(usable: Sequence[str], found: dict[str, Summary], choices: TableChoices) -> None:
    if not usable:
        columns = (found[name].column() for name in choices.features)
        raise UnusableUpload(
            "Features: nothing can be learnt from any column chosen: "
            f"{listed(f'{column.name} ({column.kind})' for column in columns)}. Choose columns of "
            "numbers, dates or categories that vary."
        )


def _check_width(width: int, work: Work) -> None:
    if width > work.limits.features:
        raise UnusableUpload(
            f"{tidy(work.name)}: the columns chosen make {width:,} features, as each category is "
            f"one; at most {work.limits.features:,} are allowed. Choose fewer columns."
        )
    if not width:
        raise UnusableUpload(
            f"{tidy(work.name)}: all columns chosen have the same value in every training sample, "
            "so there is nothing to learn from. Choose others."
        )


def _dropped(columns: Sequence[Column]) -> list[str]:
    constant = [column.name for column in columns if column.kind == "constant"]
    texts = [column.name for column in columns if column.kind == "text"]
    said = []
    if constant:
        said.append(f"Left out, as they have one value or none: {listed(constant)}.")
    if texts:
        said.append(f"Left out, as nearly every row has a text of its own: {listed(texts)}.")
    return said
