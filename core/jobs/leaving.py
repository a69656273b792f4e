"""What somebody asks of a run in a worker's hands, and how the worker then leaves it."""

from __future__ import annotations

from core.errors import StoreUnavailable
from core.records import Control
from core.runs import Lease


class LaidDown(Exception):
    """Leaves a run for a pause."""


class Cancelled(Exception):
    """Leaves a run that was stopped before its training began, or went on; the reason is said."""


class GivenUp(Exception):
    """Leaves off keeping the results of a run that was stopped, for the reason that is said."""


def asked(lease: Lease) -> Control:
    """What is asked of the run; nothing, as far as is known, while the store is away.

    Raises:
        LeaseLost: another worker has claimed the run, or it is over.
    """
    try:
        return lease.control()
    except StoreUnavailable:
        return Control.NONE
