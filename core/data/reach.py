"""Whether the servers of published sets can be reached: asked in the background, told at once."""

from __future__ import annotations

import socket
import time
from threading import Lock, Thread
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from core.data.published import ORIGIN
from core.data.registry import PUBLISHED

PATIENCE_S = 1.0
REMEMBERED_S = 60.0
_PORTS = {"http": 80, "https": 443}


class Reach:
    """Remembers for a minute which servers answer, and asks again in a thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._answers: dict[str, tuple[bool, float]] = {}
        self._asked: dict[str, float] = {}

    def reachable(self, url: str) -> bool | None:
        """Whether the server of `url` answers, by what is known now; None while nothing is.

        It takes no time. A server that has not answered after `PATIENCE_S` is out of reach.
        """
        now = time.monotonic()
        with self._lock:
            answer, answered = self._answers.get(url, (None, -REMEMBERED_S))
            if now - answered < REMEMBERED_S:
                return answer
            is_asked = url in self._asked
            is_late = now - self._asked.setdefault(url, now) > PATIENCE_S
        if not is_asked:
            Thread(target=self._ask, args=(url,), name="reach", daemon=True).start()
        return False if answer is None and is_late else answer

    def _ask(self, url: str) -> None:
        found = connects(url)
        with self._lock:
            self._answers[url] = found, time.monotonic()
            self._asked.pop(url, None)

    def forget(self) -> None:
        """Know nothing."""
        with self._lock:
            self._answers.clear()
            self._asked.clear()


REACH = Reach()


def reachable(name: str) -> bool | None:
    """Whether a published set could be downloaded now; None while that is not known."""
    return REACH.reachable(origin_of(name))


def out_of_reach(name: str) -> str:
    """What to tell whoever asks for a set that is not here while its server is out of reach."""
    published = PUBLISHED[name]
    files = ", ".join(f"`{name}`" for name in published.sizes)
    return (
        f"{published.title} is not on this computer, and `{urlsplit(origin_of(name)).hostname}`, "
        f"from which it is downloaded, cannot be reached. Please {published.instead}. Or put "
        f"{files} into `{published.cache}`. Or connect this computer to the internet and try "
        "again in a minute."
    )


def origin_of(name: str) -> str:
    """The address of the folder from which a published set is downloaded."""
    return PUBLISHED[name].origin or ORIGIN


def connects(url: str) -> bool:
    """Whether a connection can be opened to the server of `url`, or to the proxy on the way."""
    parts = urlsplit(url)
    proxy = getproxies().get(parts.scheme)
    if proxy and not proxy_bypass(parts.hostname or ""):
        parts = urlsplit(proxy if "//" in proxy else f"//{proxy}")
    try:
        port = parts.port or _PORTS.get(parts.scheme, 80)
        with socket.create_connection((parts.hostname or "", port), timeout=PATIENCE_S):
            return True
    except (OSError, ValueError):  # no such name, refused, too slow; a port that is no number
        return False
