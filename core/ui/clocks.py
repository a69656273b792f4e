"""Time as the visitor's clock shows it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import streamlit as st


def zone_name() -> str | None:
    """The time zone of the visitor's browser; None, for the server's own, where it names none."""
    name = st.context.timezone
    try:
        return ZoneInfo(name).key if name else None
    except (ValueError, KeyError, OSError):  # what a browser says may be anything
        return None


def local(moment: datetime) -> datetime:
    """A moment by the visitor's clock."""
    name = zone_name()
    return moment.astimezone(ZoneInfo(name) if name else None)


def time_of(moment: datetime) -> str:
    """The time of day, after the date if that is not today's."""
    here = local(moment)
    is_today = here.date() == local(datetime.now(UTC)).date()
    return f"{here:%H:%M:%S}" if is_today else f"{here:%d %b %H:%M}"
