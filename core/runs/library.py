"""`Library`: the runs as one visitor may see and change them."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping

from core.errors import NotYours, OwnDataStaysPrivate, Problem
from core.experiment import Experiment
from core.limits import queue_problem
from core.records import EpochRecord, RunRecord, clean_name
from core.runs import own_library
from core.runs.store import RunStore

_log = logging.getLogger(__name__)


class Library:
    """One visitor's way to the runs; pages have no other.

    A run of one's own may be read and changed. One of somebody else may be read, unless it is
    private: then there is no such run. One without an owner belongs to everybody. All methods
    raise `StoreUnavailable` as the store's do, and those that take a run's id `RunNotFound`.
    What is made or changed is logged, without its owner and its name.
    """

    def __init__(self, store: RunStore, visitor: str) -> None:
        if not visitor:
            raise ValueError("A visitor needs an id: without one, nothing is theirs.")
        self._store, self.visitor = store, visitor

    def get(self, run_id: str) -> RunRecord:
        """The run with this id."""
        return self._store.get(run_id, self.visitor)

    def some(self, run_ids: Iterable[str]) -> tuple[RunRecord, ...]:
        """The runs with these ids, in their order; those there are none of are left out."""
        return self._store.some(run_ids, self.visitor)

    def recent(self, limit: int = 50) -> tuple[RunRecord, ...]:
        """The newest runs, newest first: the visitor's own before those of others."""
        return self._store.recent(limit, self.visitor)

    @property
    def damaged(self) -> int:
        """How many runs, of all visitors, lists leave out since their rows cannot be read."""
        return self._store.damaged

    def going(self, limit: int = 50) -> tuple[RunRecord, ...]:
        """The newest runs that have not ended and that the visitor may change, newest first."""
        return self._store.going(self.visitor, limit)

    def epochs(self, run_id: str, after: int = -1) -> tuple[EpochRecord, ...]:
        """The run's committed epochs numbered above `after`, in order."""
        return self._store.epochs(self.get(run_id).id, after)

    def queue_problem(self, most: int | None) -> Problem | None:
        """Why the visitor, of whose runs at most so many may wait or train, can start no other."""
        return None if most is None else queue_problem(most, self._store.active(self.visitor))

    def create(
        self,
        experiment: Experiment,
        *,
        private: bool = False,
        expected: Mapping[str, float] | None = None,
        most: int | None = None,
    ) -> RunRecord:
        """Add a queued run of the visitor's own; on their own data, it is private.

        Raises:
            DatasetUnavailable: it is to train on own data that are not this visitor's.
            LimitExceeded: `most` of the visitor's runs wait or train already.
        """
        private = own_library.claim(self._store, self.visitor, experiment) or private
        run = self._store.create(
            experiment, owner=self.visitor, private=private, expected=expected, most=most
        )
        _log.info("made", extra={"run": run.id})
        return run

    def continue_from(
        self,
        run_id: str,
        experiment: Experiment,
        *,
        private: bool = False,
        expected: Mapping[str, float] | None = None,
        most: int | None = None,
    ) -> RunRecord:
        """Add a run of the visitor's own that goes on where another ended.

        What goes on from a private run is private too.

        Raises:
            DatasetUnavailable: it is to train on own data that are not this visitor's.
            LimitExceeded: `most` of the visitor's runs wait or train already.
        """
        parent = self.get(run_id)
        own = own_library.claim(self._store, self.visitor, experiment)
        hidden = private or parent.private or own
        run = self._store.continue_from(
            parent.id,
            experiment,
            owner=self.visitor,
            private=hidden,
            expected=expected,
            most=most,
        )
        _log.info("made, to go on from %s", parent.id, extra={"run": run.id})
        return run

    def is_own(self, run: RunRecord) -> bool:
        """Whether the visitor started the run."""
        return run.owner == self.visitor

    def may_change(self, run: RunRecord) -> bool:
        """Whether the visitor may stop or rename the run."""
        return run.owner in ("", self.visitor)

    def to_change(self, run_id: str) -> RunRecord:
        """The run with this id, for whatever is to be done to it.

        Raises:
            NotYours: somebody else started it.
        """
        run = self.get(run_id)
        if not self.may_change(run):
            raise NotYours(run_id)
        return run

    def rename(self, run_id: str, name: str) -> None:
        """Give the run a name; an empty one brings its title back.

        Raises:
            NotYours: somebody else started it.
        """
        run = self.to_change(run_id)
        self._store.label(run.id, clean_name(name), run.private)
        _log.info("renamed", extra={"run": run.id})

    def set_private(self, run_id: str, private: bool) -> None:
        """Hide the run from others, or show it to them.

        Raises:
            NotYours: somebody else started it, or nobody owns it: it would be hidden from all.
            OwnDataStaysPrivate: it trained on own data, whose samples its pages show.
        """
        run = self.to_change(run_id)
        if not self.is_own(run):
            raise NotYours(run_id)
        if run.experiment.data.own and not private:
            raise OwnDataStaysPrivate
        self._store.label(run.id, run.name, private)
        _log.info("made private" if private else "made public", extra={"run": run.id})
