"""A customer's volume over a month or quarter beside what was agreed: what a business review or a volume audit lays on the table.

Nothing in it comes from what the bot heard: figures that were shipped, and terms that both sides know.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from bot.deal import Amendment, Deal
from bot.playbook.clock.calendar import WorkingDays, months_after
from bot.playbook.clock.history import Actual, Actuals
from bot.playbook.course import Course, by_week, course
from bot.playbook.numbers.shipped import Daily, shipped
from bot.playbook.terms import per_year

Kind = Literal["review", "audit"]
"""`review`: a month; `audit`: a quarter."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar month or quarter: its first and last day."""

    kind: Kind
    first: date
    last: date

    @property
    def name(self) -> str:
        """As "October 2026", "Q4 2026"."""
        return f"{self.first:%B %Y}" if self.kind == "review" else f"Q{(self.first.month + 2) // 3} {self.first.year}"


@dataclass(frozen=True, slots=True)
class Figures:
    """A stretch of days: packages, shipping days and those with data, packages per such day, the figure agreed on average over them,
    and the shares (0-1) on time and billed right, by packages; None where there are no data.
    """

    first: date
    last: date
    packages: int
    shipping_days: int
    days: int
    per_day: float | None
    agreed: float | None
    on_time: float | None
    billed_right: float | None

    @property
    def share(self) -> float | None:
        """What was shipped as a share of what was agreed for the same days."""
        return self.per_day / self.agreed if self.per_day is not None and self.agreed else None


@dataclass(frozen=True, slots=True)
class Review:
    """A period of a deal: `whole`, its parts in which there is anything to ship (weeks of a month, months of a quarter), the period before,
    the year so far beside the commitment of a year, the course for a chart, and the terms that changed in it.
    """

    deal: Deal
    period: Period
    whole: Figures
    parts: tuple[Figures, ...]
    before: Figures
    year: Figures
    committed_year: int
    course: Course
    changed: tuple[Amendment, ...]
    known_until: date | None


def month(year: int, number: int) -> Period:
    """A calendar month. Raises ValueError where there is none."""
    first = date(year, number, 1)
    return Period("review", first, months_after(first, 1) - _DAY)


def quarter(year: int, number: int) -> Period:
    """A quarter of a year, 1 to 4. Raises ValueError where there is none."""
    first = date(year, 3 * number - 2, 1)
    return Period("audit", first, months_after(first, 3) - _DAY)


def latest(kind: Kind, today: date) -> Period:
    """The last month, or quarter, that is over."""
    if kind == "review":
        last = today.replace(day=1) - _DAY
        return month(last.year, last.month)
    last = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1) - _DAY
    return quarter(last.year, (last.month + 2) // 3)


def review(deal: Deal, actuals: Actuals | None, period: Period, today: date) -> Review:
    """The period of a deal, as far as it is over on `today` (the customer's calendar)."""
    there = actuals or Actuals()
    until = min(period.last, today - _DAY)
    begin = date(period.first.year, 1, 1)
    span = months_after(period.first, -1 if period.kind == "review" else -3), period.first - _DAY
    made = course(deal, Actuals(tuple(there.between(period.first, until))), until + _DAY)
    points = tuple(point for point in made.points if period.first <= point.day <= until)
    daily = replace(made, points=points)
    known = [one.day for one in there.between(date.min, until)]
    parts = [figures(deal, there, first, min(last, until)) for first, last in _parts(period) if first <= until]
    return Review(
        deal=deal.on(until),
        period=period,
        whole=figures(deal, there, period.first, until),
        parts=tuple(part for part in parts if part.shipping_days or part.packages),
        before=figures(deal, there, *span),
        year=figures(deal, there, begin, until),
        committed_year=per_year(deal.on(until)),
        course=daily if period.kind == "review" else by_week(daily),
        changed=tuple(one for one in deal.amendments if period.first <= one.effective <= period.last),
        known_until=max(known, default=None),
    )


def figures(deal: Deal, actuals: Actuals, first: date, last: date) -> Figures:
    """The days from `first` to `last`. Which holidays are shipping days is as in all numbers (Shipped); what came on a weekend, or a few
    parcels of a holiday, counts to the other days."""
    works = WorkingDays.of(deal)
    there = actuals.between(first, last)
    ordinals = shipped(works, Daily.of(actuals), last + _DAY).shipping_between(first.toordinal(), last.toordinal())
    known = [date.fromordinal(day) for day in ordinals]
    holidays = [day for day in known if not works.works(day)]
    packages = sum(one.packages for one in there)
    agreed = [deal.agreed_on(day).per_day for day in known]
    return Figures(
        first,
        last,
        packages,
        works.count(first, last) + len(holidays),
        len(known),
        packages / len(known) if known else None,
        sum(agreed) / len(agreed) if agreed else None,
        _share(there, [one.on_time for one in there]),
        _share(there, [one.billed_right for one in there]),
    )


def _parts(period: Period) -> Iterator[tuple[date, date]]:
    if period.kind == "audit":
        for number in range(3):
            first = months_after(period.first, number)
            yield first, months_after(first, 1) - _DAY
        return
    first = period.first
    while first <= period.last:
        last = min(first + timedelta(days=6 - first.weekday()), period.last)
        yield first, last
        first = last + _DAY


def _share(days: Sequence[Actual], shares: Sequence[float | None]) -> float | None:
    """A mean by packages over the days that know it."""
    known = [(one.packages, share) for one, share in zip(days, shares, strict=True) if share is not None]
    total = sum(packages for packages, _ in known)
    return sum(packages * share for packages, share in known) / total if total else None
