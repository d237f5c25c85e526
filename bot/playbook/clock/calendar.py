"""Shipping days and business days: the week, the public holidays of a place, and days that are closed or open all the same."""

from __future__ import annotations

from array import array
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

import holidays

from bot.deal import Deal
from bot.without import one_by_one

one_by_one("holidays.countries")  # a deal asks for one country; all of them take a tenth of a second and seven megabytes

_DAY = timedelta(days=1)

_ROOM = 400
"""Days on both sides of a stretch that are counted with it."""


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Days on which somebody works: the first `per_week` days of the week there, less public holidays and `closed` days, and `open` ones.

    `country` is a two-letter ISO code, `state` a code of that country. A place whose holidays nobody knows has none.
    """

    per_week: int = 5
    country: str = "US"
    state: str | None = None
    closed: frozenset[date] = frozenset()
    open: frozenset[date] = frozenset()

    @classmethod
    def of(cls, deal: Deal) -> WorkingDays:
        """The customer's shipping days."""
        return cls(deal.volume.shipping_days_per_week, deal.country, deal.state, frozenset(deal.closed), frozenset(deal.open))

    @property
    def office(self) -> WorkingDays:
        """The days on which people there can be met: five a week at most, whatever else is shipped."""
        return replace(self, per_week=min(5, self.per_week), open=frozenset(day for day in self.open if day.weekday() < 5))

    def works(self, day: date) -> bool:
        """Whether `day` is a working day."""
        if day in self.open:
            return True
        known, _ = _year(self.country, self.state, day.year)
        return self.in_week(day) and day not in known and day not in self.closed

    def in_week(self, day: date) -> bool:
        """Whether `day` is of the working week there, be it a holiday or not."""
        return _year(self.country, self.state, day.year)[1][day.weekday()] < self.per_week

    def on_or_after(self, day: date) -> date:
        """The first working day from `day` on."""
        while not self.works(day):
            day += _DAY
        return day

    def on_or_before(self, day: date) -> date:
        """The last working day up to `day`."""
        while not self.works(day):
            day -= _DAY
        return day

    def after(self, day: date, count: int) -> date:
        """The working day that comes `count` working days after `day`; 0: `day` itself, working or not."""
        for _ in range(count):
            day = self.on_or_after(day + _DAY)
        return day

    def before(self, day: date, count: int) -> date:
        """The working day that comes `count` working days before `day`; 0: `day` itself, working or not."""
        for _ in range(count):
            day = self.on_or_before(day - _DAY)
        return day

    def count(self, first: date, last: date) -> int:
        """Working days from `first` to `last`, both counted; 0 where `last` comes first."""
        return calendar_of(self).count(first.toordinal(), last.toordinal())

    def since(self, day: date, today: date) -> int:
        """Working days that have come after `day`, `today` counted; 0 where `today` is not after `day`."""
        return self.count(day + _DAY, today)


class _Works(dict[int, bool]):
    """Whether a day (its ordinal) is a working day: asked once of each day."""

    def __init__(self, days: WorkingDays) -> None:
        super().__init__()
        self._days = days

    def __missing__(self, day: int) -> bool:
        self[day] = found = self._days.works(date.fromordinal(day))
        return found


class Calendar:
    """The working days of one kind, counted once for many questions; days are given as their ordinals. `known`: whether a day is one."""

    def __init__(self, days: WorkingDays) -> None:
        self.known = _Works(days)
        self._laid_out = 0, array("i")
        self._ahead: dict[int, tuple[int, ...]] = {}

    def count(self, first: int, last: int) -> int:
        """Working days from `first` to `last`, both counted; 0 where `last` comes first."""
        if last < first:
            return 0
        begins, sums = self._laid_out
        if not sums or first < begins or last >= begins + len(sums) - 1:
            begins, sums = self._lay_out(first, last)
        return sums[last - begins + 1] - sums[first - begins]

    def ahead(self, day: int, stretches: Sequence[tuple[int, int]]) -> tuple[int, ...]:
        """Working days in each of some stretches, given by their first and last days counted from `day` on. Ask for the same ones always:
        they are remembered by `day`.
        """
        found = self._ahead.get(day)
        if found is None:
            if len(self._ahead) >= _ROOM:
                self._ahead = {}
            self._ahead[day] = found = tuple(self.count(day + first, day + last) for first, last in stretches)
        return found

    def _lay_out(self, first: int, last: int) -> tuple[int, array[int]]:
        """Count a stretch that has these days in it, with room on both sides, so that it is rarely done.

        Others may be counting by the one before meanwhile, in threads of theirs: it is never changed.
        """
        begins, sums = self._laid_out
        end = begins + len(sums) - 1 if sums else last
        begins, end = max(1, min(begins if sums else first, first) - _ROOM), min(date.max.toordinal(), max(end, last) + _ROOM)
        sums, total = array("i", [0]), 0
        for day in range(begins, end + 1):
            total += self.known[day]
            sums.append(total)
        self._laid_out = begins, sums
        return self._laid_out


@lru_cache(maxsize=1_000)
def calendar_of(days: WorkingDays) -> Calendar:
    """One calendar for all who have the same working days."""
    return Calendar(days)


def months_after(day: date, count: int) -> date:
    """The same day of the month `count` months later, or that month's last day."""
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def quarter_end(day: date) -> date:
    """The last day of the quarter that `day` lies in."""
    month = (day.month + 2) // 3 * 3
    return date(day.year, month, monthrange(day.year, month)[1])


def place_unknown(deal: Deal) -> str | None:
    """A plain sentence where the public holidays of the deal's country or state are not known."""
    known = holidays.list_supported_countries(include_aliases=False)
    if deal.country not in known:
        return f"No public holidays are known for {deal.country}: every day of the working week counts as a shipping day."
    if deal.state is not None and deal.state.upper() not in known[deal.country]:
        return f"No public holidays are known for {deal.state} in {deal.country}: only those of the whole country count."
    return None


@lru_cache(maxsize=4096)
def _year(country: str, state: str | None, year: int) -> tuple[frozenset[date], tuple[int, ...]]:
    """The public holidays of a year, and the place of each weekday (0: Monday) in the working week."""
    try:
        found = holidays.country_holidays(country, subdiv=state.upper() if state else None, years=year)
    except NotImplementedError:
        if state is not None:
            return _year(country, None, year)
        return frozenset(), tuple(range(7))
    first = next((day for day in range(7) if day not in found.weekend and (day - 1) % 7 in found.weekend), 0)
    return frozenset(found), tuple((day - first) % 7 for day in range(7))
