"""What an installation allows at most, from environment variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from core.errors import InvalidSetting

_PREFIX = "EPOCHSCOPE_MAX_"


@dataclass(frozen=True)
class Limits:
    """The most of each that one run, or for `queued` one visitor, may have; None is no limit.

    `seconds` is the time a run trains, `memory_mb` the memory of its training process, `queued`
    a visitor's runs that wait or train.
    """

    parameters: int | None = None
    epochs: int | None = None
    seconds: int | None = None
    memory_mb: int | None = None
    queued: int | None = None


def read_limits(environment: Mapping[str, str]) -> Limits:
    """The limits `EPOCHSCOPE_MAX_PARAMETERS`, `_EPOCHS`, `_SECONDS`, `_MEMORY_MB`, `_QUEUED`.

    Raises:
        InvalidSetting: one of them is no whole number above 0.
    """
    names = (field.name for field in fields(Limits))
    return Limits(**{name: _read(_PREFIX + name.upper(), environment) for name in names})


def _read(variable: str, environment: Mapping[str, str]) -> int | None:
    given = environment.get(variable, "").strip()
    if not given:
        return None
    digits = given.replace("_", "")
    if digits.isascii() and digits.isdigit() and len(digits) <= 18 and int(digits) > 0:
        return int(digits)
    raise InvalidSetting(
        f"{variable}: {given[:40]!r} was given, but it must be a whole number above 0. Correct it, "
        "or leave it out for no limit, then start Epochscope again."
    )
