"""The day's work for one deal: what is due, late, red or newly confirmed, and where the volume stands beside what was said and agreed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.deal import Agreed, Deal
from bot.playbook.clock.enforcement import LOOK_BACK, Ramping
from bot.playbook.clock.evidence import mean
from bot.playbook.clock.history import Actuals, History, OpenFinding, Stated
from bot.playbook.clock.items import Item
from bot.playbook.clock.known import Known, known
from bot.playbook.clock.milestones import Milestone, milestones, upcoming
from bot.playbook.clock.news import news
from bot.playbook.clock.patience import Habits
from bot.playbook.clock.plan import Plan
from bot.playbook.clock.ramp_items import ramp_items
from bot.playbook.clock.reminders import reminders

RUNNING = ("setup", "implementation", "closed-won")
"""Stages in which the clock runs; before them nothing is agreed yet."""


@dataclass(frozen=True, slots=True)
class DealDay:
    """One deal on one day of the customer's calendar.

    `number` of `of`: the calendar day of the test, the first pickup being on day 1; `stated`, `agreed` and `actual` in packages per
    shipping day, `actual` the mean of the last three with data (None: no data); `items`: all that could be told today, whatever patience
    says; `line`: the time line, `next` what comes next on it; `soft`: customers are to be left alone where it can wait.
    """

    plan: Plan
    today: date
    number: int
    of: int
    agreed: Agreed
    stated: Stated | None
    actual: float | None
    ramping: Ramping
    items: tuple[Item, ...]
    findings: tuple[OpenFinding, ...]
    line: tuple[Milestone, ...]
    next: Milestone | None
    soft: bool

    @property
    def deal(self) -> Deal:
        """The deal by its terms, its test where it really lies."""
        return self.plan.deal


def due(deal: Deal, history: History, actuals: Actuals | None, now: datetime, habits: Habits | None = None) -> DealDay:
    """The day's work for one deal at `now` (aware). A deal of standard coverage, or one not agreed yet, has none.

    `actuals` None or without entries means that there are no data, never that nothing was shipped. Raises ValueError for a naive `now`.
    """
    if now.tzinfo is None:
        raise ValueError("now has no time zone")
    habits = habits or Habits()
    today = now.astimezone(ZoneInfo(deal.timezone or habits.zone)).date()
    there = known(deal, history, actuals, today)
    line = milestones(there)
    soft = habits.soft(there.plan.days, today)
    return DealDay(
        plan=there.plan,
        today=today,
        number=there.plan.day_number(today),
        of=there.plan.deal.test_days,
        agreed=there.plan.agreed_on(today),
        stated=history.stated,
        actual=mean(there, today, LOOK_BACK),
        ramping=there.ramping,
        items=_items(there, line, soft=soft) if _runs(deal) else (),
        findings=history.findings,
        line=line,
        next=upcoming(line, today),
        soft=soft,
    )


def _runs(deal: Deal) -> bool:
    return deal.coverage == "white-glove" and (deal.stage in RUNNING or deal.signed is not None)


def _items(there: Known, line: tuple[Milestone, ...], *, soft: bool) -> tuple[Item, ...]:
    """The reds first, then what is late, due, asked, announced and confirmed; each thing once."""
    found = [*ramp_items(there), *reminders(there, line), *news(there, line)]
    order = ("red", "overdue", "due", "ask", "ahead", "confirmed")
    softened = (item.softened(soft=soft) for item in found)
    return tuple(sorted(softened, key=lambda item: order.index(item.state)))
