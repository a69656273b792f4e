"""Has Streamlit report as the rest of the program does: in lines of JSON."""

from __future__ import annotations

import logging

from streamlit import logger as theirs

from core import logs


def begin() -> None:
    """Report in JSON from here on, in the whole process.

    Streamlit gives each of its loggers, and those of its server, a handler of its own, and does so
    again whenever its settings are read. It is asked for none instead.
    """
    logs.configure()
    theirs.setup_formatter = _join
    theirs.init_uvicorn_logs()
    theirs.update_formatter()


def _join(logger: logging.Logger) -> None:
    """Leave what the logger says to the handler of all.

    The server's would also tell of every connection, with its visitor's address.
    """
    logger.handlers = [handler for handler in logger.handlers if not logs.on_terminal(handler)]
    logger.propagate = True
    if logger.name.startswith("uvicorn"):
        logger.setLevel(max(logger.level, logging.WARNING))
