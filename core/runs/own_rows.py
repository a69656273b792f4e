"""Who has brought which data along: rows of the run database."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import ValidationError
from sqlalchemy import ColumnElement, Row, and_, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.experiment import OwnData
from core.runs.damage import DamagedRows
from core.runs.schema import OwnDataRow, now


@dataclass(frozen=True)
class OwnSet:
    """A dataset a visitor has brought: its facts, the bytes it takes, when it was last used."""

    facts: OwnData
    size_bytes: int
    used_at: datetime


class OwnRows(ABC):
    """The part of the store that knows whose data there are. Their arrays are elsewhere."""

    _damaged_sets: DamagedRows

    def own_sets(self, owner: str) -> tuple[OwnSet, ...]:
        """The sets of `owner`, oldest first, without those an older version cannot have meant."""
        query = select(OwnDataRow).where(OwnDataRow.owner == owner).order_by(OwnDataRow.added_at)
        with self._session() as session:
            return self._damaged_sets.without(session, query, OwnDataRow.key, _set)

    def add_own(self, owner: str, facts: OwnData, size_bytes: int) -> None:
        """Note that `owner` has brought these data; if they had, under this title from now on."""
        moment = now()
        row = OwnDataRow(
            owner=owner,
            key=facts.key,
            facts=facts.model_dump(mode="json"),
            size_bytes=size_bytes,
            added_at=moment,
            used_at=moment,
        )
        with self._session() as session:
            earlier = session.get(OwnDataRow, (owner, facts.key))
            row.added_at = earlier.added_at if earlier else moment
            session.merge(row)
            # Of two that add the same at once, the later finds it there: it says the same.
            with suppress(IntegrityError):
                session.commit()

    def use_own(self, owner: str, key: str) -> bool:
        """Note that `owner` trains on these data now; False if they do not have them."""
        query = update(OwnDataRow).where(_is(owner, key)).values(used_at=now())
        with self._session() as session:
            changed = session.execute(query)
            session.commit()
            return bool(changed.rowcount)  # type: ignore[attr-defined]

    def forget_own(self, owner: str, key: str) -> bool:
        """Forget that `owner` has these data; whether nobody has them any more."""
        with self._session() as session:
            session.execute(delete(OwnDataRow).where(_is(owner, key)))
            left = session.scalar(
                select(func.count()).select_from(OwnDataRow).where(OwnDataRow.key == key)
            )
            session.commit()
            return not left

    def unused_own(self, days: float) -> tuple[tuple[str, str], ...]:
        """Owner and key of each set nobody has trained on for so many days."""
        limit = now() - timedelta(days=days)
        query = select(OwnDataRow.owner, OwnDataRow.key).where(OwnDataRow.used_at < limit)
        with self._session() as session:
            return tuple((owner, key) for owner, key in session.execute(query))

    def own_bytes(self) -> int:
        """The bytes of all sets of all visitors; one that several have counts once."""
        once = select(func.max(OwnDataRow.size_bytes).label("size_bytes")).group_by(OwnDataRow.key)
        with self._session() as session:
            return int(session.scalar(select(func.sum(once.subquery().c.size_bytes))) or 0)

    def own_keys(self) -> frozenset[str]:
        """The keys of all sets, of all visitors."""
        with self._session() as session:
            return frozenset(session.scalars(select(OwnDataRow.key).distinct()))

    @abstractmethod
    def _session(self) -> AbstractContextManager[Session]:
        """A session of the database."""


def _is(owner: str, key: str) -> ColumnElement[bool]:
    return and_(OwnDataRow.owner == owner, OwnDataRow.key == key)


def _set(found: Row[*tuple[Any, ...]]) -> OwnSet | None:
    row: OwnDataRow = found[0]
    try:
        facts = OwnData.model_validate(row.facts)
    except ValidationError:
        return None
    return OwnSet(facts, row.size_bytes, row.used_at.replace(tzinfo=UTC))
