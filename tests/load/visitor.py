"""What a visitor does: sets the sidebar, presses Train, watches the run end, walks the pages."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from websockets.exceptions import WebSocketException

from tests.load.session import Failed, Session

DATASET = "Handwritten digits"
PAGES = ("Data", "Model", "History", "Confusion matrix", "Predictions", "Compare", "Runs")
THINK_S = (1.0, 5.0)
EPOCHS = (5, 15)
RUN_S = 240.0
LOOK_S = 0.25
ENDS = ("Finished", "Stopped", "Failed")
_BADGE = re.compile(r":\w+-badge\[(?::material/\w+:\s*)?([^\]]+)\]")


@dataclass(frozen=True)
class Interaction:
    """Something a visitor did: what, when by `time.perf_counter`, and the seconds it took."""

    kind: str
    at: float
    took_s: float


@dataclass
class Log:
    """What all visitors did, and what became of it."""

    interactions: list[Interaction] = field(default_factory=list)
    redraws: list[tuple[float, float]] = field(default_factory=list)
    waits_s: list[float] = field(default_factory=list)
    started: set[str] = field(default_factory=set)
    ended: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


class Visitor:
    """Someone at a tab of their own, whose choices and pauses follow from a seed."""

    def __init__(self, url: str, seed: int, log: Log, think_s: tuple[float, float] = THINK_S):
        self._url, self._seed, self._log, self._think_s = url, seed, log, think_s
        self._random = random.Random(seed)

    async def visit(self, until: float) -> None:
        """Go on until `time.perf_counter` says `until`; a run begun is watched to its end."""
        try:
            async with Session(self._url, self._say) as tab:
                try:
                    await self._stay(tab, until)
                finally:
                    self._log.redraws += tab.redraws
        except (Failed, LookupError, OSError, WebSocketException) as error:
            self._say(f"{type(error).__name__}: {error}")

    async def train(self, tab: Session) -> str:
        """Choose digits and a few epochs, press Train, watch the run until it ends; how."""
        await self._do("Choose", lambda: tab.choose("Dataset", DATASET))
        epochs = self._random.randint(*EPOCHS)
        await self._do("Set a number", lambda: tab.set_number("Epochs", epochs))
        before = tab.run_id()
        began = time.perf_counter()
        await self._timed("Press Train", lambda: tab.press("Train"))
        run_id = tab.run_id()
        if run_id in ("", before):
            raise LookupError("Train was pressed, and no run began")
        self._log.started.add(run_id)
        self._log.ended[run_id] = end = await self._watch(tab, began)
        await self._think()
        return end

    async def _stay(self, tab: Session, until: float) -> None:
        await self._timed("Open the app", tab.open)
        await self._think()
        while time.perf_counter() < until:
            await self.train(tab)
            for page in PAGES:
                await self._think()
                if time.perf_counter() >= until:
                    return
                await self._timed("Open " + page, lambda title=page: tab.open_page(title))
            await self._think()

    async def _watch(self, tab: Session, began: float) -> str:
        while not (end := _end(tab)):
            await asyncio.sleep(LOOK_S)
            if time.perf_counter() - began > RUN_S:
                raise Failed(f"a run has not ended within {RUN_S:g} s")
        self._log.waits_s.append(time.perf_counter() - began)
        return end

    async def _do(self, kind: str, act: Callable[[], Awaitable[float]]) -> None:
        await self._timed(kind, act)
        await self._think()

    async def _timed(self, kind: str, act: Callable[[], Awaitable[float]]) -> None:
        at = time.perf_counter()
        try:
            took_s = await act()
        except Failed as error:
            raise Failed(f"{kind}: {error}") from error
        self._log.interactions.append(Interaction(kind, at, took_s))

    async def _think(self) -> None:
        await asyncio.sleep(self._random.uniform(*self._think_s))

    def _say(self, error: str) -> None:
        self._log.errors.append(f"visitor {self._seed}: {error}")


def _end(tab: Session) -> str:
    """How the run on the Train page has ended, by its badge; empty while it goes on."""
    badges = (found[1].strip() for text in tab.texts() if (found := _BADGE.fullmatch(text.strip())))
    return next((badge for badge in badges if badge in ENDS), "")
