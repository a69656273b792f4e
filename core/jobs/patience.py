"""Waits for a store that is away: work goes on when it is back."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from core.errors import StoreUnavailable

FIRST_S = 0.1
LONGEST_S = 5.0
Result = TypeVar("Result")
_log = logging.getLogger(__name__)


def patiently(
    action: Callable[[], Result],
    tell: Callable[[str], None] = lambda _: None,
    sleep: Callable[[float], None] = time.sleep,
) -> Result:
    """What `action` returns, tried until the store can be reached; `tell` is told why it waits."""
    pause_s = FIRST_S
    while True:
        try:
            return action()
        except StoreUnavailable as error:
            _log.warning("waiting for the store: %s", error)
            tell(str(error))
            sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_S)
