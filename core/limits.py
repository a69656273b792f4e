"""What an installation allows at most, from environment variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from core.errors import InvalidSetting, Problem

_PREFIX = "EPOCHSCOPE_MAX_"
_OWN_PREFIX = "EPOCHSCOPE_OWN_"


@dataclass(frozen=True)
class Limits:
    """The most of each that one run, or for `queued` one visitor, may have; None is no limit.

    `seconds` is the time a run trains, before and after pauses together, `memory_mb` the memory of
    its training process, `queued` a visitor's runs that wait or train.
    """

    parameters: int | None = None
    epochs: int | None = None
    seconds: int | None = None
    memory_mb: int | None = None
    queued: int | None = None


@dataclass(frozen=True)
class OwnLimits:
    """What visitors may bring along, in MB of 1,000,000 bytes.

    `upload_mb` is the size of one file, `quota_mb` what one visitor's sets may take when they are
    stored, `total_mb` what all visitors' may. A set nobody trained on for `days` is removed.
    """

    upload_mb: int = 200
    quota_mb: int = 1_000
    total_mb: int = 20_000
    days: int = 30


def read_own_limits(environment: Mapping[str, str]) -> OwnLimits:
    """The limits `EPOCHSCOPE_OWN_UPLOAD_MB`, `_QUOTA_MB`, `_TOTAL_MB` and `_DAYS`.

    Raises:
        InvalidSetting: one of them is no whole number above 0.
    """
    names = (field.name for field in fields(OwnLimits))
    found = {name: read_count(_OWN_PREFIX + name.upper(), environment) for name in names}
    return OwnLimits(**{name: value for name, value in found.items() if value is not None})


def read_limits(environment: Mapping[str, str]) -> Limits:
    """The limits `EPOCHSCOPE_MAX_PARAMETERS`, `_EPOCHS`, `_SECONDS`, `_MEMORY_MB`, `_QUEUED`.

    Raises:
        InvalidSetting: one of them is no whole number above 0.
    """
    names = (field.name for field in fields(Limits))
    return Limits(**{name: read_count(_PREFIX + name.upper(), environment) for name in names})


def queue_problem(queued: int | None, active: int) -> Problem | None:
    """What to say to a visitor with `active` runs that wait or train, who may have `queued`."""
    if queued is None or active < queued:
        return None
    return Problem(
        ("queue",),
        f"Runs: {active} of yours {'is' if active == 1 else 'are'} waiting or training, but at "
        f"most {queued} at a time can be. Wait until one has ended, or stop one.",
    )


def read_count(variable: str, environment: Mapping[str, str]) -> int | None:
    """The whole number in `variable`; None where it is not set.

    Raises:
        InvalidSetting: it is no whole number above 0.
    """
    given = environment.get(variable, "").strip()
    if not given:
        return None
    digits = given.replace("_", "")
    if digits.isascii() and digits.isdigit() and len(digits) <= 18 and int(digits) > 0:
        return int(digits)
    raise InvalidSetting(
        f"{variable}: {given[:40]!r} was given, but it must be a whole number above 0. Correct it, "
        "or leave it out, then start Epochscope again."
    )
