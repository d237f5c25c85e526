"""Figures and days as headlines and cards show them ("10-15/day", "2 Nov")."""

from __future__ import annotations

from datetime import date
from math import isfinite

from bot.playbook.arithmetic import shown


def sensible(figures: tuple[float, float] | None) -> tuple[float, float] | None:
    """The range in order, or None where there is none that people could name."""
    if figures is None or not all(isfinite(figure) and 0 <= figure < 1e9 for figure in figures):
        return None
    return min(figures), max(figures)


def rate(figures: tuple[float, float] | None) -> str | None:
    """As "10-15/day", or None for an unknown figure."""
    known = sensible(figures)
    return f"{shown(known)}/day" if known else None


def weekday(day: date) -> str:
    """As "Monday, November 2", in a sentence."""
    return f"{day:%A}, {day:%B} {day.day}"


def short_day(day: date) -> str:
    """As "2 Nov", for headlines and cards."""
    return f"{day.day} {day:%b}"


def days(count: int) -> str:
    """As "1 day", "3 days"."""
    return f"{count} day{'' if count == 1 else 's'}"
