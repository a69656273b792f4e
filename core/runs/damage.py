"""Rows of the run database that cannot be read: left out, counted, and told to the log once."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Row, Select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import InstrumentedAttribute, Session

Made = TypeVar("Made")
# What comes of a status nobody knows, of JSON cut short, of a date that is none.
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, OverflowError)
_log = logging.getLogger(__name__)


class DamagedRows:
    """The rows of one table found damaged so far, by their keys.

    Without `tell` nothing is logged: somebody else will find them.
    """

    def __init__(self, *, tell: bool = True) -> None:
        self._tell = tell
        self._keys: set[str] = set()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._keys)

    def without(
        self,
        session: Session,
        query: Select[*tuple[Any, ...]],
        key: InstrumentedAttribute[str],
        make: Callable[[Row[*tuple[Any, ...]]], Made | None],
    ) -> tuple[Made, ...]:
        """What `make` makes of each row of `query` that can be read, in order, but for None.

        All rows are read at once; where that fails, one by one, by `key`.
        """
        try:
            made = [make(row) for row in session.execute(query)]
        except (*UNREADABLE, OperationalError) as error:
            _check_damage(error)
            keys = session.scalars(query.with_only_columns(key, maintain_column_froms=True)).all()
            made = [self._one(session, query.where(key == one), one, make) for one in keys]
        return tuple(one for one in made if one is not None)

    def add(self, key: str, error: Exception) -> None:
        """Note a row that could not be read."""
        with self._lock:
            is_new = key not in self._keys
            self._keys.add(key)
        if is_new and self._tell:
            _log.error("a row is damaged and left out: %s", error, extra={"run": key})

    def _one(
        self,
        session: Session,
        query: Select[*tuple[Any, ...]],
        key: str,
        make: Callable[[Row[*tuple[Any, ...]]], Made | None],
    ) -> Made | None:
        try:
            row = session.execute(query).first()
            return None if row is None else make(row)
        except (*UNREADABLE, OperationalError) as error:
            _check_damage(error)
            self.add(key, error)
            return None


def _check_damage(error: Exception) -> None:
    """Raise what comes of no row but of the database."""
    if isinstance(error, OperationalError) and "malformed JSON" not in str(error.orig):
        raise error
