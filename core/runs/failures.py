"""What the database's driver raises, in words for people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from core.runs.database import shown
from core.runs.unavailable import unavailable

_ADVICE = {
    "sqlite": "Check that the folder exists, can be written and has free space. A damaged file can "
    "be replaced by a copy made before, or be moved away to begin with an empty one.",
    "postgresql": "Check that the database server runs, can be reached from here and has free "
    "space, and that EPOCHSCOPE_DATABASE_URL is right.",
}


@contextmanager
def readable_errors(location: URL) -> Iterator[None]:
    """Turn the driver's errors, except broken constraints, into `StoreUnavailable`."""
    try:
        yield
    except IntegrityError:
        raise
    except (DBAPIError, NoConnectionFree, OSError) as error:
        advice = _ADVICE[location.get_backend_name()]
        raise unavailable("The run database", error, shown(location), advice) from error
