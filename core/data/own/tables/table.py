"""A visitor's table: a look at its columns, and their conversion into features and a target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.data.own import parts
from core.data.own.facts import OwnFacts, TableChoices, TableLook, TableReading
from core.data.own.limits import FEWEST_SAMPLES
from core.data.own.names import listed, tidy
from core.data.own.npz.pixels import Pixels
from core.data.own.parts import Part
from core.data.own.tables import cells, images, sources, suggestions, told
from core.data.own.tables.columns import Summary, Use, Wishes
from core.data.own.tables.encoding import Encoding
from core.data.own.tables.rows import Rows
from core.data.own.tables.source import Table
from core.data.own.work import Outcome, Work
from core.errors import UnusableUpload

_SHOWN_ROWS, _SHOWN_COLUMNS = 5, 30
# The shape of a sample, the names of features, and the range of pixels.
_Described = tuple[tuple[int, ...], tuple[str, ...], tuple[float, float] | None]


def look(work: Work, reading: TableReading) -> TableLook:
    """The columns of the file, and what is probably to be predicted.

    Raises:
        UnusableUpload: it cannot be used.
    """
    table = sources.opened(work, reading)
    found = _summaries(table, table.names, work, 1.0, reading)
    columns = suggestions.columns(found, table.found.has_names)
    if sum(column.kind != "constant" for column in columns) < 2:
        raise UnusableUpload(
            f"{tidy(work.name)} has fewer than two columns to learn from: "
            f"{listed(f'{column.name} ({column.kind})' for column in columns)}. Bring columns of "
            "numbers, dates or categories that vary."
        )
    target = suggestions.target(columns, found, table.found.has_names)
    columns = suggestions.kept_features(columns, target)
    shape, is_sure = images.suggested(table, found, columns, target)
    return TableLook(
        rows=next(iter(found.values())).rows,
        columns=columns,
        target=target,
        task=next(column.task for column in columns if column.name == target),
        warnings=(*table.warnings, *told.of_columns(found, columns, target, bool(shape))),
        image_shape=shape,
        are_images=is_sure,
        found=replace(table.found, first=_first_rows(table)),
        ambiguous_dates=tuple(
            name
            for name, summary in found.items()
            if summary.kind() == "date" and summary.formats.is_ambiguous()
        ),
    )


def convert(work: Work, choices: TableChoices) -> Outcome:
    """Write the arrays of the columns chosen.

    Raises:
        UnusableUpload: it cannot be used.
    """
    table = sources.opened(work, choices.reading)
    _check_choices(table.names, choices)
    wanted = (*choices.features, choices.target)
    found = _summaries(table, wanted, work, 0.4, choices)
    shape = choices.image_shape
    usable = tuple(name for name in choices.features if shape or found[name].column().is_usable)
    _check_usable(usable, found, choices)
    samples = Rows(table, found, usable, choices, work).read()
    x, target = samples.x, samples.target
    train, test = parts.divided(target.values, work.seed)
    encode: Encoding | Pixels
    described: _Described
    if shape:
        x, encode = images.encoded(x, shape, usable, work)
        described = (encode.shape, (), encode.value_range)
    else:
        encode = Encoding(x, target.kept[train], samples.features)
        _check_width(len(encode.names), work)
        described = ((len(encode.names),), encode.names, None)
    parts.write(
        work.folder,
        Part(x, target.kept[train], target.values[train]),
        Part(x, target.kept[test], target.values[test]),
        encode.encode,
        lambda share: work.progress(0.8 + 0.2 * share),
    )
    form, names, value_range = described
    facts = OwnFacts(choices.task, form, target.classes, names, value_range, len(train), len(test))
    said = (
        *table.warnings,
        *told.not_chosen(name for name in table.names if name not in wanted),
        *told.dropped([found[name] for name in choices.features if name not in usable]),
        *told.read([found[name] for name in (*usable, choices.target)]),
        *samples.warnings,
        *encode.warnings,
        *target.warnings,
    )
    return Outcome(facts, said)


def _summaries(
    table: Table,
    names: Sequence[str],
    work: Work,
    share: float,
    choices: TableChoices | TableReading,
) -> dict[str, Summary]:
    """What each column holds; `share` of the work is done then."""
    reading = choices.reading if isinstance(choices, TableChoices) else choices
    wishes = Wishes(table.comma, reading.day_first)
    found = {name: Summary(name, wishes, _use(name, choices)) for name in names}
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


def _use(name: str, choices: TableChoices | TableReading) -> Use | None:
    if isinstance(choices, TableReading):
        return None
    if name in choices.categories and name != choices.target:
        return "category"
    return "number" if name in choices.numbers else None


def _first_rows(table: Table) -> tuple[tuple[str, ...], ...]:
    """The texts of the first rows of the first columns."""
    names = table.names[:_SHOWN_COLUMNS]
    arrays, _ = next(iter(table.portions(names)), ({}, 0.0))
    columns = [
        cells.as_written(array.slice(0, _SHOWN_ROWS)).to_pylist() for array in arrays.values()
    ]
    return tuple(tuple(tidy(text or "", "") for text in row) for row in zip(*columns, strict=True))


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
