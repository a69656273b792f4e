"""What the program reports of itself: one JSON object a line on standard error."""

from __future__ import annotations

import logging
import os
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import distributed  # noqa: F401 - sets up its handlers when it is imported, which must be before
from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

_FIELDS = {"levelname": "level", "name": "room", "message": "event", "process": "process"}
_RENAMED = {**_FIELDS, "exc_info": "traceback", "stack_info": "stack"}
_TWICE = ("color_message",)  # uvicorn's, the message again in colours
_SECRET_VARIABLES = (
    "EPOCHSCOPE_SECRET",
    "PGPASSWORD",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
)
_SHORTEST = 8  # characters of a secret: a shorter one would hide ordinary words
_PASSWORD = re.compile(r'(://[^\s:/@"]*:)[^\s"]+@')  # in a URL
P = ParamSpec("P")
R = TypeVar("R")
_run: ContextVar[str | None] = ContextVar("run", default=None)


def configure() -> None:
    """Report in this way whatever is logged in this process; call it once.

    A line has the time (UTC), the level, the room, and the event in words; one about a run has
    its id in `run`, one about an error its whole traceback in `traceback`. Warnings of Python's
    and errors that nobody caught are lines too. Passwords in URLs and the secrets that the
    environment holds are not in any.
    """
    root = logging.getLogger()
    root.handlers = [handler for handler in root.handlers if not on_terminal(handler)]
    root.addHandler(logging.StreamHandler(sys.stderr))
    logging.getLogger("core").setLevel(logging.INFO)
    lines = _Lines(
        list(_FIELDS),
        rename_fields=_RENAMED,
        timestamp="time",
        reserved_attrs=[*RESERVED_ATTRS, *_TWICE],
    )
    for name in ("", *logging.root.manager.loggerDict):
        for handler in filter(on_terminal, logging.getLogger(name).handlers):
            handler.setFormatter(lines)
            handler.addFilter(_rarely)
    logging.captureWarnings(True)
    sys.excepthook = _report
    sys.unraisablehook = lambda about: _report_of(about, str(about.err_msg or "ignored"))
    threading.excepthook = lambda about: _report_of(about, "a thread ended by an error")


def on_terminal(handler: logging.Handler) -> bool:
    """Whether the handler writes to the terminal, and nowhere else."""
    return type(handler) is logging.StreamHandler


@contextmanager
def about(run_id: str) -> Iterator[None]:
    """Have every line from inside that names no run name this one."""
    token = _run.set(run_id)
    try:
        yield
    finally:
        _run.reset(token)


def about_its_run(job: Callable[Concatenate[str, P], R]) -> Callable[Concatenate[str, P], R]:
    """`job`, whose first argument is a run's id, with that id in all of its lines."""

    @wraps(job)
    def told(run_id: str, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with about(run_id):
            return job(run_id, *args, **kwargs)

    return told


class Rarely(logging.Filter):
    """Lets the first few lines of one text through in each minute; the next tells of the others."""

    def __init__(self, most: int = 5, stretch_s: float = 60.0) -> None:
        super().__init__()
        self._most, self._stretch_s = most, stretch_s
        self._seen: Counter[tuple[str, str]] = Counter()
        self._before: Counter[tuple[str, str]] = Counter()
        self._began = time.monotonic()
        self._lock = threading.Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is written."""
        line = record.name, record.getMessage()
        with self._lock:
            if time.monotonic() - self._began > self._stretch_s:
                self._before, self._seen = self._seen, Counter()
                self._began = time.monotonic()
            self._seen[line] += 1
            left_out = self._before.pop(line, 0) - self._most
            if self._seen[line] > self._most:
                return False
        if left_out > 0:
            record.msg, record.args = f"{line[1]} ({left_out:,} times more were not told)", ()
        return True


_rarely = Rarely()


class _Lines(JsonFormatter):
    """One line for each record, without secrets."""

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        if (run_id := _run.get()) is not None:
            log_data.setdefault("run", run_id)
        return log_data

    def serialize_log_record(self, log_data: dict[str, Any]) -> str:
        line = super().serialize_log_record(log_data)
        for secret in map(os.environ.get, _SECRET_VARIABLES):
            if secret and len(secret) >= _SHORTEST:
                line = line.replace(secret, "***")
        return _PASSWORD.sub(r"\1***@", line)


def _report(kind: type[BaseException], error: BaseException, trace: Any) -> None:
    """Log an error that ends the process; one that was asked to end is none."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    logging.getLogger(__name__).critical("ended by an error", exc_info=(kind, error, trace))


def _report_of(about: Any, event: str) -> None:
    """Log an error that ended something else, as Python tells of it."""
    if about.exc_type is not SystemExit:
        found = about.exc_type, about.exc_value, about.exc_traceback
        logging.getLogger(__name__).error(event, exc_info=found)
