"""How often one matter rings: the business day that a moment counts for, and whether a figure is materially worse than those told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.playbook.arithmetic import Range, materially_below

MONDAY, SATURDAY = 0, 5


def business_day(moment: datetime, zone: ZoneInfo) -> date:
    """The business day that a moment (aware) counts for in a zone; a weekend counts to its Monday."""
    day = moment.astimezone(zone).date()
    return day + timedelta(days=7 - day.weekday()) if day.weekday() >= SATURDAY else day


def begins(day: date, zone: ZoneInfo) -> datetime:
    """When a business day begins (aware): for a Monday that is the Saturday before."""
    first = day - timedelta(days=2) if day.weekday() == MONDAY else day
    return datetime.combine(first, time(), zone)


def worsened(said: Range | None, told: Iterable[Range | None]) -> bool:
    """Whether a figure lies more than 10 % under the lowest one told; of a range its middle counts. What has no figure cannot be worse."""
    figures = [(low + high) / 2 for low, high in (one for one in told if one is not None)]
    return said is not None and bool(figures) and materially_below(said, min(figures))
