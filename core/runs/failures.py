"""What the database's driver raises, in words for people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from core.errors import StoreUnavailable
from core.runs.database import shown

_REMEDIES = {
    "sqlite": "Check that the folder exists, can be written and has free space",
    "postgresql": "Check that the database server runs, can be reached from here and has free "
    "space, and that EPOCHSCOPE_DATABASE_URL is right",
}


@contextmanager
def readable_errors(location: URL) -> Iterator[None]:
    """Turn the driver's errors, except broken constraints, into `StoreUnavailable`."""
    try:
        yield
    except IntegrityError:
        raise
    except (DBAPIError, NoConnectionFree, OSError) as error:
        cause = " ".join(str(getattr(error, "orig", None) or error).split()).rstrip(".")
        remedy = _REMEDIES[location.get_backend_name()]
        raise StoreUnavailable(
            f"The run database {shown(location)} cannot be used: {cause}. {remedy}, then try again."
        ) from error
