"""A deal and its history for tests of the clock: Acme, test from Monday 2 November 2026, ramp on the 16th."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.deal import Deal
from bot.playbook.clock.due import DealDay, due
from bot.playbook.clock.history import Actual, Actuals, Happened, History
from bot.playbook.clock.milestones import Milestone

START = date(2026, 11, 2)
PEOPLE = [
    {"id": "U1", "name": "Dana Ortiz", "role": "customer"},
    {"id": "U3", "name": "Riley Chen", "role": "rep"},
    {"id": "U4", "name": "Morgan Lee", "role": "leadership"},
]
PICKUP = Happened("pickup", START, "BOL 4711")
WEEK = tuple(Happened("pickup", START + timedelta(days=ahead), f"BOL {4711 + ahead}") for ahead in range(5))
"""All five pickups of the first days."""


def deal(**other: Any) -> Deal:
    """Acme's deal; `other` replaces parts."""
    parts: dict[str, Any] = {
        "customer": "Acme Outfitters",
        "people": PEOPLE,
        "volume": {"committed_per_day": 500},
        "test": {"volume_per_day": 150, "starts": START, "success": ["transit times"]},
        "timezone": "America/New_York",
        "open": [date(2026, 11, 11)],
        "signed": date(2026, 10, 19),
    }
    return Deal.model_validate(parts | other)


def on(number: int) -> date:
    """A calendar day of the test; 1 is its first."""
    return START + timedelta(days=number - 1)


def at(day: date, hour: int = 15) -> datetime:
    """An instant of that day in New York as well as in UTC."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def fed(per_day: float, first: int, last: int, on_time: float | None = None) -> tuple[Actual, ...]:
    """Packages on each weekday from one day of the test to another."""
    days = [on(number) for number in range(first, last + 1)]
    return tuple(Actual(day, round(per_day), on_time) for day in days if day.weekday() < 5)


def day(number: int, history: History | None = None, actuals: Actuals | None = None, of: Deal | None = None) -> DealDay:
    """The work of a day of the test; a history without a first day begins with the test."""
    history = history if history is not None else History(happened=(PICKUP,))
    known = history if history.since else replace(history, since=START)
    return due(of or deal(), known, actuals, at(on(number)))


def by_key(of: DealDay) -> dict[str, Milestone]:
    """The time line by its keys."""
    return {one.key: one for one in of.line}


def nudges(of: DealDay) -> list[str]:
    """Names of what could be told."""
    return [item.nudge for item in of.items]
