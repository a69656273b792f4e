"""The server's secret, with which it signs what browsers bring back."""

from __future__ import annotations

import logging
import os
import secrets
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile

from core.errors import StoreUnavailable
from core.settings import Settings

LENGTH = 43  # characters of 32 random bytes
_log = logging.getLogger(__name__)


@lru_cache(maxsize=4)
def server_secret(settings: Settings) -> str:
    """The secret that was set, else the one in the home folder, made when there is none.

    A server that can keep none still starts: until it ends it has one in memory.
    """
    if settings.secret:
        return settings.secret
    try:
        return kept_secret(settings.home / "secret")
    except StoreUnavailable as error:
        _log.warning("visitors are forgotten when this server ends: %s", error)
        return secrets.token_urlsafe()


def kept_secret(file: Path) -> str:
    """The secret in `file`; of several processes that find none, one makes it for all.

    Raises:
        StoreUnavailable: the file cannot be read or made, or what it holds is too short.
    """
    try:
        if not file.exists():
            _make(file)
        found = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise StoreUnavailable(
            f"The secret in {file} cannot be read or made: {error}. Make its folder writable, "
            "or set EPOCHSCOPE_SECRET."
        ) from error
    if len(found) < LENGTH:
        raise StoreUnavailable(
            f"The secret in {file} has {len(found)} characters, but it must have {LENGTH} or more. "
            "Delete the file to have another one made, or set EPOCHSCOPE_SECRET."
        )
    return found


def _make(file: Path) -> None:
    """Write a secret beside `file` and link it there: it appears whole, and once."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=file.parent, prefix=".secret-") as draft:  # mode 0600
        draft.write(secrets.token_urlsafe())
        draft.flush()
        os.fsync(draft.fileno())
        try:
            os.link(draft.name, file)
        except FileExistsError:  # another process was faster
            return
