"""What the reading process does: it answers one request with one reply."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from core.data.own import images, npz, parts, tables
from core.data.own.exchange import Reply, Request, too_much_memory
from core.data.own.facts import (
    ArraysChoices,
    Choices,
    Converted,
    ImageChoices,
    Kind,
    Look,
    TableChoices,
    TableReading,
)
from core.data.own.kinds import kind_of
from core.data.own.names import tidy
from core.data.own.work import MOST_NAMED, Outcome, Work
from core.errors import UnusableUpload


def answer(request: Request, scratch: Path) -> Reply:
    """Do what is asked; a file that cannot be used is a reply, too."""
    work = Work(
        request.path,
        request.name,
        request.folder,
        scratch,
        request.limits,
        _Progress(scratch / "progress").tell,
        request.seed,
    )
    try:
        kind = kind_of(work.path, work.name)
        _check_size(work)
        if request.choices is None:
            return Reply(look=_look(kind, work, request.reading))
        return Reply(converted=_converted(kind, request.choices, work))
    except UnusableUpload as error:
        return Reply(problem=str(error))
    except MemoryError:
        return Reply(problem=too_much_memory(request.name, request.limits))


def _check_size(work: Work) -> None:
    size, most = work.path.stat().st_size, work.limits.upload_bytes
    if size > most:
        raise UnusableUpload(
            f"{tidy(work.name)} has {size / 1e6:,.0f} MB, but at most {most / 1e6:,.0f} MB are "
            "allowed. Upload a smaller file, for example fewer rows or smaller images."
        )


def _look(kind: Kind, work: Work, reading: TableReading) -> Look:
    looks: dict[Kind, Callable[[Work], Look]] = {
        "table": partial(tables.look, reading=reading),
        "images": images.look,
        "arrays": npz.look,
    }
    return looks[kind](work)


def _converted(kind: Kind, choices: Choices, work: Work) -> Converted:
    outcome = _outcome(kind, choices, work)
    return Converted(
        facts=outcome.facts,
        warnings=outcome.warnings,
        skipped=outcome.skipped[:MOST_NAMED],
        skipped_count=outcome.skipped_count,
        size_bytes=parts.size_bytes(work.folder),
        key=parts.content_key(work.folder, outcome.facts),
    )


def _outcome(kind: Kind, choices: Choices, work: Work) -> Outcome:
    if kind == "arrays" and isinstance(choices, ArraysChoices):
        return npz.convert(work, choices)
    if kind == "table" and isinstance(choices, TableChoices):
        return tables.convert(work, choices)
    if kind == "images" and isinstance(choices, ImageChoices):
        return images.convert(work, choices)
    raise UnusableUpload(
        f"{tidy(work.name)} is not of the kind that was chosen for. Upload it again, then choose."
    )


class _Progress:
    """Shares from 0 to 1, written to a file whenever they have grown by a hundredth."""

    def __init__(self, path: Path) -> None:
        self._path, self._told = path, 0.0

    def tell(self, share: float) -> None:
        if share >= self._told + 0.01:
            self._told = share
            part = self._path.with_suffix(".part")
            part.write_text(f"{share:.2f}")
            part.replace(self._path)  # whoever looks sees a whole number
