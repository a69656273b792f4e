"""What runs are called where several are to choose from: by what differs among them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from core.experiment.differences import differences
from core.records import RunRecord
from core.ui import clocks


def names(runs: Sequence[RunRecord]) -> dict[str, str]:
    """A name for each run by its id, no two the same.

    Where several have the same name or the same settings, the time of day tells them apart.
    """
    found = plain_names(runs)
    often = Counter(found.values())
    return numbered(
        {
            run.id: f"{found[run.id]} · {clocks.time_of(run.created_at)}"
            if often[found[run.id]] > 1
            else found[run.id]
            for run in runs
        }
    )


def plain_names(runs: Sequence[RunRecord]) -> dict[str, str]:
    """The names people gave their runs, or the settings that differ, by id; some may repeat."""
    found = differences([run.experiment for run in runs]).names
    return {
        run.id: run.name or name or run.experiment.title
        for run, name in zip(runs, found, strict=True)
    }


def numbered(titles: dict[str, str]) -> dict[str, str]:
    """Titles by run id; one that was there before gets a number, as files do."""
    seen: set[str] = set()
    found = {}
    for run_id, plain in titles.items():
        title, number = plain, 1
        while title in seen:
            number += 1
            title = f"{plain} ({number})"
        seen.add(title)
        found[run_id] = title
    return found
