"""The course of a deal's volume by day: what was shipped, what was agreed, and what was stated on the day. Packages per shipping day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.deal import Deal
from bot.language.rates import Range
from bot.playbook.clock.calendar import WorkingDays
from bot.playbook.clock.history import Actuals

_DAY = timedelta(days=1)

LONGEST = 800
"""Days looked back at most; a little over two years."""


@dataclass(frozen=True, slots=True)
class Point:
    """A day, or a week by its first day: shipped (None: no data, never zero), agreed, and what was stated then (lowest, highest)."""

    day: date
    actual: float | None
    agreed: int
    stated: Range | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """The course of a customer's volume, the oldest point first; `weekly`: each point is the mean of a week's days with data."""

    customer: str
    points: tuple[Point, ...]
    weekly: bool = False

    @property
    def known(self) -> tuple[Point, ...]:
        """The points with data."""
        return tuple(point for point in self.points if point.actual is not None)


Saying = tuple[date, Range]
"""A figure that somebody stated on a day, packages per shipping day."""


def course(deal: Deal, actuals: Actuals | None, today: date, sayings: Iterable[Saying] = (), most: int | None = None) -> Course:
    """The shipping days from the test's first (or the first with data) to yesterday, the last `most` of them.

    A day on which nobody ships is there only where something was shipped, or stated, on it.
    """
    last = today - _DAY
    shipped = {one.day: one.packages for one in actuals.between(today - timedelta(days=LONGEST), last)} if actuals else {}
    stated = _stated(day for day in sayings if day[0] <= today)
    first = max(min([deal.test.starts, *shipped]), today - timedelta(days=LONGEST))
    days = WorkingDays.of(deal)
    wanted = [day for day in (first + number * _DAY for number in range((last - first).days + 1)) if days.works(day) or day in shipped]
    points = [Point(day, shipped.get(day), deal.agreed_on(day).per_day) for day in (wanted if most is None else wanted[-most:])]
    return Course(deal.customer, tuple(_marked(points, stated, today)))


def by_week(made: Course) -> Course:
    """The same with a point for each week."""
    weeks: dict[date, list[Point]] = {}
    for point in made.points:
        weeks.setdefault(point.day - timedelta(days=point.day.weekday()), []).append(point)
    return Course(made.customer, tuple(_week(day, points) for day, points in weeks.items()), weekly=True)


def _week(day: date, points: Sequence[Point]) -> Point:
    known = [point.actual for point in points if point.actual is not None]
    said = [point.stated for point in points if point.stated]
    stated = (min(low for low, _ in said), max(high for _, high in said)) if said else None
    return Point(day, sum(known) / len(known) if known else None, points[-1].agreed, stated)


def _stated(sayings: Iterable[Saying]) -> dict[date, Range]:
    """What was stated on a day: the last figure said."""
    return dict(sayings)


def _marked(points: Sequence[Point], stated: dict[date, Range], today: date) -> Iterable[Point]:
    """Points with what was said from their day to the day before the next."""
    ends = [*(point.day for point in points[1:]), today + _DAY]
    for point, end in zip(points, ends, strict=False):
        there = [day for day in stated if point.day <= day < end]
        yield Point(point.day, point.actual, point.agreed, stated[max(there)]) if there else point
