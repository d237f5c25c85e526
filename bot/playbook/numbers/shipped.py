"""What a deal shipped, day by day, ready to be asked for rates: one pass over the days, then each question is two look-ups."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from bot.playbook.clock.calendar import WorkingDays, calendar_of
from bot.playbook.clock.history import Actual, Actuals

WEEK = 7
"""Calendar days of a rate: each weekday once, so that a strong Monday does not matter."""

ENOUGH = 3
"""Shipping days with data that a week's rate needs; a deal that ships on fewer days a week needs them all."""


@dataclass(frozen=True, slots=True)
class Shipped:
    """The days with data up to a day (ordinals, in order), and with each the packages and the shipping days so far, itself counted.

    A holiday with at least half the packages of the shipping day before is one, too; a few parcels do not make it one. `needs`: shipping
    days with data that make a rate.
    """

    days: array[int]
    packages: array[int]
    working: array[int]
    needs: int = ENOUGH

    def first_shipment(self, since: date) -> date | None:
        """The first day with packages from `since` on."""
        begin = bisect_left(self.days, since.toordinal())
        place = bisect_right(self.packages, self.packages[begin - 1] if begin else 0, begin)
        return date.fromordinal(self.days[place]) if place < len(self.days) else None

    @property
    def last(self) -> date | None:
        """The last day with data."""
        return date.fromordinal(self.days[-1]) if self.days else None

    def between(self, first: int, last: int) -> tuple[int, int]:
        """Packages, and shipping days with data, from `first` to `last` (ordinals), both counted."""
        begin, end = bisect_right(self.days, first - 1), bisect_right(self.days, last)
        if end <= begin:
            return 0, 0
        before, days_before = (self.packages[begin - 1], self.working[begin - 1]) if begin else (0, 0)
        return self.packages[end - 1] - before, self.working[end - 1] - days_before

    def rate(self, day: int, since: int = 0) -> float | None:
        """Packages per shipping day over the week up to `day`: all packages of the seven days by its shipping days with data.

        Days before `since` (an ordinal) have no say in it.
        """
        packages, days = self.between(max(since, day - WEEK + 1), day)
        return packages / days if days >= self.needs else None

    def shipping(self, day: int, since: int = 0) -> list[int]:
        """The shipping days with data that such a rate is divided by."""
        return self.shipping_between(max(since, day - WEEK + 1), day)

    def shipping_between(self, first: int, last: int) -> list[int]:
        """The shipping days with data from `first` to `last` (ordinals), both counted."""
        begin, end = bisect_right(self.days, first - 1), bisect_right(self.days, last)
        return [self.days[place] for place in range(begin, end) if self.working[place] > (self.working[place - 1] if place else 0)]

    def first_at(self, level: float, first: int, last: int, since: int | None = None) -> tuple[int, float] | None:
        """The first day with data from `first` to `last` on which the week's rate is at least `level`, and that rate.

        Packages shipped before `since` (None: `first`) have no say in it.
        """
        begin, end = bisect_right(self.days, first - 1), bisect_right(self.days, last)
        days, packages, working, needs = self.days, self.packages, self.working, self.needs
        tail = begin if since is None else bisect_right(self.days, since - 1)
        for place in range(begin, end):
            while days[tail] <= days[place] - WEEK:
                tail += 1
            counted = working[place] - (working[tail - 1] if tail else 0)
            if counted >= needs:
                rate = (packages[place] - (packages[tail - 1] if tail else 0)) / counted
                if rate >= level:
                    return days[place], rate
        return None


@dataclass(frozen=True, slots=True)
class Daily:
    """A deal's days with data as two columns, the days (ordinals) in order and each once: for thousands of deals."""

    days: array[int]
    packages: array[int]

    @classmethod
    def of(cls, actuals: Actuals) -> Daily:
        """The same of a feed; of two entries for a day the later one counts."""
        there = {one.day.toordinal(): one.packages for one in actuals.days}
        known = sorted(there)
        return cls(array("i", known), array("q", map(there.__getitem__, known)))

    def on(self, day: date) -> Actuals:
        """One of its days."""
        return Actuals((Actual(day, self.packages[bisect_left(self.days, day.toordinal())]),))


def shipped(days: WorkingDays, daily: Daily, today: date) -> Shipped:
    """What is known of the days before `today`, which is not over yet."""
    end = bisect_left(daily.days, today.toordinal())
    known = daily.days[:end]
    packages = accumulate(daily.packages[:end])
    works = list(map(calendar_of(days).known.__getitem__, known))
    for place, count in enumerate(daily.packages[:end]):
        if count and not works[place] and days.in_week(date.fromordinal(known[place])):
            works[place] = count >= _before(works, daily.packages, place) / 2
    return Shipped(known, array("q", packages), array("i", accumulate(works)), min(ENOUGH, days.per_week))


def _before(works: Sequence[bool], packages: Sequence[int], place: int) -> int:
    """The packages of the shipping day before a place; 0 where there is none."""
    return next((packages[one] for one in range(place - 1, -1, -1) if works[one]), 0)
