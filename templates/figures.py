"""Figures and days as people write them to each other: "10-15 packages a day", "Monday, November 2", "4:00 PM"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from math import isfinite

from bot.playbook.arithmetic import shown

_IN_WORDS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}


def sensible(figures: tuple[float, float] | None) -> tuple[float, float] | None:
    """The range in order, or None where there is none that people could name."""
    if figures is None or not all(isfinite(figure) and 0 <= figure < 1e9 for figure in figures):
        return None
    return min(figures), max(figures)


def rate(figures: tuple[float, float] | None) -> str | None:
    """As "10-15/day", or None for an unknown figure."""
    known = sensible(figures)
    return f"{shown(known)}/day" if known else None


def packages_a_day(figures: tuple[float, float] | None) -> str | None:
    """As "10-15 packages a day", "1 package a day"; None where there is no figure to name."""
    known = sensible(figures)
    if known is None or known[1] == 0:
        return None
    if known[1] < 1:
        return "less than one package a day"
    said = shown(known)
    return f"{said} package{'' if said == '1' else 's'} a day"


def weeks(count: int) -> str:
    """As "two weeks", "one week", "12 weeks"."""
    return f"{_IN_WORDS.get(count, str(count))} week{'' if count == 1 else 's'}"


def weeks_long(count: int) -> str:
    """As "two-week", for before a noun."""
    return f"{_IN_WORDS.get(count, str(count))}-week"


def weekday(day: date) -> str:
    """As "Monday, November 2", as one writes it to a customer."""
    return f"{day:%A}, {day:%B} {day.day}"


def short_day(day: date) -> str:
    """As "2 Nov", for headlines and cards."""
    return f"{day.day} {day:%b}"


def days(count: int) -> str:
    """As "1 day", "3 days"."""
    return f"{count} day{'' if count == 1 else 's'}"


def clock(time: str) -> str:
    """As "16:00" as "4:00 PM"; anything else as it stands."""
    hour, _, minute = time.partition(":")
    if not (hour.isdigit() and minute.isdigit() and int(hour) < 24 and len(minute) == 2):
        return time
    return f"{int(hour) % 12 or 12}:{minute} {'AM' if int(hour) < 12 else 'PM'}"


def listed(things: Sequence[str]) -> str:
    """As "a", "a and b", "a, b and c"."""
    return things[0] if len(things) == 1 else f"{', '.join(things[:-1])} and {things[-1]}"


def business_days_after(day: date, count: int) -> date:
    """The day `count` weekdays after `day`."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def business_day_until(day: date) -> date:
    """`day`, or the Friday before where it falls on a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))
