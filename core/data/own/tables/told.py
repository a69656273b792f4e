"""What is told of a table's columns: what was left out, and what was read as something else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyarrow as pa

from core.data.own.facts import Column
from core.data.own.names import counted, listed, tidy
from core.data.own.tables.columns import Summary

_MOST_COLUMNS = 12


def of_columns(
    found: Mapping[str, Summary], columns: Sequence[Column], target: str, are_pixels: bool = False
) -> Iterator[str]:
    """What there is to know before anything is chosen."""
    features = [one for one in columns if one.name != target]
    for column in [one for one in features if one.left_out][:_MOST_COLUMNS]:
        yield (
            f"{column.name} is left out, as {column.left_out}: a network could know the rows by "
            "it. Take it out of the columns to leave out to learn from it."
        )
    if are_pixels:
        return
    only = [found[one.name] for one in features if one.kind == "text"]
    yield from dropped(only)
    yield from read([found[one.name] for one in columns if one.kind != "text"])


def not_chosen(names: Iterable[str]) -> Iterator[str]:
    """Which columns a set does not have, as they were left out before it was made."""
    if shown := listed(names, _MOST_COLUMNS):
        yield f"Not learnt from: {shown}."


def dropped(summaries: Sequence[Summary]) -> Iterator[str]:
    """Which columns are left out, and the cells that are the reason."""
    constant = [one.name for one in summaries if one.kind() == "constant"]
    if constant:
        yield f"Left out, as they have one value or none: {listed(constant)}."
    texts = [one for one in summaries if one.kind() == "text"]
    for one in texts[:_MOST_COLUMNS]:
        share = one.numbers / max(1, one.present)
        cells = _quoted(one.examples())
        if not share:
            reason = f"nearly every row has a text of its own, as {cells}"
            keep = "Keep it as categories"
        else:
            others = max(0, one.present - one.numbers)
            reason = f"{counted(others, 'value')} of {one.present:,} are no numbers, as {cells}"
            keep = "Keep it as numbers, these then count as missing, or as categories"
        yield f"{one.name} is left out: {reason}. {keep} if something can be learnt from it."
    if len(texts) > _MOST_COLUMNS:
        rest = listed(one.name for one in texts[_MOST_COLUMNS:])
        yield f"Left out, as they hold texts: {rest}."


def read(summaries: Sequence[Summary]) -> Iterator[str]:
    """What in the columns used was read as something else than what is written."""
    numbers = [one for one in summaries if one.kind() == "number"]
    yield from _missing([one for one in summaries if one.kind() != "constant"])
    written = [one for one in numbers if one.written]
    if written:
        shown = listed(f"{one.name} (“{tidy(one.written)}” is {_value(one):g})" for one in written)
        yield f"Read as numbers: {shown}."
    yield from _dates([one for one in summaries if one.kind() in ("date", "time")])


def _missing(summaries: Sequence[Summary]) -> Iterator[str]:
    words = [(one, _words(one)) for one in summaries]
    shown = [f"{one.name} ({found})" for one, found in words if found]
    if shown:
        yield f"Cells that count as missing: {listed(shown, _MOST_COLUMNS)}."


def _words(summary: Summary) -> str:
    """The words that stand for missing values, and how many these are."""
    found = [(word, count) for word, count in summary.words.items() if word not in summary.kept]
    if summary.kind() == "number":
        found += summary.texts.items()
    found.sort(key=lambda one: (-one[1], one[0]))
    if not found:
        return ""
    cells = listed((f"“{tidy(word)}”" for word, _ in found), 3)
    return f"{counted(sum(count for _, count in found), 'cell')}: {cells}"


def _dates(summaries: Sequence[Summary]) -> Iterator[str]:
    dates = [one for one in summaries if one.kind() == "date"]
    times = [one for one in summaries if one.kind() == "time"]
    if dates:
        yield f"Read as dates, in days since 1970: {listed(one.name for one in dates)}."
    if times:
        yield f"Read as times of day, in hours: {listed(one.name for one in times)}."
    for one in dates:
        if one.formats.is_ambiguous():
            form = one.formats.best(one.wishes.day_first)[0] or ""
            first = "day" if form.startswith("%d") else "month"
            example = next(iter(one.examples()), "")
            yield (
                f"{one.name}: in dates as “{tidy(example)}” the {first} is taken to come first, "
                "which nothing in the file tells. Choose the other order if it is wrong."
            )


def _quoted(texts: Sequence[str]) -> str:
    return ", ".join(f"“{tidy(text)}”" for text in texts)


def _value(summary: Summary) -> float:
    return float(summary.values(pa.array([summary.written]))[0])
