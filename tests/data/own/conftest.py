"""Reads a file in this process, as the reading process does, and loads what was written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from core.data import own
from core.data.own.exchange import Reply, Request
from core.data.own.reading import answer
from core.errors import UnusableUpload


@dataclass(frozen=True)
class Own:
    """A set that was made of a file."""

    converted: own.Converted
    folder: Path

    @property
    def facts(self) -> own.OwnFacts:
        return self.converted.facts

    @property
    def said(self) -> str:
        return " ".join(self.converted.warnings)

    def __getattr__(self, name: str) -> np.ndarray:
        return np.load(self.folder / f"{name}.npy")


@pytest.fixture
def ask(tmp_path: Path) -> Callable[..., tuple[Reply, Path]]:
    count = iter(range(1_000))

    def request(
        content: bytes, name: str, choices=None, seed: int = 0, reading=None, **limits: int
    ):
        folder = tmp_path / str(next(count))
        scratch = folder / "scratch"
        scratch.mkdir(parents=True)
        path = folder / "upload"
        path.write_bytes(content)
        wanted = Request(path, name, folder, own.ReadLimits(**limits), choices, seed,
                         reading or own.TableReading())  # fmt: skip
        reply = answer(wanted, scratch)
        if reply.problem is not None:
            raise UnusableUpload(reply.problem)
        return reply, folder

    return request


@pytest.fixture
def looked(ask) -> Callable[..., own.Look]:
    """`looked(content, name)` is what is in a file."""
    return lambda *given, **more: ask(*given, **more)[0].look


@pytest.fixture
def made(ask) -> Callable[..., Own]:
    """`made(content, name, choices)` is the set made of a file."""

    def make(*given, **more) -> Own:
        reply, folder = ask(*given, **more)
        return Own(reply.converted, folder)

    return make
