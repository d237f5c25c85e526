"""A small deal of 500 a day after a test of 150, and what it ships, for the tests of the numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from bot.deal import Deal, Person, Ramp, Volume
from bot.deal import Test as Trial
from bot.playbook.clock.calendar import WorkingDays
from bot.playbook.clock.history import Actual, Actuals, History
from bot.playbook.numbers.facts import Facts, Source, facts

START = date(2026, 3, 2)
"""A Monday; the ramp is due on 16 March."""

RILEY = Person(id="U3", name="Riley Chen", role="rep")


def deal(**more: Any) -> Deal:
    """500 a day, a test of 150 for two weeks from 2 March."""
    fields: dict[str, Any] = {
        "customer": "Acme",
        "people": (RILEY, Person(id="U4", name="Morgan Lee", role="leadership")),
        "volume": Volume(committed_per_day=500),
        "test": Trial(volume_per_day=150, starts=START),
        "ramp": Ramp(),
    }
    return Deal(**{**fields, **more})


def ships(*levels: tuple[int, int], since: date = START) -> Actuals:
    """(shipping days, packages a day), one after the other from a day on."""
    return Actuals(tuple(_days(levels, since)))


def _days(levels: tuple[tuple[int, int], ...], day: date) -> Iterator[Actual]:
    works = WorkingDays().works
    for count, level in levels:
        left = count
        while left:
            if works(day):
                yield Actual(day, level)
                left -= 1
            day += timedelta(days=1)


def seen(there: Deal | None = None, actuals: Actuals | None = None, today: date = date(2026, 8, 3), **more: Any) -> Facts:
    """A deal in figures."""
    number = more.pop("id", 1)
    return facts(Source(number, there or deal(), more.pop("history", History()), actuals, today, **more))
