"""The dates of a deal as they come out on the customer's shipping days, moved by what really happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bot.deal import Agreed, Deal
from bot.playbook.clock.calendar import WorkingDays
from bot.playbook.clock.history import Actuals, Happened, History

KICKOFF_BEFORE = 3
"""Office days between kickoff and test start where no kickoff is agreed."""

EMAIL_BEFORE, BRIEF_BEFORE = 3, 1
"""Office days before the kickoff on which the pre-kickoff email is due, and the implementation team briefed."""

EARLY = timedelta(days=21)
"""A pickup this long before the agreed start does not begin the test."""

PICKUPS = 5
"""First pickups that are watched one by one."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The deal with its test where it really lies, the shipping days, and the days that follow from them.

    `office`: the days on which people there can be met.
    `first`: the first pickup's evidence, None while nobody has seen one; `start`: its day, or the day agreed or postponed to;
    `last_test_day`: the last shipping day of the test; `ramp`: the first shipping day at the ramp volume; `check`: the next one.
    """

    deal: Deal
    terms: Deal
    days: WorkingDays
    office: WorkingDays
    first: Happened | None
    start: date
    kickoff: date
    last_test_day: date
    ramp: date
    check: date

    def agreed_on(self, day: date) -> Agreed:
        """The figure agreed for a day: the terms in force then, on the dates as they really lie."""
        there = self.terms.on(day)
        dates = self.deal
        if dates.phase(day) == "after-test":
            return Agreed(there.ramp_per_day, "ramp", dates.ramp_starts, None)
        return Agreed(there.test.volume_per_day, "test", dates.test.starts, dates.test_ends)

    def pickup_day(self, number: int) -> date:
        """The day of the first pickup (1), or of one that follows it."""
        return self.days.after(self.start, number - 1)

    def day_number(self, day: date) -> int:
        """Which calendar day `day` is, the first pickup being on day 1; 0 or less comes before it."""
        return self.deal.test_day(day)


def planned(deal: Deal, history: History, actuals: Actuals | None, today: date) -> Plan:
    """The plan by what is known on `today`."""
    days = WorkingDays.of(deal)
    first = _first_pickup(deal, history, actuals, today)
    mark = history.mark("test-start")
    start = first.day if first and _begins(deal, history, first) else days.on_or_after(mark.day if mark else deal.test.starts)
    moved = deal.model_copy(update={"test": deal.test.model_copy(update={"starts": start}), "amendments": ()})
    office = days.office
    kickoff = deal.kickoff or office.before(days.on_or_after(deal.test.starts), KICKOFF_BEFORE)
    if (postponed := history.mark("kickoff")) is not None:
        kickoff = postponed.day
    ramp = days.on_or_after(moved.ramp_starts)
    last = max(start, days.on_or_before(moved.test_ends))
    return Plan(moved, deal, days, office, first, start, kickoff, last, ramp, days.after(ramp, 1))


def _begins(deal: Deal, history: History, first: Happened) -> bool:
    """Whether the test began with the first pickup known: not where the bot came late, and heard of one that followed others."""
    came_late = history.since is not None and history.since > deal.test.starts
    return not (first.heard and came_late and first.day > deal.test.starts)


def _first_pickup(deal: Deal, history: History, actuals: Actuals | None, today: date) -> Happened | None:
    """The first real sign that packages move: a pickup confirmed, or packages in the feed. A stated volume may be a plan only."""
    seen = [one for one in history.happened if one.kind in ("pickup", "ramped")]
    begins = deal.test.starts - EARLY
    fed = (one for one in actuals.days if one.packages > 0 and begins <= one.day <= today) if actuals else ()
    shipped = min(fed, key=lambda one: one.day, default=None)
    if shipped is not None:
        seen.append(Happened("pickup", shipped.day, f"{shipped.packages:,} packages in the volume feed"))
    mark = history.mark("test-start")
    if mark is not None and mark.state == "done":
        seen.append(Happened("pickup", mark.day, mark.reason or "marked done"))
    return min((one for one in seen if begins <= one.day <= today), key=lambda one: one.day, default=None)
