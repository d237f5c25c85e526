"""How often one matter rings: the business day that a moment counts for, and whether a figure is materially worse than those told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.deal import Deal
from bot.language.rates import Range
from bot.playbook.arithmetic import materially_below
from bot.playbook.clock.calendar import WorkingDays

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class BusinessDays:
    """The business days at a deal's place: five a week less its public holidays, on the clock of its zone."""

    zone: ZoneInfo
    days: WorkingDays

    @classmethod
    def of(cls, deal: Deal, zone: str) -> BusinessDays:
        """Those of a deal; `zone` holds for one that names none."""
        return cls(ZoneInfo(deal.timezone or zone), WorkingDays(5, deal.country, deal.state))

    def day(self, moment: datetime) -> date:
        """The business day that a moment (aware) counts for; a weekend or a holiday counts to the next one."""
        return self.days.on_or_after(moment.astimezone(self.zone).date())

    def begins(self, day: date) -> datetime:
        """When a business day begins (aware): a Monday does with the Saturday before, the day after a holiday with that."""
        return datetime.combine(self.days.before(day, 1) + _DAY, time(), self.zone)


def worsened(said: Range | None, told: Iterable[Range | None]) -> bool:
    """Whether a figure lies more than 10 % under the lowest one told; of a range its middle counts. What has no figure cannot be worse."""
    figures = [(low + high) / 2 for low, high in (one for one in told if one is not None)]
    return said is not None and bool(figures) and materially_below(said, min(figures))
