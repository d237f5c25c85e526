"""One deal in figures: what every number of the portfolio is made of. O(days) for each deal, and small enough to keep for thousands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from bot.deal import Deal, Stage
from bot.playbook.arithmetic import TOLERANCE
from bot.playbook.clock.calendar import Calendar, WorkingDays, calendar_of
from bot.playbook.clock.history import Actuals, History, Stated
from bot.playbook.clock.plan import EARLY, Plan, planned
from bot.playbook.clock.survey import Survey
from bot.playbook.deeds import Limits
from bot.playbook.numbers.lives import Correction, Life, corrections
from bot.playbook.numbers.shipped import Daily, Shipped, shipped

AT_DAYS = (30, 60, 90)
"""Days after the first shipment (which is day 1) at which the volume is held against the agreement."""

SIZES = ((100, "under 100 a day"), (500, "100 to 499 a day"), (2_000, "500 to 1,999 a day"))
LARGEST = "2,000 a day and more"
ORDER = (*(name for _, name in SIZES), LARGEST)

FRESH = 14
"""Calendar days after which a rate is too old to tell what runs now."""

Missing = Literal["standard", "no-data", "not-launched", "test-runs", "review-open", "ramp-ahead", "too-early", "not-due"]
"""Why a deal is not counted in a number."""


@dataclass(frozen=True, slots=True)
class Entered:
    """A stage that a deal came to, and when, on the customer's calendar."""

    stage: Stage
    day: date


@dataclass(frozen=True, slots=True)
class Source:
    """All that is known of a deal on a day. `actuals` None or empty: there are no data, never that nothing was shipped.

    `daily`: the same as columns, which is how thousands of deals come from the store; it counts where both are given.
    `stages` in order, the first being the one in which the bot came to know the deal.
    """

    id: int
    deal: Deal
    history: History
    actuals: Actuals | None
    today: date
    lives: tuple[Life, ...] = ()
    stages: tuple[Entered, ...] = ()
    surveys: tuple[Survey, ...] = ()
    daily: Daily | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """Packages per shipping day that were shipped, beside those agreed."""

    actual: float
    agreed: float


@dataclass(frozen=True, slots=True)
class Facts:
    """A deal in figures; packages per shipping day unless a name says otherwise.

    `due`: the day on which the test was to start; `start`: the first shipment, None while there has been none; `pickup` whether that is
    only known by word; `ramp`: the first day at the ramp volume; `test_ends`: the test's last day; `full`: the day on which the week's
    rate first reached the committed volume; `beside`: actual and agreed at days 30, 60 and 90, or why there is none; `rate`: shipped in the
    last week with data since the test began, beside what was agreed for its days on average; None where that is not known or too long ago;
    `agreed`: today's figure; `said`: the figure stated last, `said_of`: what is agreed for the days that it was about; `signed`: when the
    agreement was.
    """

    id: int
    customer: str
    reps: tuple[tuple[str, str], ...]
    trade: str | None
    country: str
    stage: Stage
    white_glove: bool
    committed: int
    test_level: int
    ramp_level: int
    due: date
    start: date | None
    ramp: date
    test_ends: date
    review_open: bool
    full: date | None
    beside: Mapping[int, Beside | Missing]
    rate: Beside | None
    agreed: int
    said: tuple[float, float] | None
    said_of: int
    prices: tuple[float, ...]
    today: date
    there: Shipped = field(repr=False)
    calendar: Calendar = field(repr=False)
    since: date | None = None
    lives: tuple[Life, ...] = ()
    corrections: tuple[Correction, ...] = ()
    stages: tuple[Entered, ...] = ()
    surveys: tuple[Survey, ...] = ()
    signed: date | None = None

    @property
    def size(self) -> str:
        """The class of size, by the committed packages per shipping day."""
        return next((name for under, name in SIZES if self.committed < under), LARGEST)

    @property
    def quarter(self) -> str:
        """The quarter of the test's start, as "2026 Q4"; the agreed start where nothing has been shipped."""
        day = self.start or self.due
        return f"{day.year} Q{(day.month + 2) // 3}"

    @property
    def leaked(self) -> bool:
        """Whether the volume has fallen again after it was full, by as much as the rep is told of."""
        return self.full is not None and self.rate is not None and self.rate.actual < self.ramp_level * (1 - Limits().leak)


def facts(source: Source) -> Facts:
    """The deal in figures."""
    deal, history, today = source.deal, source.history, source.today
    now = deal.on(today)  # what is agreed for a later day counts from then on
    days = WorkingDays.of(deal)
    daily = source.daily or Daily.of(source.actuals or Actuals())
    there = shipped(days, daily, today)
    first = there.first_shipment(deal.test.starts - EARLY)
    # the plan needs to know of the first packages only; all days would be looked at again, one by one
    plan = planned(deal, history, daily.on(first) if first else None, today)
    start = plan.start if plan.first else None
    mark, review = history.mark("test-start"), history.mark("criteria-review")
    levels = _levels(deal)
    return Facts(
        id=source.id,
        customer=deal.customer,
        reps=tuple((one.id, one.name) for one in deal.people if one.role == "rep"),
        trade=deal.trade,
        country=deal.country,
        stage=deal.stage,
        white_glove=deal.coverage == "white-glove",
        committed=now.volume.committed_per_day,
        test_level=now.test.volume_per_day,
        ramp_level=now.ramp_per_day,
        due=days.on_or_after(mark.day if mark and mark.state == "postponed" else deal.test.starts),
        start=start,
        ramp=plan.ramp,
        test_ends=plan.deal.test_ends,
        review_open=review is not None and review.state == "postponed",
        full=_full(there, start, levels) if start else None,
        beside={number: _beside(plan, there, start, number, today) for number in AT_DAYS},
        rate=_fresh(plan, there, today),
        agreed=plan.agreed_on(today).per_day,
        said=history.stated.per_day if history.stated else None,
        said_of=_agreed_for(plan, history.stated, now, today),
        prices=tuple(one.per_package for one in now.price),
        today=today,
        there=there,
        calendar=calendar_of(days),
        since=history.since,
        lives=source.lives,
        corrections=corrections(source.lives, plan, there, today),
        stages=source.stages,
        surveys=source.surveys,
        signed=deal.signed,
    )


def _agreed_for(plan: Plan, stated: Stated | None, now: Deal, today: date) -> int:
    """What is agreed for the days that a figure was about: those of the day on which it was stated, or the ramp's, if it was about that."""
    level = plan.agreed_on(stated.day if stated else today).per_day
    return now.ramp_per_day if stated and stated.agreed is not None and stated.agreed > level else level


def _levels(deal: Deal) -> list[tuple[int, int]]:
    """The ramp volume agreed, from which day (ordinal) on: it changes with the ledger."""
    changes = sorted({date.min, *(one.effective for one in deal.amendments)})
    return [(day.toordinal(), deal.on(day).ramp_per_day) for day in changes]


def _full(there: Shipped, start: date, levels: list[tuple[int, int]]) -> date | None:
    """The first day from the first shipment on whose week's rate comes within 10 % of the committed volume of that day."""
    last = date.max.toordinal()
    for place, (since, level) in enumerate(levels):
        until = levels[place + 1][0] - 1 if place + 1 < len(levels) else last
        if until < start.toordinal():
            continue
        found = there.first_at(level * (1 - TOLERANCE), max(start.toordinal(), since), until, start.toordinal())
        if found is not None:
            return date.fromordinal(found[0])
    return None


def _beside(plan: Plan, there: Shipped, start: date | None, number: int, today: date) -> Beside | Missing:
    if start is None:
        return "not-launched"
    day = start + timedelta(days=number - 1)
    if day >= today:
        return "too-early"
    if day < plan.ramp:
        return "ramp-ahead"
    rate = there.rate(day.toordinal())
    return "no-data" if rate is None else Beside(rate, plan.agreed_on(day).per_day)


def _fresh(plan: Plan, there: Shipped, today: date) -> Beside | None:
    """The rate of the last week with data, beside what was agreed for its days; None where the data end too long ago."""
    last, start = there.last, plan.start.toordinal()
    if last is None or (today - last).days > FRESH:
        return None
    rate = there.rate(last.toordinal(), start)
    if rate is None:
        return None
    agreed = [plan.agreed_on(date.fromordinal(day)).per_day for day in there.shipping(last.toordinal(), start)]
    return Beside(rate, sum(agreed) / len(agreed))
