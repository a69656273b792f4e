"""What there is one of in the whole web process, made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Once(Generic[T]):
    """A function that makes something at its first call, and answers with it ever after.

    `st.cache_resource` would do, but it empties for everybody when any browser asks Streamlit to
    clear its caches: with the training processes, everybody's training would end.
    """

    def __init__(self, make: Callable[[], T], close: Callable[[T], None] | None) -> None:
        self._make, self._close = make, close
        self._lock = RLock()
        self._made: list[T] = []

    def __call__(self) -> T:
        """What was made; an error is passed on, and the next call tries again."""
        with self._lock:
            if not self._made:
                self._made.append(self._make())
            return self._made[0]

    def end(self) -> None:
        """Close what was made, if anything was; the next call makes another."""
        with self._lock:
            made, self._made = self._made, []
            if self._close:
                for one in made:
                    self._close(one)


def once(close: Callable[[Any], None] | None = None) -> Callable[[Callable[[], T]], Once[T]]:
    """Have a function without arguments make its answer once; `close` is called with it at last."""
    return lambda make: Once(make, close)
