"""What is said of a database or of files that cannot be used: to visitors, and in the log.

Visitors read what happened and what to do. Paths, hosts, users and a driver's own words are for
whoever runs the server: the log has them.
"""

from __future__ import annotations

import errno
import logging
from dataclasses import dataclass

from core.errors import StoreUnavailable

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Kind:
    """Words by which drivers tell a failure, the numbers of the system's, and what to say."""

    words: tuple[str, ...]
    numbers: tuple[int, ...]
    happened: str
    remedy: str
    lost: bool = False  # whether something of what was kept may be


_AGAIN = "Try again in a minute."
_OPERATOR = "Whoever runs this server has to {}; its log says where. Then try again."
_KINDS = (
    _Kind(
        ("disk is full", "disk full", "no space left", "quota"),
        (errno.ENOSPC, errno.EDQUOT),
        "{} has no room left",
        _OPERATOR.format("free some space"),
    ),
    _Kind(
        ("malformed", "not a database", "corrupt", "invalid page"),
        (),
        "{} is damaged",
        _OPERATOR.format("put back a copy that was made before, or move it away to begin anew"),
        lost=True,
    ),
    _Kind(("locked", "lock timeout"), (), "{} is busy", _AGAIN),
    _Kind(
        ("readonly", "read-only", "permission denied", "access denied", "forbidden"),
        (errno.EACCES, errno.EPERM, errno.EROFS),
        "{} may not be read or written by this server",
        _OPERATOR.format("allow it"),
    ),
    _Kind(
        ("connect", "time", "resolve", "closed", "refused", "terminat"),
        (errno.ECONNREFUSED, errno.ETIMEDOUT, errno.EHOSTUNREACH),
        "{} does not answer",
        f"{_AGAIN} If it stays so, whoever runs this server finds the cause in its log.",
    ),
)
_OTHER = _Kind((), (), "{} cannot be used", _OPERATOR.format("look into it"))


def unavailable(what: str, error: BaseException, where: str, advice: str) -> StoreUnavailable:
    """The error for visitors; `what` begins their sentence: `The run database`.

    The log is told `where` it is, what `error` says, and `advice`.
    """
    original = getattr(error, "orig", None) or error
    words = " ".join(str(original).split()).rstrip(".")
    cause = f"{what} {where} cannot be used: {words}. {advice}"
    _log.warning("%s", cause)
    kind = _kind_of(original, words.lower())
    kept = "" if kind.lost else " What was kept is not lost."
    return StoreUnavailable(f"{kind.happened.format(what)}.{kept} {kind.remedy}", cause)


def _kind_of(error: BaseException, words: str) -> _Kind:
    number = error.errno if isinstance(error, OSError) else None
    for kind in _KINDS:
        if number in kind.numbers or any(word in words for word in kind.words):
            return kind
    return _OTHER
