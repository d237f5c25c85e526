"""Which days a date is, given the day on which it was said."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from bot.language.quantities.engine import Node

_LEAP_YEARS_APART = 8
"""Years within which there is a 29th of February, whatever century begins."""


def resolve(node: Node, today: date | None) -> None:
    """Sets low and high of a date node to day numbers, or to None when they hang on a day that is not known."""
    try:
        days = _days(node, today)
    except (ValueError, OverflowError):
        days = None
    node.low, node.high = (days[0].toordinal(), days[1].toordinal()) if days else (None, None)


def _days(node: Node, today: date | None) -> tuple[date, date] | None:
    figures = [int(piece) for piece in re.findall(r"\d{1,4}", node.word)]
    if node.name == "numbered":
        return _numbered_days(node, figures, today)
    if node.name == "year named":
        return date(figures[0], 1, 1), date(figures[0], 12, 31)
    if node.name in ("month", "month day") and figures:
        return _in_month(figures, today)
    return _relative(node, today) if today else None


def _in_month(figures: list[int], today: date | None) -> tuple[date, date] | None:
    """A month, or days of it: year (0 where none was said), month, first and last day."""
    year, month, *days = figures
    if not year and today is None:
        return None
    first, last = days or (1, None)
    begin = date(year, month, first) if year or today is None else _near(today, month, first)
    return begin, begin.replace(day=last or monthrange(begin.year, month)[1])


def _numbered_days(node: Node, figures: list[int], today: date | None) -> tuple[date, date] | None:
    if len(figures) > 2 and figures[0] > 31:
        day = date(*figures[:3])
        return day, day
    year = (figures[2] + 2000 if figures[2] < 100 else figures[2]) if len(figures) > 2 else 0
    if not year and today is None:
        return None
    pairs = [(figures[0], figures[1]), (figures[1], figures[0])]
    if "." in node.word:
        pairs.reverse()
    fits = [(month, day) for month, day in pairs if 1 <= month <= 12 and 1 <= day <= 31]
    made = [date(year, month, day) if year or today is None else _near(today, month, day) for month, day in fits]
    weekday = node.low
    best = next((day for day in made if weekday is not None and day.weekday() == weekday), made[0] if made else None)
    return (best, best) if best else None


def _near(today: date, month: int, day: int) -> date:
    """The day of that name nearest to today, a coming one preferred: at most four months past. ValueError where no year has it."""
    years = range(today.year - 1, today.year + _LEAP_YEARS_APART + 1)
    made = (date(year, month, day) for year in years if day <= monthrange(year, month)[1])
    near = next((one for one in made if one >= today - timedelta(days=120)), None)
    if near is None:
        raise ValueError(f"no month {month} has a day {day}")
    return near


def _month_on(today: date, months: int) -> date:
    at = today.year * 12 + today.month - 1 + months
    return date(at // 12, at % 12 + 1, 1)


def _relative(node: Node, today: date) -> tuple[date, date] | None:
    shift = int(node.low or 0)
    if node.name == "today":
        day = today + timedelta(days=shift)
        return day, day
    if node.name == "weekday":
        day = _weekday_of(today, shift, node.word)
        return day, day
    if node.name == "day of month":
        months = [_month_on(today, ahead) for ahead in (-1, 0, 1, 2)]
        days = [month.replace(day=shift) for month in months if shift <= monthrange(month.year, month.month)[1]]
        day = next(one for one in days if one >= today - timedelta(days=3))
        return day, day
    if node.name == "quarter named":
        begin = _near(today, shift * 3 - 2, 1)
        return begin, _month_on(begin, 3) - timedelta(days=1)
    return _spell_days(node.name, shift, today)


def _weekday_of(today: date, weekday: int, how: str) -> date:
    ahead = (weekday - today.weekday()) % 7
    if how == "last":
        return today - timedelta(days=(today.weekday() - weekday) % 7 or 7)
    if how == "next" and ahead + today.weekday() < 7:
        ahead += 7
    return today + timedelta(days=ahead)


def _spell_days(name: str, shift: int, today: date) -> tuple[date, date] | None:
    name = name.removeprefix("end of ") if (at_end := name.startswith("end of ")) else name
    if name == "week":
        begin = today - timedelta(days=today.weekday()) + timedelta(weeks=shift)
        end = begin + timedelta(days=6)
    else:
        months = {"month": 1, "quarter": 3, "year": 12}.get(name)
        if months is None:
            return None
        first = _month_on(today, 0)
        begin = _month_on(first, shift * months - (first.month - 1) % months)
        end = _month_on(begin, months) - timedelta(days=1)
    return (end, end) if at_end else (begin, end)
