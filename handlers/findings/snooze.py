"""Until when a snooze lasts, on the clock of the person who asked for it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.playbook.preferences import WEEK

MORNING = time(9)
"""When a snoozed DM comes back."""


def until(how_long: str, now: datetime, zone: ZoneInfo, days: Collection[int] = WEEK) -> datetime:
    """The end (UTC) of a snooze of an "hour", until the first morning of next "week", or for anything else the next business morning.

    `days` are the person's business days: those of Monday to Sunday, from 0.
    """
    if how_long == "hour":
        return now + timedelta(hours=1)
    day = now.astimezone(zone).date() + timedelta(days=1)
    while how_long == "week" and day.weekday() != 0:
        day += timedelta(days=1)
    while days and day.weekday() not in days:
        day += timedelta(days=1)
    return datetime.combine(day, MORNING, zone).astimezone(UTC)


def zone_named(name: str | None, otherwise: str) -> ZoneInfo:
    """The zone of that name, or the other one where there is no such zone."""
    try:
        return ZoneInfo(name or otherwise)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(otherwise)
